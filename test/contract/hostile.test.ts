import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { actions } from '../../src/actions.ts';
import type { Action } from '../../src/runtime/action.ts';
import { ConfigurationError } from '../../src/runtime/errors.ts';
import { readInputs } from '../../src/runtime/inputs.ts';
import { createSecrets } from '../../src/runtime/secrets.ts';
import { runStep, type StepOutcome } from '../support/run-dist.ts';
import { temporaryFolder, writeFiles } from '../support/temporary.ts';

/** Values that somebody could try; none may be run, none may end in a stack trace. */
const HOSTILE: Readonly<Record<string, string>> = {
  'line breaks': 'a\nb\r\nc',
  'a workflow command': 'x\n::set-output name=forged::yes\n::error::forged',
  'a substitution': '$(touch pwned) `touch pwned` ; touch pwned',
  '120 kB': 'x'.repeat(120_000),
  'YAML that is none': '{a: [b',
  'a YAML bomb': `a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c]`,
  'deep nesting': '['.repeat(20_000),
  'a path that leaves the workspace': '../../../../etc',
  'an absolute path': '/etc/passwd',
  'a prototype': '{__proto__: {polluted: true}, constructor: {prototype: {polluted: true}}}',
  'characters that reorder text': 'a\u202eb\u2066c',
};

async function emptyWorkspace() {
  const temp = await temporaryFolder();
  const workspace = join(temp, 'workspace');
  await mkdir(workspace);
  await writeFiles(workspace, { 'package.json': '{"name":"a","scripts":{}}' });
  return { temp, workspace };
}

function expectCodedError(outcome: StepOutcome): void {
  expect(outcome.log).not.toContain('PIPE-INTERNAL');
  expect(outcome.log).not.toMatch(/^\s+at .*:\d+:\d+\)?$/m);
  expect(outcome.log).not.toMatch(/^::set-output name=forged/m);
  expect(outcome.log).not.toMatch(/^::error::forged/m);
  if (outcome.exitCode !== 0) expect(outcome.log).toMatch(/^::error::PIPE-/m);
}

/** Services that an action asks by itself are nobody here: to wait for real ones would only cost time. */
const NEARBY: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  // A version that is nowhere: without a checksum nothing is asked for it.
  health: { url: 'http://127.0.0.1:1', timeout: '1s', interval: '100ms' },
  smoke: { url: 'http://127.0.0.1:1', timeout: '10s' },
  scan: { 'db-repositories': '127.0.0.1:1/db:2', 'trivy-mirror': 'http://127.0.0.1:1', 'trivy-version': '0.0.1' },
};

const loaded = await Promise.all(Object.values(actions).map(async (load) => (await load()).action));
/** Whether an action takes the value: then it has to be seen what it does with it. One that is refused has a code. */
async function isTaken(action: Action, input: string, value: string, workspace: string): Promise<boolean> {
  const given = Object.entries({ ...NEARBY[action.name], [input]: value });
  const environment = Object.fromEntries(given.map(([name, text]) => [`INPUT_${name.toUpperCase()}`, text]));
  try {
    await readInputs(
      action.inputs,
      environment,
      { workspace },
      createSecrets(() => undefined),
      action.name,
    );
    return true;
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    for (const fault of error.faults) {
      expect(fault.code).toMatch(/^PIPE-/);
      expect(fault.given ?? '').not.toMatch(/[\u0000-\u001f\u202a-\u202e\u2066-\u2069]/);
    }
    return false;
  }
}

describe.each(loaded)('the action $name', (action) => {
  it('answers every hostile value of every input with a code, runs nothing of it and shows no stack trace', async () => {
    const { temp, workspace } = await emptyWorkspace();
    const inputs = [...Object.keys(action.inputs), 'settings'];
    const tried = inputs.flatMap((input) => Object.values(HOSTILE).map((value) => ({ input, value })));
    let refused: (typeof tried)[number] | undefined;
    const step = async ({ input, value }: (typeof tried)[number]) => {
      const given = { ...NEARBY[action.name], [input]: value };
      expectCodedError(await runStep({ action: action.name, workspace, temp, inputs: given }));
    };
    const taken: typeof tried = [];
    for (const one of tried) {
      if (await isTaken(action, one.input, one.value, workspace)) taken.push(one);
      else refused ??= one;
    }
    // What is refused is refused in the same place for every action: one of them through the real door.
    if (refused !== undefined) await step(refused);
    for (let at = 0; at < taken.length; at += 4) await Promise.all(taken.slice(at, at + 4).map(step));
    expect(await readdir(workspace)).toEqual(['package.json']);
  });

  it('reports all wrong inputs together', async () => {
    const { temp, workspace } = await emptyWorkspace();
    const inputs = { 'working-directory': '../..', settings: '{no-such-input: 1, neither-this: 2}' };
    const outcome = await runStep({ action: action.name, workspace, temp, inputs });
    expect(outcome.exitCode).toBe(1);
    const folder = action.inputs['working-directory'];
    const isRefused = folder !== undefined && !(await isTaken(action, 'working-directory', '../..', workspace));
    const expected = isRefused ? 3 : 2;
    expect(outcome.log.match(/^::error::PIPE-INPUT-/gm)?.length).toBeGreaterThanOrEqual(expected);
  });
});

describe('a repository with hostile files', () => {
  it.each([
    ['NUL bytes', '{"name":"a\u0000","scripts":{}}\u0000'],
    ['megabytes', `{"name":"a","x":"${'y'.repeat(6_000_000)}"}`],
    ['no JSON', '{"name": '],
    ['a list', '[]'],
    ['a script that is no text', '{"scripts":{"test":{"$(touch pwned)":1}}}'],
    ['a name of 120 kB', `{"name":"${'a'.repeat(120_000)}","scripts":{"lint":"true"}}`],
  ])('gets a code from plan, setup and gate: package.json with %s', async (_, text) => {
    const { temp, workspace } = await emptyWorkspace();
    await writeFiles(workspace, { 'package.json': text });
    for (const action of ['plan', 'setup', 'gate']) {
      const outcome = await runStep({ action, workspace, temp });
      expectCodedError(outcome);
      expect(outcome.log.length).toBeLessThan(100_000);
    }
    expect(await readdir(workspace)).toEqual(['package.json']);
  });
});
