import { NOT_FOUND } from '../github/answers.ts';
import { ask, hasCode } from '../github/ask.ts';
import type { GitHub } from '../github/client.ts';
import type { AnswerOf } from '../github/types.ts';

/** What a release changes. Titles and names of migrations are foreign texts. */
export interface Changes {
  /** Commit that serves; empty where it is not known. */
  readonly since: string;
  /** How the released commit is to it; `unknown` where one of them is not known. */
  readonly status: 'ahead' | 'behind' | 'identical' | 'diverged' | 'unknown';
  /** How many commits come. */
  readonly commits: number;
  /** The first of them, the oldest first. */
  readonly list: readonly { readonly commit: string; readonly title: string }[];
  /** Migrations that come, as many as there is room for. */
  readonly migrations: readonly string[];
  /** How many migrations come; undefined where that can't be told. */
  readonly migrationCount: number | undefined;
  /** GitHub's page that compares; empty without. */
  readonly page: string;
}

/** Rows of each list, the length of a title, and bytes of all of it as JSON. */
const MOST_ROWS = 50;
const LONGEST = 120;
const LIMIT = 16 * 1_024 - 256;

/** GitHub lists no more files of a comparison. */
const MOST_FILES = 300;

/** Prisma's folders, and numbered files in a folder of that name. */
const MIGRATION = /(?:^|\/)migrations\/(?:([^/]+)\/migration\.sql|(\d[^/]*\.(?:sql|sh|py|[cm]?[jt]s)))$/;

/** Where nothing is known of what serves: everything counts as new. */
export const UNKNOWN: Changes = {
  ...{ since: '', status: 'unknown', commits: 0, list: [], migrations: [], migrationCount: undefined, page: '' },
};

type Comparison = AnswerOf<'/repos/{owner}/{repo}/compare/{basehead}', 'GET'>;

/**
 * What came between two commits (REST API, "Compare two commits").
 *
 * @param folder of migrations that neither Prisma nor numbers name
 */
export async function changesBetween(
  since: string,
  commit: string,
  folder: string | undefined,
  github: GitHub,
): Promise<Changes> {
  try {
    const answer = await ask(github, 'GET', '/repos/{owner}/{repo}/compare/{basehead}', {
      doing: `compare ${since.slice(0, 8)} with ${commit.slice(0, 8)}`,
      permission: 'contents: read',
      path: { basehead: `${since}...${commit}` },
      query: { per_page: MOST_ROWS },
    });
    return changesOf(answer, since, folder);
  } catch (error) {
    // A commit that no branch has any more may be gone.
    if (hasCode(error, NOT_FOUND)) return UNKNOWN;
    throw error;
  }
}

/** The part of a comparison that is told. */
export function changesOf(
  { status, total_commits: commits, commits: listed, files = [], html_url: page }: Comparison,
  since: string,
  folder: string | undefined,
): Changes {
  const changed = files.filter(({ status: how }) => how !== 'removed' && how !== 'unchanged');
  const names = [...new Set(changed.flatMap(({ filename }) => migrationIn(filename, folder) ?? []))].sort();
  return fitting({
    since,
    status,
    commits,
    list: listed.slice(0, MOST_ROWS).map(({ sha, commit }) => {
      return { commit: sha, title: (commit.message.split('\n', 1)[0] ?? '').slice(0, LONGEST) };
    }),
    migrations: names.slice(0, MOST_ROWS).map((name) => name.slice(0, LONGEST)),
    migrationCount: files.length < MOST_FILES ? names.length : undefined,
    page: page.slice(0, 1_000),
  });
}

/** Commits give way first, then names of migrations; the counts stay. */
function fitting(changes: Changes): Changes {
  const { list, migrations } = changes;
  if (Buffer.byteLength(JSON.stringify(changes)) <= LIMIT) return changes;
  if (list.length > 0) return fitting({ ...changes, list: list.slice(0, -1) });
  return migrations.length === 0 ? changes : fitting({ ...changes, migrations: migrations.slice(0, -1) });
}

/** The migration that a file is or belongs to. */
function migrationIn(file: string, folder: string | undefined): string | undefined {
  if (folder !== undefined && file.startsWith(`${folder}/`)) return file.slice(folder.length + 1);
  const [, ofFolder, ofFile] = MIGRATION.exec(file) ?? [];
  return ofFolder ?? ofFile;
}

/**
 * Whether migrations may have to be applied: also where nobody knows, and where the two databases did not have the same
 * last one.
 */
export function mayMigrate(
  { status, migrationCount }: Pick<Changes, 'status' | 'migrationCount'>,
  lastMigration: { readonly verified: string; readonly serving: string },
): boolean {
  if (status === 'unknown' || migrationCount === undefined || migrationCount > 0) return true;
  return lastMigration.verified !== '' && lastMigration.verified !== lastMigration.serving;
}
