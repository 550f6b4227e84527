import { copyFile, mkdir, readdir, readFile, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { contains } from '../runtime/files.ts';
import type { Secrets } from '../runtime/secrets.ts';
import type { Outcome, TestOutcome } from './outcome.ts';
import { whyWithheld } from './search.ts';

/** What was gathered for upload. */
export interface Evidence {
  /** Absolute folder; undefined when there is nothing in it. */
  readonly folder: string | undefined;
  /** Paths in that folder of the files of a test. */
  readonly of: (test: TestOutcome) => readonly string[];
  /** Files that stay here, each with the reason. */
  readonly withheld: readonly string[];
  /** Whether the HTML report is among it. */
  readonly hasHtml: boolean;
}

export interface EvidenceWish {
  readonly outcome: Outcome;
  /** Absolute folder of the HTML report; undefined when there is none. */
  readonly html: string | undefined;
  /** Where it is gathered: absolute, made when there is something. */
  readonly into: string;
  /** Folders that files may come from: the workspace and the job's own. */
  readonly within: readonly string[];
  readonly secrets: Pick<Secrets, 'isIn'>;
}

/** Largest file that is searched and taken, in bytes, and all of them together. */
const LARGEST = 64 * 1024 * 1024;
const MOST_BYTES = 512 * 1024 * 1024;
const MOST_FILES = 2_000;
const MOST_TESTS = 50;

const HTML_REPORT = 'html-report/index.html';

/** Copies what shows failed and flaky tests, and the HTML report, after each file was searched for secrets. */
export async function gatherEvidence(wish: EvidenceWish): Promise<Evidence> {
  const taken = new Map<string, string>();
  const withheld: string[] = [];
  let room = MOST_BYTES;
  const take = async (from: string, to: string): Promise<boolean> => {
    if (taken.has(from)) return true;
    const file = await usable(from, wish.within);
    if (file === undefined) return false;
    const reason =
      file.size > Math.min(LARGEST, room) || taken.size >= MOST_FILES
        ? 'it is too large to be searched'
        : whyWithheld(await readFile(file.path), wish.secrets.isIn);
    if (reason !== undefined) {
      withheld.push(`${to}: ${reason}`);
      return false;
    }
    room -= file.size;
    const target = join(wish.into, to);
    await mkdir(dirname(target), { recursive: true });
    await copyFile(file.path, target);
    taken.set(from, to);
    return true;
  };
  const shown = wish.outcome.tests.filter(({ outcome }) => outcome === 'failed' || outcome === 'flaky');
  for (const [index, test] of shown.slice(0, MOST_TESTS).entries()) {
    const folder = `tests/${index + 1}-${slug(test.title)}`;
    for (const [number, { path }] of test.evidence.entries()) {
      await take(path, `${folder}/${number + 1}-${fileName(path)}`);
    }
  }
  // Its first page has the results in it; without that the rest shows nothing.
  if (wish.html !== undefined && (await take(join(wish.html, 'index.html'), HTML_REPORT))) {
    for (const path of await filesIn(wish.html)) {
      const name = relative(wish.html, path);
      // What Playwright puts there: a folder that holds more than the report is not emptied out.
      if (/^(?:data|trace)\//.test(name)) await take(path, `html-report/${name}`);
    }
  }
  return {
    folder: taken.size === 0 ? undefined : wish.into,
    of: (test) => test.evidence.flatMap(({ path }) => taken.get(path) ?? []),
    withheld,
    hasHtml: [...taken.values()].includes(HTML_REPORT),
  };
}

/** No link out of the folders of the job: the report with the paths is the project's word. */
async function usable(path: string, within: readonly string[]): Promise<{ path: string; size: number } | undefined> {
  try {
    const real = await realpath(path);
    const found = await stat(real);
    const isInside = within.some((folder) => contains(folder, real));
    return isInside && found.isFile() ? { path: real, size: found.size } : undefined;
  } catch {
    // It is not there (any more): there is nothing to take.
    return undefined;
  }
}

async function filesIn(folder: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile()).map((entry) => resolve(entry.parentPath, entry.name));
    return files.sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

function slug(title: string): string {
  return (
    title
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .slice(0, 60)
      .replace(/^-+|-+$/g, '') || 'test'
  );
}

/** Letters that artifacts take (actions/upload-artifact). */
function fileName(path: string): string {
  return basename(path)
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .slice(-80);
}
