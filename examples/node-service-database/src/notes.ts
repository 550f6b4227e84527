/** What the service asks of the database; a pool of `pg` is one. */
export interface Database {
  query(text: string, values?: unknown[]): Promise<{ rows: unknown[] }>;
}

export interface NewNote {
  email: string;
  text: string;
  title: string | null;
}

/** Reads a note from the body of a request; returns what is wrong with it as text. */
export function readNote(body: unknown): NewNote | string {
  const { email, text, title = null } = (body ?? {}) as Record<string, unknown>;
  if (typeof email !== 'string' || !/^\S+@\S+$/.test(email)) return 'email must be an address';
  if (typeof text !== 'string' || text === '') return 'text must not be empty';
  if (title !== null && typeof title !== 'string') return 'title must be a text';
  return { email, text, title };
}

/** Keeps a note, and its author when that is the first one. */
export async function addNote(database: Database, { email, text, title }: NewNote) {
  const { rows } = await database.query(
    `WITH author AS (
       INSERT INTO "User" (email) VALUES ($1)
       ON CONFLICT (email) DO UPDATE SET email = excluded.email RETURNING id
     )
     INSERT INTO "Note" (text, title, "authorId") SELECT $2, $3, id FROM author
     RETURNING id, text, title, "createdAt"`,
    [email, text, title],
  );
  return rows[0];
}

/** The newest 100 notes, with their authors. */
export async function listNotes(database: Database) {
  const { rows } = await database.query(
    `SELECT note.id, note.text, note.title, note."createdAt", author.email
     FROM "Note" note JOIN "User" author ON author.id = note."authorId"
     ORDER BY note.id DESC LIMIT 100`,
  );
  return rows;
}
