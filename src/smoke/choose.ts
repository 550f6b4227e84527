import { join, relative } from 'node:path';
import { displayCommand, parseCommandLine } from '../gate/command-line.ts';
import { ConfigurationError, shown } from '../runtime/errors.ts';
import { readTextFile } from '../runtime/files.ts';
import { jsonMap } from '../runtime/json.ts';
import { isMap } from '../runtime/yaml.ts';
import { nearestLockfiles } from '../setup/lockfiles.ts';
import type { SmokeInputs } from './inputs.ts';
import { findConfig, findPlaywright, notInstalled, type Playwright, upwards } from './playwright.ts';

/** What tests the address. */
export type Tests =
  | { readonly kind: 'playwright'; readonly playwright: Playwright; readonly config: string }
  | {
      readonly kind: 'command';
      readonly argv: readonly [string, ...string[]];
      /** Why this: the input, or the script. */
      readonly why: string;
    }
  | { readonly kind: 'built-in' };

/** Script of package.json that tests a running application, by the name that its users gave it. */
const SCRIPT = 'test:e2e';

/**
 * The command given, else Playwright by its configuration, else the script `test:e2e`, else the built-in test.
 *
 * @throws ConfigurationError PIPE-SMOKE-001 no such configuration, PIPE-SMOKE-002 Playwright is not installed,
 * PIPE-SMOKE-003 a command that needs a shell, PIPE-SMOKE-004 inputs that this kind of test does not take
 */
export async function chooseTests(given: SmokeInputs, workspace: string): Promise<Tests> {
  const folder = given.workingDirectory;
  if (given.command !== undefined) {
    refuseInputs(given, ['config', 'project', 'grep', 'shard', 'retries'], 'a `command` says all of that itself');
    const parsed = parseCommandLine(given.command);
    if ('argv' in parsed) return { kind: 'command', argv: parsed.argv, why: 'the input `command`' };
    throw new ConfigurationError({
      code: 'PIPE-SMOKE-003',
      what: `\`command\` can't be run: ${parsed.problem}`,
      given: shown(given.command, 200),
      accepted: 'a program and its arguments, without a shell',
      example: '`command: npm run test:smoke`',
      state: 'nothing was tested',
    });
  }
  const config = await findConfig(folder, given.config, workspace);
  if (config !== undefined) {
    const playwright = await findPlaywright(folder, workspace);
    if (playwright === undefined) throw notInstalled(config, workspace);
    return { kind: 'playwright', playwright, config };
  }
  refuseInputs(given, ['project', 'grep', 'shard'], 'there is no configuration of Playwright here');
  if (!(await hasScript(folder, workspace))) return { kind: 'built-in' };
  refuseInputs(given, ['retries'], `the script \`${SCRIPT}\` says that itself`);
  const [lockfile] = await nearestLockfiles(workspace, upwards(folder, workspace));
  return {
    kind: 'command',
    argv: [lockfile?.manager ?? 'npm', 'run', SCRIPT],
    why: `the script \`${SCRIPT}\` of ${relative(workspace, join(folder, 'package.json'))}`,
  };
}

async function hasScript(folder: string, workspace: string): Promise<boolean> {
  const text = await readTextFile(join(folder, 'package.json'), undefined, workspace);
  if (text === undefined) return false;
  // A package.json that is no JSON has no scripts; whoever installs it says so.
  const scripts = jsonMap(text.replace(/^\uFEFF/, ''))?.['scripts'];
  return isMap(scripts) && typeof scripts[SCRIPT] === 'string';
}

type PlaywrightInput = 'config' | 'project' | 'grep' | 'shard' | 'retries';

function refuseInputs(given: SmokeInputs, names: readonly PlaywrightInput[], why: string): void {
  const wrong = names.filter((name) => given[name] !== undefined);
  if (wrong.length === 0) return;
  throw new ConfigurationError({
    code: 'PIPE-SMOKE-004',
    what: `${wrong.map((name) => `\`${name}\``).join(', ')} can't be obeyed: ${why}`,
    accepted: 'these inputs with a configuration of Playwright and without `command`',
    remedy: 'leave them out, or name the configuration with `config`',
    state: 'nothing was tested',
  });
}

/** How a kind of test is called in the log. */
export function describeTests(tests: Tests, workspace: string): string {
  if (tests.kind === 'command') return `${displayCommand(tests.argv)} (${tests.why})`;
  if (tests.kind === 'built-in') return 'the built-in test';
  return `Playwright ${tests.playwright.version} with ${relative(workspace, tests.config)}`;
}
