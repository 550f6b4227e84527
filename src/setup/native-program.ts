import { link, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { contains, exists } from '../runtime/files.ts';
import { isMap } from '../runtime/yaml.ts';
import { unpack } from './archive.ts';
import type { ManagerSource } from './manager-source.ts';
import { programsOf, readPackage } from './package-files.ts';
import { fetchArchive, findVersion } from './registry.ts';
import { loadSemver } from './semver.ts';

/**
 * bun, and pnpm since version 12, are wrappers on the registry: the program is in a package of its own for each
 * platform, named by the wrapper's optional dependencies, and takes the place of the wrapper's programs when it is
 * installed.
 *
 * @param target folder with the unpacked wrapper
 * @throws those of findVersion, fetchArchive and unpack
 */
export async function completePackage(
  target: string,
  { client, cache, environment, platform }: ManagerSource,
): Promise<void> {
  const manifest = await readPackage(target);
  const optional = isMap(manifest['optionalDependencies']) ? manifest['optionalDependencies'] : {};
  const candidates = await nativePackages(String(manifest['name']), platform, cache.arch);
  const found = candidates.find(({ name }) => Object.hasOwn(optional, name));
  const version = found === undefined ? undefined : optional[found.name];
  const { valid } = await loadSemver();
  if (found === undefined || typeof version !== 'string' || valid(version) === null) return;
  const { name, program } = found;
  const archive = await fetchArchive(client, name, await findVersion(client, name, version), undefined);
  const native = join(target, 'node_modules', name);
  await mkdir(native, { recursive: true });
  await unpack({
    archive,
    file: join(target, 'native.tgz'),
    folder: native,
    environment,
    signal: client.signal,
    code: 'PIPE-SETUP-021',
    name: `${name}@${version}`,
  });
  for (const [, path] of programsOf(manifest)) {
    const place = resolve(target, path);
    if (!contains(target, place)) continue;
    await rm(place, { force: true });
    await link(join(native, program), place);
  }
}

interface NativePackage {
  readonly name: string;
  /** Path of the program inside it. */
  readonly program: string;
}

/** The packages that may hold the program for this machine, the best one first. */
async function nativePackages(wrapper: string, platform: string, arch: string): Promise<readonly NativePackage[]> {
  const musl = (await isMusl()) ? '-musl' : '';
  if (wrapper === 'pnpm') return [{ name: `@pnpm/exe.${platform}-${arch}${musl}`, program: 'pnpm' }];
  if (wrapper !== 'bun') return [];
  const base = `@oven/bun-${platform}-${arch === 'arm64' ? 'aarch64' : arch}${musl}`;
  // The usual build needs AVX2; the other one runs on every x64.
  const names = platform === 'linux' && arch === 'x64' && !(await hasAvx2()) ? [`${base}-baseline`, base] : [base];
  return names.map((name) => ({ name, program: 'bin/bun' }));
}

/** Whether the C library is musl: its loader lies in /lib. */
export async function isMusl(): Promise<boolean> {
  const names = (await exists('/lib')) ? await readdir('/lib') : [];
  return names.some((name) => name.startsWith('ld-musl-'));
}

async function hasAvx2(): Promise<boolean> {
  return (await exists('/proc/cpuinfo')) && /^flags\s*:.*\bavx2\b/m.test(await readFile('/proc/cpuinfo', 'utf8'));
}
