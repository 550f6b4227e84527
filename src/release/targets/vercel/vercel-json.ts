import { join } from 'node:path';
import { ConfigurationError, shown } from '../../../runtime/errors.ts';
import { readTextFile } from '../../../runtime/files.ts';
import { textOf } from '../../../runtime/json.ts';
import type { Log } from '../../../runtime/log.ts';
import { isMap } from '../../../runtime/yaml.ts';
import { mapOf } from './api.ts';
import type { Folders } from './output.ts';

/** What the project's files say of its deployments. */
export interface ProjectFiles {
  /** Of vercel.json: what goes into the request as it is. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly env: Readonly<Record<string, string>>;
  readonly buildEnv: Readonly<Record<string, string>>;
  readonly meta: Readonly<Record<string, string>>;
  /** Settings of the build that differ from the project's. */
  readonly overrides: Readonly<Record<string, unknown>>;
  /** `24.x`, as package.json asks for it; undefined: the project's setting counts. */
  readonly nodeVersion: string | undefined;
}

/** Keys of vercel.json that are not part of a deployment, or that have a place of their own in the request. */
const NOT_SENT = new Set(['$schema', 'scope', 'github', 'public', 'images', 'name', 'env', 'build', 'meta', 'version']);

const OVERRIDES = {
  buildCommand: 'buildCommand',
  devCommand: 'devCommand',
  framework: 'framework',
  ignoreCommand: 'commandForIgnoringBuildStep',
  installCommand: 'installCommand',
  outputDirectory: 'outputDirectory',
} as const;

/**
 * Reads vercel.json (of the root directory; where there is none, of the base) and package.json.
 *
 * @throws ConfigurationError PIPE-VERCEL-008 one of them is not JSON, or a variable in it is no text
 */
export async function readProjectFiles({ base, root }: Folders, log: Pick<Log, 'annotate'>): Promise<ProjectFiles> {
  const config = (await jsonFile(root, 'vercel.json')) ?? (await jsonFile(base, 'vercel.json')) ?? {};
  const manifest = (await jsonFile(root, 'package.json')) ?? (await jsonFile(base, 'package.json')) ?? {};
  const overrides = Object.entries(OVERRIDES).flatMap(([name, as]) => {
    return config[name] === undefined ? [] : [[as, config[name]] as const];
  });
  return {
    config: Object.fromEntries(Object.entries(config).filter(([name]) => !NOT_SENT.has(name))),
    env: variables(config['env'], 'env'),
    buildEnv: variables(mapOf(config['build'])['env'], 'build.env'),
    meta: variables(config['meta'], 'meta'),
    overrides: Object.fromEntries(overrides),
    nodeVersion: await nodeVersionOf(textOf(mapOf(manifest['engines'])['node']), log),
  };
}

async function jsonFile(folder: string, name: string): Promise<Readonly<Record<string, unknown>> | undefined> {
  const text = await readTextFile(join(folder, name));
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    if (isMap(value)) return value;
  } catch {
    // Said below.
  }
  throw wrongFile(name, 'something else than a JSON object');
}

function variables(value: unknown, name: string): Readonly<Record<string, string>> {
  const entries = Object.entries(mapOf(value)).map(([key, item]): [string, string] => {
    if (typeof item === 'string') return [key, item];
    throw wrongFile('vercel.json', `${shown(`${name}.${key}`)} is no text`);
  });
  return Object.fromEntries(entries);
}

function wrongFile(name: string, given: string): ConfigurationError {
  return new ConfigurationError({
    code: 'PIPE-VERCEL-008',
    what: `${name} can't be read`,
    given,
    accepted: 'JSON as https://vercel.com/docs/project-configuration describes it',
    state: 'nothing was staged',
  });
}

/** Versions of Node.js on Vercel, newest first (vercel.com/docs/functions/runtimes/node-js/node-js-versions). */
const NODE_VERSIONS = ['24.x', '22.x', '20.x'];

async function nodeVersionOf(range: string, log: Pick<Log, 'annotate'>): Promise<string | undefined> {
  if (range === '') return undefined;
  const { default: semver } = await import('semver');
  const isRange = semver.validRange(range) !== null;
  const found = isRange ? NODE_VERSIONS.find((version) => semver.intersects(version, range)) : undefined;
  if (found === undefined) {
    const known = NODE_VERSIONS.join(', ');
    log.annotate(
      'warning',
      `Vercel runs Node.js ${known}; package.json asks for ${shown(range)}, so that the project's setting counts.`,
    );
  }
  return found;
}
