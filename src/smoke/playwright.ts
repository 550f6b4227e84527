import { dirname, join, relative, resolve, sep } from 'node:path';
import { ConfigurationError, shown } from '../runtime/errors.ts';
import { exists, insideWorkspace, readTextFile } from '../runtime/files.ts';
import { isMap } from '../runtime/yaml.ts';

/** The project's own Playwright. */
export interface Playwright {
  readonly version: string;
  /** Absolute path of the script that is its command line. */
  readonly cli: string;
}

const ENDINGS = ['ts', 'js', 'mts', 'mjs', 'cts', 'cjs'] as const;

/**
 * Playwright's configuration.
 *
 * @param given as the caller wrote it, from the folder
 * @returns its absolute path; undefined when there is none and none was named
 * @throws ConfigurationError PIPE-SMOKE-001 when the one that was named is not there
 */
export async function findConfig(
  folder: string,
  given: string | undefined,
  workspace: string,
): Promise<string | undefined> {
  if (given === undefined) {
    for (const ending of ENDINGS) {
      const path = join(folder, `playwright.config.${ending}`);
      if (await exists(path)) return path;
    }
    return undefined;
  }
  const path = await insideWorkspace(workspace, resolve(folder, given));
  if (path !== undefined && (await exists(path))) return path;
  throw new ConfigurationError({
    code: 'PIPE-SMOKE-001',
    what: 'there is no such configuration of Playwright in the repository',
    given: shown(given, 200),
    accepted: 'a file of the repository, from `working-directory`',
    example: '`config: e2e/playwright.config.ts`',
    state: 'nothing was tested',
  });
}

/**
 * The installed Playwright that a file in this folder would load: from the nearest node_modules upwards.
 *
 * @returns undefined when none is installed
 */
export async function findPlaywright(folder: string, workspace: string): Promise<Playwright | undefined> {
  for (const place of upwards(folder, workspace)) {
    const home = join(place, 'node_modules/@playwright/test');
    const text = await readTextFile(join(home, 'package.json'));
    if (text === undefined) continue;
    const fields: unknown = JSON.parse(text);
    const version = isMap(fields) ? fields['version'] : undefined;
    if (typeof version === 'string' && /^\d+\.\d+\.\d+/.test(version)) return { version, cli: join(home, 'cli.js') };
  }
  return undefined;
}

/** A folder and those above it, up to the workspace. */
export function upwards(folder: string, workspace: string): readonly string[] {
  const steps = relative(workspace, folder)
    .split(sep)
    .filter((part) => part !== '').length;
  const folders = [folder];
  for (let step = 0; step < steps; step += 1) folders.push(dirname(folders.at(-1) ?? workspace));
  return folders;
}

/** @throws ConfigurationError PIPE-SMOKE-002 */
export function notInstalled(config: string, workspace: string): ConfigurationError {
  return new ConfigurationError({
    code: 'PIPE-SMOKE-002',
    what: 'there is a configuration of Playwright, and Playwright is not installed',
    given: shown(relative(workspace, config), 200),
    accepted: '`@playwright/test` in node_modules',
    example: '`- uses: org/pipelines/actions/setup@v1`',
    remedy: 'install the project in a step before; with Yarn’s Plug’n’Play name a `command`',
    state: 'nothing was tested',
  });
}
