import type { LockedPackage } from './locked-packages.ts';
import type { RegistryToken } from './npm-token.ts';
import { INTEGRITY, isBelow } from './private-packages.ts';

/** A package.json and a lockfile for it that name private packages and nothing else: not what those depend on. */
export interface PrivateProject {
  readonly manifest: string;
  readonly lockfile: string;
}

/** Each package under a name of its own, so that versions of one stand beside each other. */
function aliases(packages: readonly LockedPackage[]) {
  const named = packages.map((item, index) => ({
    item,
    alias: `private-${index}`,
    spec: `npm:${item.name}@${item.version}`,
  }));
  const dependencies = Object.fromEntries(named.map(({ alias, spec }) => [alias, spec]));
  return { named, dependencies, manifest: JSON.stringify({ name: 'private', private: true, dependencies }) };
}

/** The archive's address: the lockfile's where it is below the token's registry, else where registries have it. */
function addressOf({ name, version, resolved }: LockedPackage, { registry }: RegistryToken): string {
  if (resolved !== undefined && isBelow(resolved, registry)) return resolved;
  const fragment = /#[0-9a-f]{40}$/.exec(resolved ?? '')?.[0] ?? '';
  return `${registry}/${name}/-/${name.replace(/^@[^/]+\//, '')}-${version}.tgz${fragment}`;
}

/**
 * The format of Yarn 1 (yarnpkg/yarn, src/lockfile). Its store knows a package by the name under which it is asked for, so
 * that versions of one need projects of their own.
 */
export function yarnClassicProjects(
  packages: readonly LockedPackage[],
  token: RegistryToken,
): readonly PrivateProject[] {
  const rounds: Map<string, LockedPackage>[] = [];
  for (const item of packages) {
    const same = (round: Map<string, LockedPackage>) => round.get(item.name);
    if (rounds.some((round) => same(round)?.version === item.version)) continue;
    const free = rounds.find((round) => same(round) === undefined);
    if (free === undefined) rounds.push(new Map([[item.name, item]]));
    else free.set(item.name, item);
  }
  return rounds.map((round) => yarnClassicProject([...round.values()], token));
}

function yarnClassicProject(packages: readonly LockedPackage[], token: RegistryToken): PrivateProject {
  const dependencies = Object.fromEntries(packages.map(({ name, version }) => [name, version]));
  const entries = packages.map((item) => {
    const { name, version, integrity = '' } = item;
    return [
      `${JSON.stringify(`${name}@${version}`)}:`,
      `  version ${JSON.stringify(version)}`,
      `  resolved ${JSON.stringify(addressOf(item, token))}`,
      ...(INTEGRITY.test(integrity) ? [`  integrity ${integrity}`] : []),
      '',
    ].join('\n');
  });
  const manifest = JSON.stringify({ name: 'private', version: '1.0.0', private: true, dependencies });
  return { manifest, lockfile: ['# yarn lockfile v1', '', ...entries].join('\n') };
}

/**
 * The format of Yarn since 2; JSON is YAML.
 *
 * @param format `__metadata.version` of the project's lockfile
 * @param cacheKey `__metadata.cacheKey` of the project's lockfile
 */
export function yarnLockfile(
  packages: readonly LockedPackage[],
  format: string,
  cacheKey: string | undefined,
): PrivateProject {
  const { named, dependencies, manifest } = aliases(packages);
  const entries = named.map(({ item, alias, spec }) => {
    const { name, version, resolved, integrity } = item;
    const archive = resolved === undefined ? '' : `::__archiveUrl=${encodeURIComponent(resolved)}`;
    const checksum = integrity === undefined ? {} : { checksum: integrity };
    const entry = { version, resolution: `${name}@npm:${version}${archive}`, ...checksum };
    return [`${alias}@${spec}`, { ...entry, languageName: 'node', linkType: 'hard' }] as const;
  });
  const root = {
    version: '0.0.0-use.local',
    resolution: 'private@workspace:.',
    languageName: 'unknown',
    linkType: 'soft',
  };
  const metadata = { version: Number(format), ...(cacheKey === undefined ? {} : { cacheKey }) };
  const lockfile = {
    __metadata: metadata,
    ...Object.fromEntries(entries),
    'private@workspace:.': { ...root, dependencies },
  };
  return { manifest, lockfile: JSON.stringify(lockfile, undefined, 1) };
}

/** bun.lock (bun.com/docs/install/lockfile). */
export function bunLockfile(packages: readonly LockedPackage[], token: RegistryToken): PrivateProject {
  const { named, dependencies, manifest } = aliases(packages);
  const entries = named.map(({ item, alias }) => {
    const { name, version, integrity = '' } = item;
    return [
      alias,
      [`${name}@${version}`, addressOf(item, token), {}, INTEGRITY.test(integrity) ? integrity : ''],
    ] as const;
  });
  const lockfile = {
    lockfileVersion: 1,
    workspaces: { '': { name: 'private', dependencies } },
    packages: Object.fromEntries(entries),
  };
  return { manifest, lockfile: JSON.stringify(lockfile, undefined, 1) };
}
