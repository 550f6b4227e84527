import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { actions } from '../../src/actions.ts';
import { breakingChanges, CONTRACT_FILE, type Contract, contractOf } from '../../tools/build/contract.ts';
import { workflowContracts } from '../../tools/build/workflow-contract.ts';
import { root } from '../../tools/install/root.ts';

const recorded = JSON.parse(await readFile(join(root, CONTRACT_FILE), 'utf8')) as Contract;

describe('the recorded contract', () => {
  it('is what actions and workflows promise today', async () => {
    const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
    const doors = await Promise.all(Object.values(actions).map(async (load) => (await load()).action));
    expect(contractOf(Number.parseInt(version, 10), doors, await workflowContracts(root))).toEqual(recorded);
  });

  it('breaks no caller of itself', () => {
    expect(breakingChanges(recorded, recorded)).toEqual([]);
  });
});

const before: Contract = {
  major: 1,
  actions: {
    scan: { inputs: { severity: 'optional: a list', image: 'required: a text' }, outputs: { passed: 'boolean' } },
  },
  workflows: {
    check: {
      inputs: { gate: 'optional string, default ""' },
      secrets: { 'npm-token': 'optional' },
      outputs: { done: 'string' },
      permissions: { contents: 'read', 'pull-requests': 'write' },
    },
  },
};

type Change = (contract: Contract) => unknown;
const scan = (contract: Contract) =>
  contract.actions['scan'] as { inputs: Record<string, string>; outputs: Record<string, string> };
const check = (contract: Contract) =>
  contract.workflows['check'] as Record<'inputs' | 'secrets' | 'outputs' | 'permissions', Record<string, string>>;

function breaks(change: Change): string[] {
  const copy = structuredClone(before);
  change(copy);
  return breakingChanges(before, copy);
}

describe('a change of the contract', () => {
  it.each<[string, Change]>([
    ['a new optional input', (contract) => Object.assign(scan(contract).inputs, { timeout: 'optional: a duration' })],
    [
      'an input that need not be given any more',
      (contract) => Object.assign(scan(contract).inputs, { severity: 'optional: a list or one word' }),
    ],
    ['a new output', (contract) => Object.assign(check(contract).outputs, { url: 'string' })],
    ['a permission less', (contract) => delete check(contract).permissions['pull-requests']],
    [
      'a permission that only reads now',
      (contract) => Object.assign(check(contract).permissions, { 'pull-requests': 'read' }),
    ],
    ['a new action', (contract) => Object.assign(contract.actions, { image: { inputs: {}, outputs: {} } })],
  ])('breaks nobody: %s', (_, change) => {
    expect(breaks(change)).toEqual([]);
  });

  it.each<[string, Change, string]>([
    ['an input that is gone', (contract) => delete scan(contract).inputs['severity'], 'scan: input severity is gone'],
    [
      'an input that is required now',
      (contract) => Object.assign(scan(contract).inputs, { severity: 'required: a list' }),
      'severity was',
    ],
    [
      'a new input that is required',
      (contract) => Object.assign(scan(contract).inputs, { path: 'required: a path' }),
      'path is new and required',
    ],
    ['an output that is gone', (contract) => delete scan(contract).outputs['passed'], 'output passed is gone'],
    [
      'an output of another form',
      (contract) => Object.assign(scan(contract).outputs, { passed: 'json' }),
      'output passed was "boolean" and is "json"',
    ],
    [
      'an action that is gone',
      (contract) => delete (contract.actions as Record<string, unknown>)['scan'],
      'the action scan is gone',
    ],
    [
      'a workflow that is gone',
      (contract) => delete (contract.workflows as Record<string, unknown>)['check'],
      'the workflow check is gone',
    ],
    [
      'an input of another type',
      (contract) => Object.assign(check(contract).inputs, { gate: 'optional number, default ""' }),
      'gate was',
    ],
    [
      'another default',
      (contract) => Object.assign(check(contract).inputs, { gate: 'optional string, default "off"' }),
      'gate was',
    ],
    [
      'a secret that is required now',
      (contract) => Object.assign(check(contract).secrets, { 'npm-token': 'required' }),
      'npm-token was',
    ],
    [
      'a permission more',
      (contract) => Object.assign(check(contract).permissions, { packages: 'write' }),
      'packages: write is asked for, callers granted none',
    ],
    [
      'a permission that writes now',
      (contract) => Object.assign(check(contract).permissions, { contents: 'write' }),
      'contents: write is asked for, callers granted read',
    ],
  ])('breaks callers: %s', (_, change, sentence) => {
    expect(breaks(change)).toEqual([expect.stringContaining(sentence)]);
  });
});
