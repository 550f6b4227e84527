/** A process environment: names to values. */
export type Environment = Readonly<Record<string, string>>;

/** Names that reach a GitHub Actions step but are none of the project's business. */
const RUNNER_ONLY = [
  /^ACTIONS_/i,
  /^INPUT_/i,
  /^STATE_/i,
  /^GITHUB_(TOKEN|ENV|PATH|OUTPUT|STATE|STEP_SUMMARY)$/i,
  /^GH_TOKEN$/i,
  /^GH_ENTERPRISE_TOKEN$/i,
  /^GITHUB_ENTERPRISE_TOKEN$/i,
];

/** Snapshot of an environment without the holes that `process.env` has in its type. */
export function environmentOf(source: NodeJS.ProcessEnv): Environment {
  const entries = Object.entries(source).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(entries);
}

/**
 * The environment in which project code runs: the step's own without tokens of the runner, action inputs and state,
 * and the files by which a step could change later steps. `CI` is set so that watch modes end by themselves.
 */
export function projectEnvironment(environment: Environment, additions: Environment = {}): Environment {
  const kept = Object.entries(environment).filter(([name]) => !RUNNER_ONLY.some((pattern) => pattern.test(name)));
  return { ...Object.fromEntries(kept), CI: 'true', ...additions };
}
