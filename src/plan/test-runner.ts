import { programFolders } from './draft.ts';
import { fieldOf } from './json.ts';
import type { Manifest } from './manifest.ts';
import type { ProgramCall } from './programs.ts';
import type { ScriptChoice } from './script-choice.ts';
import { callsOf } from './scripts.ts';
import type { PackageManagerName, TestRunner } from './types.ts';

/** Where a test command is looked at. */
interface Place {
  readonly packageManager: PackageManagerName;
  /** Folder of the package. */
  readonly directory: string;
}

/**
 * The runner behind a test script, where the script is nothing but one plain call of it: then files can be named to it
 * without the script. Scripts before or after it (`pretest`) and what needs a shell leave it whole.
 *
 * @param extra arguments that are handed to the script
 */
export function runnerOfScript(
  manifest: Manifest,
  { script, instead }: ScriptChoice,
  extra: readonly string[],
  place: Place,
): TestRunner | undefined {
  if (instead !== undefined) {
    const [program, ...args] = instead.argv;
    return runnerOfCall(manifest, { program, args: [...args, ...extra], environment: {}, isPlain: true }, place);
  }
  const [call, ...others] = callsOf(manifest, script);
  const hasHooks = manifest.scripts.has(`pre${script}`) || manifest.scripts.has(`post${script}`);
  if (call === undefined || others.length > 0 || hasHooks || !call.isPlain) return undefined;
  const environment = { ...scriptVariables(manifest, script), ...call.environment };
  return runnerOfCall(manifest, { ...call, environment, args: [...call.args, ...extra] }, place);
}

/** The runner that a call starts; undefined for a program that can't be told which files to run. */
export function runnerOfCall(
  manifest: Manifest,
  { program, args, environment }: ProgramCall,
  { packageManager, directory }: Place,
): TestRunner | undefined {
  const isKnown = program === 'node' ? args.includes('--test') : program === 'vitest' || program === 'jest';
  // `yarn run vitest` is the script of that name, where there is one.
  const isScript = packageManager === 'yarn' && program !== 'node' && manifest.scripts.has(program);
  if (!isKnown || isScript) return undefined;
  return {
    program: program as TestRunner['program'],
    // As toolCommand: Yarn finds programs itself.
    starter: packageManager === 'yarn' && program !== 'node' ? ['yarn', 'run'] : [],
    argv: [program, ...args],
    environment,
    path: program === 'node' ? [] : programFolders(packageManager, directory),
  };
}

/** What package managers tell a script of itself and of its package (docs.npmjs.com/cli/using-npm/scripts). */
function scriptVariables({ name, json, scripts }: Manifest, script: string): Readonly<Record<string, string>> {
  const version = fieldOf(json, 'version');
  return {
    npm_lifecycle_event: script,
    npm_lifecycle_script: scripts.get(script) ?? '',
    npm_command: 'run-script',
    ...(name === undefined ? {} : { npm_package_name: name }),
    ...(typeof version === 'string' ? { npm_package_version: version } : {}),
  };
}
