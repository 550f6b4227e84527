import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { access, mkdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { TestPackage } from '../support/registry/registry.ts';

const run = promisify(execFile);
const folder = fileURLToPath(new URL('../../.tools/setup-packages/', import.meta.url));

/** Real releases of the package managers that the tests install, by version. */
export const REAL = {
  npm: '11.6.0',
  pnpm: '10.34.9',
  oldPnpm: '8.15.9',
  nativePnpm: '12.21.0',
  classicYarn: '1.22.22',
  secondYarn: '2.4.2',
  oldYarn: '3.8.7',
  yarn: '4.12.0',
  oldBun: '1.1.38',
  bun: '1.3.5',
} as const;

/** bun's program is in a package for each platform. */
export const NATIVE_BUN = `@oven/bun-${process.platform}-${process.arch === 'arm64' ? 'aarch64' : process.arch}`;

/** pnpm 12 has its program in a package for each platform. */
export const NATIVE_PACKAGE = `@pnpm/exe.${process.platform}-${process.arch}`;

/**
 * A published package as the registry of this machine serves it, to be served again by a stand-in. It is fetched once
 * and kept in the folder of development tools.
 */
export async function realPackage(name: string, version: string): Promise<TestPackage> {
  const file = join(folder, `${name.replace('@', '').replace('/', '-')}-${version}.tgz`);
  if (!(await isThere(file))) await fetchTo(file, `${name}@${version}`);
  return { name, version, archive: await readFile(file) };
}

async function fetchTo(file: string, spec: string): Promise<void> {
  const target = join(folder, randomUUID());
  await mkdir(target, { recursive: true });
  const { stdout } = await run('npm', ['pack', spec, '--silent', '--pack-destination', target], { cwd: folder });
  await rename(join(target, stdout.trim()), file);
  await rm(target, { recursive: true });
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
