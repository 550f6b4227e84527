import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { root } from '../install/root.ts';

export interface SourceFile {
  /** From the root of the repository. */
  readonly path: string;
  readonly text: string;
}

/** The workflows of this repository, public and own. */
export const workflows = (): Promise<SourceFile[]> => filesIn('.github/workflows', /\.ya?ml$/);

/** The files that callers copy. */
export const callers = (): Promise<SourceFile[]> => filesIn('examples/callers', /\.ya?ml$/);

/** Every action.yml. */
export async function actionFiles(): Promise<SourceFile[]> {
  const rootAction = { path: 'action.yml', text: await readFile(join(root, 'action.yml'), 'utf8') };
  return [rootAction, ...(await filesIn('actions', /^action\.yml$/))];
}

async function filesIn(folder: string, name: RegExp): Promise<SourceFile[]> {
  const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile() && name.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(
    paths.sort().map(async (path) => ({ path: relative(root, path), text: await readFile(path, 'utf8') })),
  );
}

/**
 * The text as checkers can read it that do not know `cache-mode` yet (platform: 2026-09-10; actionlint 1.7.12, language
 * service 0.3.61): a comment of the same length stands for it. A mode that GitHub does not have stays and is reported.
 */
export function withoutCacheMode(text: string): string {
  return text.replace(/^( +)cache-mode: (?:none|read|write|write-only)$/gm, (line, indent: string) => {
    return `${indent}#`.padEnd(line.length, '.');
  });
}
