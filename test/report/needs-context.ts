import { type Definition, definitionOfDone } from '../../src/report/definition.ts';
import type { Needs } from '../../src/report/needs.ts';
import { needsKind } from '../../src/report/needs.ts';

export const KINDS = ['format', 'lint', 'typecheck', 'test', 'build'] as const;

type Outputs = Readonly<Record<string, string>>;

/** A job of the `needs` context. */
export function job(result: string, outputs: Outputs = {}): { result: string; outputs: Outputs } {
  return { result, outputs };
}

/** The output `plan` of a check. */
export function plan(kinds: readonly string[], more: Record<string, unknown> = {}): string {
  return JSON.stringify({ kinds, notChecked: [], decisions: [], ...more });
}

/** One task of the output `results`. */
export function task(kind: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  const base = { id: kind, kind, package: 'shop', directory: '.', command: `npm run ${kind}`, result: 'passed' };
  return { ...base, duration: 1_000, ...more };
}

/** The same in a package of a workspace. */
export function packageTask(directory: string, kind: string, more: Record<string, unknown> = {}) {
  return task(kind, { id: `${directory}:${kind}`, package: directory.split('/').at(-1), directory, ...more });
}

export function results(tasks: readonly unknown[], more: Record<string, unknown> = {}): string {
  return JSON.stringify({ tasks, ...more });
}

/** A check in which every kind passed but those given. */
export function check(
  result: string,
  changed: Readonly<Record<string, Record<string, unknown>>> = {},
  more: Outputs = {},
) {
  const tasks = KINDS.map((kind) => task(kind, changed[kind]));
  return job(result, { plan: plan(KINDS), results: results(tasks), ...more });
}

export const RED_TEST = {
  result: 'failed',
  reason: 'exit status 1',
  problems: [{ file: 'test/health.test.ts', line: 12, message: 'expected 200 to be 503', tool: 'vitest' }],
};

/** The `needs` context as the action reads it. */
export async function needs(jobs: Readonly<Record<string, unknown>>): Promise<Needs> {
  return needsKind().fromText(JSON.stringify(jobs), { workspace: '/' });
}

/** The Definition of Done of a run with these jobs. */
export async function define(
  jobs: Readonly<Record<string, unknown>>,
  required: readonly string[] = [],
): Promise<Definition> {
  return definitionOfDone(await needs(jobs), required);
}

/** Lines as `name: state`. */
export function states({ lines }: Definition): Record<string, string> {
  return Object.fromEntries(lines.map(({ name, state }) => [name, state]));
}
