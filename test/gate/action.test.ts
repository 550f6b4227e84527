import { expect, it } from 'vitest';
import { npmProject } from '../support/project.ts';
import { runStep, type StepOutcome } from '../support/run-dist.ts';
import { temporaryFolder } from '../support/temporary.ts';

async function gate(
  scripts: Readonly<Record<string, string>>,
  inputs: Readonly<Record<string, string>> = {},
  workspace?: string,
): Promise<StepOutcome & { readonly post: () => Promise<StepOutcome> }> {
  const project = workspace ?? (await npmProject(scripts));
  const temp = await temporaryFolder();
  const step = { action: 'gate', workspace: project, temp, inputs };
  const done = await runStep(step);
  return { ...done, post: () => runStep({ ...step, state: done.state }) };
}

it('says that `tasks` switched everything off, not that there was nothing', async () => {
  const { exitCode, log } = await gate({ test: 'node --version' }, { tasks: 'test: off' });
  expect(exitCode).toBe(1);
  expect(log).toMatch(/^::error::PIPE-GATE-013: .*`tasks` switches off every task of the plan/m);
});

it('says why a script was passed over when nothing is left to run', async () => {
  const { exitCode, log } = await gate({ test: 'echo ok' });
  expect(exitCode).toBe(1);
  expect(log).toMatch(/^::error::PIPE-GATE-013: .*Given: .*test: .*only prints a text/m);
});

it('has nothing to clean up when the compose file was refused', async () => {
  const { exitCode, log, outputs, post } = await gate({ test: 'node --version' }, { compose: 'nope.yml' });
  expect(exitCode).toBe(1);
  expect(outputs['failure']).toMatch(/^PIPE-COMPOSE-00\d: /);
  expect(log).toMatch(/State: nothing was started/);
  expect(await post()).toMatchObject({ exitCode: 0, log: '' });
});

it('hands over what it failed of, and nothing when it is green', async () => {
  const red = await gate({ test: 'node -e "throw new RangeError(4)"' });
  expect(red.outputs['failure']).toMatch(/^PIPE-GATE-010: .*test/);
  expect((await gate({ test: 'node --version' })).outputs).not.toHaveProperty('failure');
});

it('quotes the line that says why a program ended when no problem was recognised', async () => {
  const { log } = await gate({ test: 'node --test missing.test.js' });
  expect(log).toMatch(/^::error::PIPE-GATE-010: .*exit status 1: Could not find '.*missing\.test\.js'/m);
});
