import { execFileSync } from 'node:child_process';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../../tools/install/root.ts';
import { temporaryFolder, writeFiles } from './temporary.ts';

/** A script that passes, and one that fails, for projects without dependencies. */
export const GREEN = 'node -e "console.log(0)"';
export const RED = 'node -e "console.error(1); process.exit(1)"';

/** The scripts that a well-kept project has, all green. */
export const SCRIPTS: Readonly<Record<string, string>> = {
  'format:check': GREEN,
  lint: GREEN,
  typecheck: GREEN,
  test: GREEN,
  build: GREEN,
};

/** Makes a folder a git repository with one commit on `main`. */
export function commitAll(folder: string, message = 'first'): void {
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', folder, '-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args]);
  git('init', '-q', '-b', 'main');
  git('add', '-A');
  git('commit', '-qm', message);
}

/** A copy of an example as a repository of its own, without what is installed or built in it. */
export async function exampleProject(name: string, files: Readonly<Record<string, string>> = {}): Promise<string> {
  const folder = await temporaryFolder();
  const isSource = (path: string) => !/[/\\](node_modules|dist|coverage|\.next)$/.test(path);
  await cp(join(root, 'examples', name), folder, { recursive: true, filter: isSource });
  await writeFiles(folder, files);
  commitAll(folder);
  return folder;
}

/** An npm project without dependencies, committed to git. */
export async function npmProject(
  scripts: Readonly<Record<string, string>> = SCRIPTS,
  files: Readonly<Record<string, string>> = {},
): Promise<string> {
  const folder = await temporaryFolder();
  const manifest = { name: 'project', version: '1.0.0', private: true, scripts };
  const lock = {
    name: 'project',
    version: '1.0.0',
    lockfileVersion: 3,
    requires: true,
    packages: { '': { name: 'project', version: '1.0.0' } },
  };
  await writeFiles(folder, {
    'package.json': JSON.stringify(manifest, undefined, 2),
    'package-lock.json': JSON.stringify(lock, undefined, 2),
    '.gitignore': 'node_modules/\n',
    ...files,
  });
  commitAll(folder);
  return folder;
}
