import { either, list } from '../runtime/collections.ts';
import type { InputValues } from '../runtime/inputs.ts';
import { boolean, enumeration, secret, string, workspacePath } from '../runtime/kinds.ts';

export const inputs = {
  'working-directory': {
    kind: workspacePath({ example: 'apps/api' }),
    description:
      'Folder of the project. Version files and the lockfile are looked for in it, then in the folders above.',
    default: '.',
  },
  'node-version': {
    kind: string({ example: '24', limit: 256 }),
    description:
      'Version, line, range or alias of Node (`24`, `>=22 <25`, `lts/*`, `latest`, `system`). Without it the first of these decides, in the nearest folder that has one: .nvmrc, .node-version, `devEngines.runtime` and `volta.node` of package.json; then `engines.node` and .tool-versions.',
  },
  'package-manager': {
    kind: string({ example: 'pnpm@10', limit: 512 }),
    description:
      'Package manager, with or without a version: `npm`, `pnpm`, `yarn` or `bun`. Without it `packageManager`, `devEngines.packageManager` or the lockfile decides.',
  },
  install: {
    kind: either([boolean(), list(installArgument(), { example: '--ignore-scripts', max: 20 })], {
      example: '--ignore-scripts',
    }),
    description:
      'Whether to install from the lockfile as it is (`npm ci`, `pnpm install --frozen-lockfile`, `yarn install --immutable`, `bun install --frozen-lockfile`); or further arguments for that, one a line.',
    default: 'true',
  },
  cache: {
    kind: boolean(),
    description:
      'Whether to keep the package store in the cache of GitHub Actions. An entry is a hint for speed, never evidence: npm and Yarn since 2 check every package in it against the lockfile; pnpm, Yarn 1 and bun trust their store. Say `false` in jobs that hold credentials.',
    default: 'true',
  },
  'warm-install': {
    kind: enumeration(['auto', 'always', 'never']),
    description:
      'Whether to put the installed tree back from the cache instead of installing, where that is safe: only for the very same lockfile, settings, patches, Node and machine. `auto` does it for pull requests and the merge queue, which deliver nothing: unlike packages, installed files have no hashes in the lockfile. The log says why where it installs all the same.',
    default: 'auto',
  },
  'npm-token': {
    kind: secret({ example: '${{ secrets.NPM_TOKEN }}' }),
    description:
      'Token that reads private packages. It goes to one registry (`npm-registry`) and is gone before a script of the project or of a package runs; `.npmrc` needs no line for it.',
  },
  'npm-registry': {
    kind: string({ example: 'https://npm.example.com/', limit: 512 }),
    description: 'The registry that `npm-token` is for. Default: the one that npm is set up for outside the project.',
  },
  'node-mirror': {
    kind: string({
      accepted: 'an http or https address',
      example: 'https://nodejs.org/dist',
      pattern: /^https?:\/\/[^\s?#@]+$/,
      limit: 512,
    }),
    description:
      'Site that Node is downloaded from. Whatever it is, the checksums need a signature by a release key of Node.',
    default: 'https://nodejs.org/dist',
  },
} as const;

export const outputs = {
  'node-version': { kind: 'string', description: 'Version of Node that the next steps use, without `v`.' },
  'package-manager': { kind: 'string', description: 'Package manager with its version, such as `pnpm@10.34.9`.' },
  'cache-hit': { kind: 'boolean', description: 'Whether the cache had an entry of this very lockfile.' },
} as const;

/** A long option that does not undo what the install promises: frozen, from the chosen registry, into this project. */
function installArgument() {
  const kept =
    'frozen-lockfile|lockfile|lockfile-only|lockfile-dir|fix-lockfile|package-lock|package-lock-only|prefer-frozen-lockfile|userconfig|globalconfig|registry|prefix|dir|global|location|cache|store-dir|config|immutable|immutable-cache|pure-lockfile|refresh-lockfile|save-text-lockfile|yarn|modules-folder|cache-folder|cache-dir|cwd|use-yarnrc';
  return string({
    accepted:
      'a long option with its value behind `=`, other than those of lockfile, registry, folder and configuration',
    example: '--ignore-scripts',
    pattern: new RegExp(`^--(?!(?:no-)?(?:${kept})(?:[=.]|$)|mode=update-lockfile)[a-z][a-z0-9-]*(?:=\\S+)?$`),
    limit: 256,
  });
}

export type SetupInputs = InputValues<typeof inputs>;
