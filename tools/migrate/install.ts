import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installPackages } from '../install/npm.ts';
import { installPythonTools } from '../install/python.ts';

const requirements = fileURLToPath(new URL('requirements.txt', import.meta.url));
const prisma6 = fileURLToPath(new URL('prisma-6', import.meta.url));
const prisma8 = fileURLToPath(new URL('prisma-8', import.meta.url));
const prisma = fileURLToPath(new URL('prisma', import.meta.url));

/**
 * squawk, the linter of PostgreSQL migrations, from its wheel at the pinned hash.
 *
 * @returns path of the program
 */
export async function installSquawk(): Promise<string> {
  return join(await installPythonTools('squawk', requirements), 'squawk');
}

/**
 * Prisma's CLI with its schema engine as WebAssembly and the driver that the engine speaks through.
 *
 * @returns the folder of node_modules
 */
export function installPrisma(): Promise<string> {
  return installPackages('prisma', prisma);
}

/**
 * The last Prisma 6, with the same parts.
 *
 * @returns the folder of node_modules
 */
export function installPrisma6(): Promise<string> {
  return installPackages('prisma-6', prisma6);
}

/**
 * Prisma 8, which needs no engine: a release candidate.
 *
 * @returns the folder of node_modules
 */
export function installPrisma8(): Promise<string> {
  return installPackages('prisma-8', prisma8);
}

/** Where packages put PostgreSQL's server programs, a folder a major version (Debian, then Red Hat and Homebrew). */
const PLACES = ['/usr/lib/postgresql', '/usr', '/opt/homebrew/opt', '/usr/local/opt'] as const;

/**
 * The folder of PostgreSQL's server programs (initdb, postgres, pg_dump), of the newest version that is installed.
 *
 * @throws Error that says what to install
 */
export async function findPostgres(): Promise<string> {
  const folders = await Promise.all(PLACES.map(candidatesIn));
  for (const folder of folders.flat()) {
    if (await isFile(join(folder, 'initdb'))) return folder;
  }
  throw new Error('PostgreSQL is not installed: apt-get install postgresql (macOS: brew install postgresql)');
}

async function candidatesIn(place: string): Promise<readonly string[]> {
  const names = await readdir(place).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const versions = names.filter((name) => /^(postgresql@|pgsql-)?\d+$/.test(name));
  return versions.sort((a, b) => majorOf(b) - majorOf(a)).map((name) => join(place, name, 'bin'));
}

function majorOf(name: string): number {
  return Number(/\d+$/.exec(name)?.[0]);
}

async function isFile(path: string): Promise<boolean> {
  return await stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}
