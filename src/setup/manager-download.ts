import { createHash } from 'node:crypto';
import { chmod, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { ConfigurationError } from '../runtime/errors.ts';
import { contains, exists } from '../runtime/files.ts';
import { isMap } from '../runtime/yaml.ts';
import { unpack } from './archive.ts';
import type { ManagerName } from './lockfiles.ts';
import type { ManagerInstallation, ManagerSource } from './manager-source.ts';
import { completePackage } from './native-program.ts';
import { programsOf, readPackage } from './package-files.ts';
import type { StatedHash } from './package-manager.ts';
import { fetchArchive, findVersion } from './registry.ts';
import { loadSemver } from './semver.ts';
import { publicationOf, statedContent } from './stated-hash.ts';
import { addTool, cachedVersions, type ToolCache, toolFolder } from './tool-cache.ts';

/** Hashes of what a tool was unpacked from, so that a stated one can be compared later. */
const HASHES = 'hashes.json';
const ALGORITHMS = ['sha1', 'sha224', 'sha256', 'sha384', 'sha512'] as const;

/** The newest one in the tool cache that fits and, where the project states a hash, was unpacked from that archive. */
export async function cachedManager(
  name: ManagerName,
  version: string,
  hash: StatedHash | undefined,
  cache: ToolCache,
): Promise<ManagerInstallation | undefined> {
  const { maxSatisfying } = await loadSemver();
  const newest = maxSatisfying([...(await cachedVersions(cache, name))], version);
  if (newest === null) return undefined;
  const folder = toolFolder(cache, name, newest);
  if (!(await exists(join(folder, 'bin', name)))) return undefined;
  if (hash !== undefined && (await recordedHash(folder, hash.algorithm)) !== hash.hex) return undefined;
  return { name, version: newest, folder: join(folder, 'bin'), origin: 'tool cache' };
}

async function recordedHash(folder: string, algorithm: StatedHash['algorithm']): Promise<unknown> {
  try {
    const recorded: unknown = JSON.parse(await readFile(join(folder, HASHES), 'utf8'));
    return isMap(recorded) ? recorded[algorithm] : undefined;
  } catch {
    // Without a record it is downloaded again, and checked.
    return undefined;
  }
}

/**
 * Downloads a package manager from the registry into the tool cache: `package/` as published, `bin/` with its programs.
 *
 * @throws those of findVersion and fetchArchive; ConfigurationError PIPE-SETUP-021 the archive is not usable
 */
export async function downloadManager(
  name: ManagerName,
  wanted: string,
  hash: StatedHash | undefined,
  source: ManagerSource,
): Promise<ManagerInstallation> {
  const { client, cache, environment } = source;
  const publication = publicationOf(name, await isYarnClassic(wanted));
  const { registryName, hashedFile } = publication;
  const found = await findVersion(client, registryName, wanted);
  const { version } = found;
  const archive = await fetchArchive(client, registryName, found, hashedFile === undefined ? hash : undefined);
  const { signal } = client;
  const folder = await addTool(cache, name, version, async (staging) => {
    const target = join(staging, 'package');
    const file = `${staging}.tgz`;
    await mkdir(target);
    await unpack({
      archive,
      file,
      folder: target,
      environment,
      signal,
      code: 'PIPE-SETUP-021',
      name: `${name}@${version}`,
    });
    const stated = { hash, what: `${name}@${version}`, url: found.archive };
    const content = await statedContent(publication, archive, target, stated);
    await completePackage(target, source);
    await linkPrograms(staging, target, `${name}@${version}`, name);
    const hashes = ALGORITHMS.map((algorithm) => [algorithm, createHash(algorithm).update(content).digest('hex')]);
    await writeFile(join(staging, HASHES), JSON.stringify(Object.fromEntries(hashes)));
  });
  return { name, version, folder: join(folder, 'bin'), origin: 'download' };
}

/** Whether a range asks for Yarn 1: whether its lowest version is one. */
async function isYarnClassic(range: string): Promise<boolean> {
  const { minVersion } = await loadSemver();
  return (minVersion(range)?.major ?? 2) < 2;
}

async function linkPrograms(staging: string, target: string, what: string, name: string): Promise<void> {
  const programs = programsOf(await readPackage(target));
  await mkdir(join(staging, 'bin'));
  for (const [program, path] of programs) {
    const file = resolve(target, path);
    if (!/^[a-z][a-z0-9-]{0,40}$/.test(program) || !contains(target, file) || !(await exists(file))) continue;
    await chmod(file, 0o755);
    await symlink(relative(join(staging, 'bin'), file), join(staging, 'bin', program));
  }
  if (await exists(join(staging, 'bin', name))) return;
  throw new ConfigurationError({
    code: 'PIPE-SETUP-021',
    what: `the archive of ${what} has no program named ${name}`,
    accepted: 'a package as its publisher made it',
    remedy: 'use another version or another registry',
    state: 'nothing was left in the tool cache',
  });
}
