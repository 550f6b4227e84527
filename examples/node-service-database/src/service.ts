import type { IncomingMessage, ServerResponse } from 'node:http';
import { addNote, type Database, listNotes, readNote } from './notes.ts';

/** Bytes of a body. */
const LONGEST = 65_536;

interface Answer {
  status: number;
  body: unknown;
}

/** What answers the requests. `fail` gets the errors that a client only sees as 500 or 503. */
export function answerBy(database: Database, version: string, fail: (error: unknown) => void) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { status, body } = await route(request, database, version).catch((error: unknown) => {
      fail(error);
      return { status: 500, body: { error: 'The service failed.' } };
    });
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  };

  async function route(request: IncomingMessage, database: Database, version: string) {
    switch (`${request.method} ${request.url}`) {
      case 'GET /health':
        return await health(database, version);
      case 'GET /notes':
        return { status: 200, body: { notes: await listNotes(database) } };
      case 'POST /notes':
        return await create(request, database);
      default:
        return { status: 404, body: { error: 'There is nothing here.' } };
    }
  }

  async function health(database: Database, version: string): Promise<Answer> {
    try {
      await database.query('SELECT 1');
      return { status: 200, body: { status: 'ok', version } };
    } catch (error) {
      fail(error);
      return { status: 503, body: { status: 'no database', version } };
    }
  }
}

async function create(request: IncomingMessage, database: Database): Promise<Answer> {
  const text = await bodyOf(request);
  if (text === undefined) return { status: 413, body: { error: 'The body is too long.' } };
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return { status: 400, body: { error: 'The body is not JSON.' } };
  }
  const note = readNote(body);
  if (typeof note === 'string') return { status: 422, body: { error: note } };
  return { status: 201, body: await addNote(database, note) };
}

async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > LONGEST) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
