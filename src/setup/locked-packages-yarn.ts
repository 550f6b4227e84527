import { isMap, parseYaml } from '../runtime/yaml.ts';
import type { LockedPackage } from './locked-packages.ts';
import { brokenLockfile } from './lockfiles.ts';
import { mapAt } from './manifest.ts';

/**
 * The packages of a yarn.lock of Yarn 1, and of what bun prints of a bun.lockb: blocks of a heading and lines below it
 * (yarnpkg/yarn, src/lockfile/parse.js). Only what has an address of the web or none: no folders and no git
 * repositories.
 */
export function packagesOfYarnClassic(text: string): readonly LockedPackage[] {
  return text.split(/\r?\n(?=\S)/).flatMap((block) => {
    const [heading = '', ...lines] = block.split(/\r?\n/);
    // `"alias@npm:@acme/real@^1.0.0", name@^1.0.0:`
    const [, pattern = ''] = /^"?((?:@[^@"/]+\/)?[^@"]+@[^",]*)/.exec(heading) ?? [];
    const alias = /@npm:((?:@[^@/]+\/)?[^@]+)(?:@|$)/.exec(pattern)?.[1];
    const name = alias ?? pattern.slice(0, pattern.indexOf('@', 1));
    const field = (key: string) => {
      const line = lines.find((candidate) => candidate.startsWith(`  ${key} `) || candidate.startsWith(`  "${key}" `));
      return line === undefined
        ? undefined
        : line
            .trim()
            .slice(key.length)
            .trim()
            .replace(/^"(.*)"$/, '$1');
    };
    const version = field('version');
    const resolved = field('resolved');
    if (name === '' || version === undefined || (resolved !== undefined && !/^https?:/.test(resolved))) return [];
    return [{ name, version, resolved, integrity: field('integrity') }];
  });
}

/** What a yarn.lock of Yarn 2 and later says of itself. */
export interface YarnMetadata {
  /** Of the format. */
  readonly version: string;
  readonly cacheKey: string | undefined;
}

/** The metadata, from the first lines; undefined in a lockfile of Yarn 1. */
export function yarnMetadata(text: string): YarnMetadata | undefined {
  const [, block] = /^__metadata:\r?\n((?:[^\S\n]+.*\r?\n)+)/m.exec(text.slice(0, 4_096)) ?? [];
  const version = /^\s+version: (\d{1,3})\s*$/m.exec(block ?? '')?.[1];
  if (version === undefined) return undefined;
  return { version, cacheKey: /^\s+cacheKey: ['"]?([0-9a-z]{1,20})['"]?\s*$/m.exec(block ?? '')?.[1] };
}

/**
 * The packages of a yarn.lock of Yarn 2 and later that come from a registry; `integrity` is Yarn's own checksum.
 *
 * @throws ConfigurationError PIPE-SETUP-015 when it is no such lockfile
 */
export async function packagesOfYarn(text: string, place: string): Promise<readonly LockedPackage[]> {
  const parsed = await parseYaml(text);
  if ('problem' in parsed) throw brokenLockfile(place, parsed.problem);
  const lockfile = isMap(parsed.value) ? parsed.value : {};
  return Object.keys(lockfile).flatMap((key) => {
    const { resolution, checksum } = mapAt(lockfile, key);
    // `@acme/name@npm:1.0.0`, `@acme/name@npm:1.0.0::__archiveUrl=https%3A%2F%2F…`
    const [, name, version, archive] =
      /^((?:@[^@/]+\/)?[^@]+)@npm:([^:]+)(?:::__archiveUrl=([^&]+))?$/.exec(String(resolution)) ?? [];
    if (name === undefined || version === undefined) return [];
    const resolved = archive === undefined ? undefined : decoded(archive);
    return [{ name, version, resolved, integrity: typeof checksum === 'string' ? checksum : undefined }];
  });
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    // No address then: its package is asked for by name.
    return undefined;
  }
}
