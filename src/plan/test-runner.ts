import { programFolders } from './draft.ts';
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
    return runnerOfCall({ program, args: [...args, ...extra], environment: {}, isPlain: true }, place);
  }
  const [call, ...others] = callsOf(manifest, script);
  const hasHooks = manifest.scripts.has(`pre${script}`) || manifest.scripts.has(`post${script}`);
  if (call === undefined || others.length > 0 || hasHooks || !call.isPlain) return undefined;
  return runnerOfCall({ ...call, args: [...call.args, ...extra] }, place);
}

/** The runner that a call starts; undefined for a program that can't be told which files to run. */
export function runnerOfCall(
  { program, args, environment }: ProgramCall,
  { packageManager, directory }: Place,
): TestRunner | undefined {
  const isKnown = program === 'node' ? args.includes('--test') : program === 'vitest' || program === 'jest';
  if (!isKnown) return undefined;
  return {
    program: program as TestRunner['program'],
    // As toolCommand: Yarn finds programs itself.
    starter: packageManager === 'yarn' && program !== 'node' ? ['yarn', 'run'] : [],
    argv: [program, ...args],
    environment,
    path: program === 'node' ? [] : programFolders(packageManager, directory),
  };
}
