import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { temporaryFolder } from '../support/temporary.ts';
import type { Tree } from './repository.ts';

/** The package managers whose lockfiles are generated; `yarn` is Yarn 4, `yarn1` the classic one. */
export const MANAGERS = ['npm', 'pnpm', 'yarn', 'yarn1'] as const;
export type MonorepoManager = (typeof MANAGERS)[number];

const VERSIONS: Readonly<Record<MonorepoManager, string>> = {
  npm: 'npm@11.6.0',
  pnpm: 'pnpm@10.20.0',
  yarn: 'yarn@4.10.3',
  yarn1: 'yarn@1.22.22',
};

export const LOCKFILES: Readonly<Record<MonorepoManager, string>> = {
  npm: 'package-lock.json',
  pnpm: 'pnpm-lock.yaml',
  yarn: 'yarn.lock',
  yarn1: 'yarn.lock',
};

/** A package of the workspace: the packages and the packages of the registry that it depends on, by number. */
export interface Member {
  readonly folder: string;
  readonly name: string;
  readonly inside: readonly number[];
  readonly outside: readonly number[];
}

/** A generated workspace. Packages of the registry are `ext-0`, `ext-1`…, each needs some with lower numbers. */
export interface Monorepo {
  readonly manager: MonorepoManager;
  readonly members: readonly Member[];
  /** Patch version of each package of the registry. */
  readonly versions: readonly number[];
}

/** Numbers from 0 to below 1, the same for a seed (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export function below(random: () => number, limit: number): number {
  return Math.floor(random() * limit);
}

/** A workspace of `count` packages, each of which depends on up to three before it and on some of the registry. */
export function monorepo(manager: MonorepoManager, count: number, seed: number, externals = 60): Monorepo {
  const random = randomOf(seed);
  const several = (most: number, limit: number) =>
    limit === 0 ? [] : [...new Set(Array.from({ length: below(random, most + 1) }, () => below(random, limit)))];
  const members = Array.from({ length: count }, (_, index) => ({
    folder: `packages/p${index}`,
    name: `@m/p${index}`,
    // Mostly neighbours, so that a change does not reach everything.
    inside: several(2, Math.min(index, 12)).map((step) => index - 1 - step),
    outside: several(2, externals),
  }));
  return { manager, members, versions: Array.from({ length: externals }, () => 0) };
}

/** What a package of the registry needs. */
function needsOf(external: number): readonly number[] {
  return [external - 7, external - 20].filter((other) => other >= 0);
}

const INTEGRITY = `sha512-${'A'.repeat(86)}==`;

function version({ versions }: Monorepo, external: number): string {
  return `1.0.${versions[external] ?? 0}`;
}

function range(manager: MonorepoManager): string {
  return manager === 'pnpm' || manager === 'yarn' ? 'workspace:*' : '*';
}

function dependenciesOf(repo: Monorepo, member: Member): Readonly<Record<string, string>> {
  const names = member.inside.map((index) => [repo.members[index]?.name ?? '', range(repo.manager)]);
  return Object.fromEntries([...names, ...member.outside.map((external) => [`ext-${external}`, '^1.0.0'])]);
}

/** The manifests and the lockfile of a workspace. */
export function manifestsOf(repo: Monorepo): Tree {
  const { manager, members } = repo;
  const root = {
    name: 'monorepo',
    private: true,
    packageManager: VERSIONS[manager],
    ...(manager === 'pnpm' ? {} : { workspaces: ['packages/*'] }),
    devDependencies: { 'ext-0': '^1.0.0' },
  };
  const own = members.map((member) => {
    const scripts = { build: 'tsc -p .', test: 'node --test' };
    const manifest = { name: member.name, version: '1.0.0', scripts, dependencies: dependenciesOf(repo, member) };
    return [`${member.folder}/package.json`, manifest] as const;
  });
  return {
    'package.json': root,
    ...Object.fromEntries(own),
    ...(manager === 'pnpm' ? { 'pnpm-workspace.yaml': "packages: ['packages/*']\n" } : {}),
    [LOCKFILES[manager]]: lockfileOf(repo),
  };
}

/** The whole workspace: manifests, lockfile, turbo.json, root configuration, and two sources for each package. */
export function treeOf(repo: Monorepo): Tree {
  const sources = repo.members.flatMap(({ folder, name }) => [
    [`${folder}/src/index.js`, `export const name = '${name}';\n`] as const,
    [`${folder}/README.md`, `# ${name}\n`] as const,
  ]);
  return {
    ...manifestsOf(repo),
    'turbo.json': { tasks: { build: { dependsOn: ['^build'] }, test: {} } },
    'tsconfig.base.json': '{}',
    'README.md': '# Monorepo\n',
    '.gitignore': 'node_modules\n',
    ...Object.fromEntries(sources),
  };
}

function lockfileOf(repo: Monorepo): string {
  if (repo.manager === 'npm') return npmLock(repo);
  if (repo.manager === 'pnpm') return pnpmLock(repo);
  return repo.manager === 'yarn' ? yarnLock(repo) : yarnClassicLock(repo);
}

function npmLock(repo: Monorepo): string {
  const { members, versions } = repo;
  const packages: Record<string, object> = {
    '': { name: 'monorepo', workspaces: ['packages/*'], devDependencies: { 'ext-0': '^1.0.0' } },
  };
  for (const external of versions.keys()) {
    packages[`node_modules/ext-${external}`] = {
      version: version(repo, external),
      resolved: `https://registry.example/ext-${external}-${version(repo, external)}.tgz`,
      integrity: INTEGRITY,
      dependencies: Object.fromEntries(needsOf(external).map((other) => [`ext-${other}`, '^1.0.0'])),
    };
  }
  for (const member of members) {
    packages[`node_modules/${member.name}`] = { resolved: member.folder, link: true };
    packages[member.folder] = { name: member.name, version: '1.0.0', dependencies: dependenciesOf(repo, member) };
  }
  return JSON.stringify({ name: 'monorepo', lockfileVersion: 3, requires: true, packages }, undefined, 2);
}

function pnpmLock(repo: Monorepo): string {
  const { members, versions } = repo;
  const resolved = (external: number) =>
    `      ext-${external}:\n        specifier: ^1.0.0\n        version: ${version(repo, external)}\n`;
  const link = (name: string, to: string) =>
    `      '${name}':\n        specifier: workspace:*\n        version: link:../${to.slice('packages/'.length)}\n`;
  const importers = members.map(({ folder, inside, outside }) => {
    const links = inside.map((index) => link(repo.members[index]?.name ?? '', repo.members[index]?.folder ?? ''));
    const list = [...links, ...outside.map(resolved)].join('');
    return list === '' ? `  ${folder}: {}\n` : `  ${folder}:\n    dependencies:\n${list}`;
  });
  const packages = [...versions.keys()].map(
    (external) => `  ext-${external}@${version(repo, external)}:\n    resolution: {integrity: ${INTEGRITY}}\n`,
  );
  const snapshots = [...versions.keys()].map((external) => {
    const needs = needsOf(external).map((other) => `      ext-${other}: ${version(repo, other)}\n`);
    const key = `  ext-${external}@${version(repo, external)}:`;
    return needs.length === 0 ? `${key} {}\n` : `${key}\n    dependencies:\n${needs.join('')}`;
  });
  return [
    "lockfileVersion: '9.0'\n",
    'settings:\n  autoInstallPeers: true\n  excludeLinksFromLockfile: false\n',
    `importers:\n  .:\n    devDependencies:\n${resolved(0)}${importers.join('')}`,
    `packages:\n${packages.join('')}`,
    `snapshots:\n${snapshots.join('')}`,
  ].join('\n');
}

function yarnLock(repo: Monorepo): string {
  const { members, versions } = repo;
  const list = (entries: readonly (readonly [string, string])[]) =>
    entries.length === 0
      ? ''
      : `  dependencies:\n${entries.map(([name, wanted]) => `    ${name.startsWith('@') ? `"${name}"` : name}: "${wanted}"\n`).join('')}`;
  const externals = [...versions.keys()].map((external) =>
    [
      `"ext-${external}@npm:^1.0.0":\n  version: ${version(repo, external)}\n`,
      `  resolution: "ext-${external}@npm:${version(repo, external)}"\n`,
      list(needsOf(external).map((other) => [`ext-${other}`, 'npm:^1.0.0'] as const)),
      '  checksum: 10c0/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n',
      '  languageName: node\n  linkType: hard\n',
    ].join(''),
  );
  const own = members.map((member) => {
    const inside = member.inside.map((index) => [repo.members[index]?.name ?? '', 'workspace:*'] as const);
    const outside = member.outside.map((external) => [`ext-${external}`, 'npm:^1.0.0'] as const);
    return [
      `"${member.name}@workspace:*, ${member.name}@workspace:${member.folder}":\n  version: 0.0.0-use.local\n`,
      `  resolution: "${member.name}@workspace:${member.folder}"\n`,
      list([...inside, ...outside]),
      '  languageName: unknown\n  linkType: soft\n',
    ].join('');
  });
  const root = `"monorepo@workspace:.":\n  version: 0.0.0-use.local\n  resolution: "monorepo@workspace:."\n${list([['ext-0', 'npm:^1.0.0']])}  languageName: unknown\n  linkType: soft\n`;
  return [`__metadata:\n  version: 8\n  cacheKey: 10c0\n`, ...externals, ...own, root].join('\n');
}

function yarnClassicLock(repo: Monorepo): string {
  const entries = [...repo.versions.keys()].map((external) => {
    const needs = needsOf(external).map((other) => `    ext-${other} "^1.0.0"\n`);
    return [
      `ext-${external}@^1.0.0:\n  version "${version(repo, external)}"\n`,
      `  resolved "https://registry.example/ext-${external}-${version(repo, external)}.tgz#0000000000000000000000000000000000000000"\n`,
      `  integrity ${INTEGRITY}\n`,
      needs.length === 0 ? '' : `  dependencies:\n${needs.join('')}`,
    ].join('');
  });
  return ['# THIS IS AN AUTOGENERATED FILE. DO NOT EDIT DIRECTLY.\n# yarn lockfile v1\n\n', ...entries].join('\n');
}

/** Writes files into a folder, JSON for what is no text. */
export async function writeTree(folder: string, tree: Tree): Promise<void> {
  const made = new Set<string>();
  for (const [path, content] of Object.entries(tree)) {
    const parent = dirname(join(folder, path));
    if (!made.has(parent)) await mkdir(parent, { recursive: true });
    made.add(parent);
    await writeFile(
      join(folder, path),
      typeof content === 'string' ? content : `${JSON.stringify(content, undefined, 2)}\n`,
    );
  }
}

/** Runs git in a folder, with an identity, and returns what it printed. */
export function git(folder: string, ...args: readonly string[]): string {
  const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@example.com', '-c', 'commit.gpgSign=false'];
  const guard = ['-c', 'protocol.file.allow=always', '-c', 'gc.auto=0'];
  return execFileSync('git', ['-C', folder, ...identity, ...guard, ...args], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  }).trim();
}

/** Commits everything. @returns the commit */
export function commit(folder: string, message = 'change'): string {
  git(folder, 'add', '--all');
  git(folder, 'commit', '--quiet', '--allow-empty', '--message', message);
  return git(folder, 'rev-parse', 'HEAD');
}

/** A repository on the branch `main` with one commit of these files. */
export async function committed(tree: Tree): Promise<string> {
  const folder = await temporaryFolder();
  git(folder, 'init', '--quiet', '--initial-branch=main');
  await writeTree(folder, tree);
  commit(folder, 'first');
  return folder;
}
