import type { GateResults } from '../../src/gate/results.ts';
import { runSource } from '../support/run-source.ts';

export interface GateRun {
  readonly exitCode: number | null;
  readonly log: string;
  readonly results: GateResults;
  readonly outputs: Readonly<Record<string, string>>;
}

/** Runs the action `gate` from its source in a process of its own, with what the runner gives it. */
export async function runGateAction(
  workspace: string,
  inputs: Readonly<Record<string, string>>,
  environment: Readonly<Record<string, string>> = {},
): Promise<GateRun> {
  const { exitCode, log, outputs } = await runSource({ action: 'gate', workspace, inputs, environment });
  const results = JSON.parse(outputs['results'] || '{"tasks":[]}') as GateResults;
  return { exitCode, log, results, outputs };
}

/** Result of each task by its id; `reused` for one that was not run again. */
export function conclusions({ results }: GateRun): Readonly<Record<string, string>> {
  return Object.fromEntries(
    results.tasks.map(({ id, result, reused }) => [id, reused === undefined ? result : 'reused']),
  );
}
