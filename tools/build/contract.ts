import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Action } from '../../src/runtime/action.ts';
import { COMMON_OUTPUTS } from '../../src/runtime/outputs.ts';
import type { WorkflowContract } from './workflow-contract.ts';

/** What callers rely on, without its prose: changing it may break them. */
export interface Contract {
  readonly major: number;
  readonly actions: Readonly<Record<string, { readonly inputs: Interface; readonly outputs: Interface }>>;
  readonly workflows: Readonly<
    Record<
      string,
      {
        readonly inputs: Interface;
        readonly secrets: Interface;
        readonly outputs: Interface;
        readonly permissions: Interface;
      }
    >
  >;
}

/** Names to what is promised of each: `optional boolean`, `required string`, `write`. */
type Interface = Readonly<Record<string, string>>;

export function contractOf(
  major: number,
  actions: readonly Action[],
  workflows: readonly WorkflowContract[],
): Contract {
  return {
    major,
    actions: Object.fromEntries(
      actions.map(({ name, inputs, outputs }) => [
        name,
        {
          inputs: mapped(
            inputs,
            ({ kind, required }) => `${required === true ? 'required' : 'optional'}: ${kind.accepted}`,
          ),
          outputs: mapped({ ...outputs, ...COMMON_OUTPUTS }, ({ kind }) => kind),
        },
      ]),
    ),
    workflows: Object.fromEntries(
      workflows.map(({ name, inputs, secrets, outputs, permissions }) => [
        name,
        {
          inputs: mapped(
            inputs,
            (input) =>
              `${input.required ? 'required' : 'optional'} ${input.type}, default ${JSON.stringify(input.default ?? '')}`,
          ),
          secrets: mapped(secrets, ({ required }) => (required ? 'required' : 'optional')),
          outputs: mapped(outputs, () => 'string'),
          permissions: mapped(permissions, (access) => access),
        },
      ]),
    ),
  };
}

function mapped<T>(record: Readonly<Record<string, T>>, describe: (value: T) => string): Interface {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, describe(value)]));
}

/** What would break a caller of `before` who gets `after`, one sentence each; empty when nothing would. */
export function breakingChanges(before: Contract, after: Contract): string[] {
  const actions = Object.entries(before.actions).flatMap(([name, old]) => {
    const now = after.actions[name];
    if (now === undefined) return [`the action ${name} is gone`];
    return [
      ...removed(`${name}: input`, old.inputs, now.inputs),
      ...added(`${name}: input`, old.inputs, now.inputs),
      ...removed(`${name}: output`, old.outputs, now.outputs),
    ];
  });
  const workflows = Object.entries(before.workflows).flatMap(([name, old]) => {
    const now = after.workflows[name];
    if (now === undefined) return [`the workflow ${name} is gone`];
    return [
      ...removed(`${name}: input`, old.inputs, now.inputs),
      ...added(`${name}: input`, old.inputs, now.inputs),
      ...removed(`${name}: secret`, old.secrets, now.secrets),
      ...added(`${name}: secret`, old.secrets, now.secrets),
      ...removed(`${name}: output`, old.outputs, now.outputs),
      ...grown(`${name}: permission`, old.permissions, now.permissions),
    ];
  });
  return [...actions, ...workflows];
}

function removed(what: string, before: Interface, after: Interface): string[] {
  return Object.entries(before).flatMap(([name, promise]) => {
    const now = after[name];
    if (now === undefined) return [`${what} ${name} is gone`];
    // More may be accepted than before; what was optional may not become required, nor change its form.
    if (
      now !== promise &&
      (formOf(now) !== formOf(promise) || now.startsWith('required') !== promise.startsWith('required'))
    ) {
      return [`${what} ${name} was "${promise}" and is "${now}"`];
    }
    return [];
  });
}

/** `optional string, default "x"` is of the form `string, default "x"`; an action's accepted text may be reworded. */
function formOf(promise: string): string {
  return promise.replace(/^(optional|required)(: .*| )/, '');
}

function added(what: string, before: Interface, after: Interface): string[] {
  return Object.entries(after).flatMap(([name, promise]) => {
    return before[name] === undefined && promise.startsWith('required') ? [`${what} ${name} is new and required`] : [];
  });
}

/** A permission that callers have not granted yet stops their runs before they start. */
function grown(what: string, before: Interface, after: Interface): string[] {
  return Object.entries(after).flatMap(([name, access]) => {
    if (before[name] === access || before[name] === 'write') return [];
    return [`${what} ${name}: ${access} is asked for, callers granted ${before[name] ?? 'none'}`];
  });
}

/** Where the contract of the current major version is recorded. */
export const CONTRACT_FILE = 'docs/contract.json';

/**
 * Records the contract.
 *
 * @throws Error when it breaks callers of the recorded one and the major version was not raised
 */
export async function recordContract(root: string, contract: Contract): Promise<void> {
  const path = join(root, CONTRACT_FILE);
  const recorded = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (recorded !== undefined) {
    const before = JSON.parse(recorded) as Contract;
    const breaks = breakingChanges(before, contract);
    if (breaks.length > 0 && contract.major <= before.major) {
      throw new Error(
        `this breaks callers of v${before.major}; raise the major version in package.json:\n${breaks.join('\n')}`,
      );
    }
  }
  await writeFile(path, `${JSON.stringify(contract, undefined, 2)}\n`);
}
