import { dirname } from 'node:path';

/** A process environment: names to values. */
export type Environment = Readonly<Record<string, string>>;

/** Names that reach a GitHub Actions step but are none of the project's business. */
const RUNNER_ONLY = [
  /^ACTIONS_/i,
  /^INPUT_/i,
  /^STATE_/i,
  /^GITHUB_(TOKEN|ENV|PATH|OUTPUT|STATE|STEP_SUMMARY|ARTIFACTS|ARTIFACTS_LIST)$/i,
  /^GH_TOKEN$/i,
  /^GH_ENTERPRISE_TOKEN$/i,
  /^GITHUB_ENTERPRISE_TOKEN$/i,
];

/** Variables that name a file by which a step speaks to the runner; the others of its kind lie in the same folder. */
const STEP_FILES = ['GITHUB_OUTPUT', 'GITHUB_ENV', 'GITHUB_PATH', 'GITHUB_STATE', 'GITHUB_STEP_SUMMARY'];

/** Snapshot of an environment without the holes that `process.env` has in its type. */
export function environmentOf(source: NodeJS.ProcessEnv): Environment {
  const entries = Object.entries(source).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(entries);
}

/**
 * The environment in which project code runs: the step's own without tokens of the runner, action inputs and state,
 * and the files by which a step could change later steps, also those that a newer runner adds. `CI` is set so that
 * watch modes end by themselves.
 */
export function projectEnvironment(environment: Environment, additions: Environment = {}): Environment {
  const folders = new Set(STEP_FILES.flatMap((name) => (environment[name] ? [dirname(environment[name])] : [])));
  const kept = Object.entries(environment).filter(([name, value]) => {
    if (RUNNER_ONLY.some((pattern) => pattern.test(name))) return false;
    return !(/^GITHUB_/i.test(name) && value.includes('/') && folders.has(dirname(value)));
  });
  return { ...Object.fromEntries(kept), CI: 'true', ...additions };
}
