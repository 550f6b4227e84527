import { describe, expect, it } from 'vitest';
import { environmentOf, projectEnvironment } from '../../src/runtime/environment.ts';
import { capture } from '../../src/runtime/process.ts';

/** What a step of a JavaScript action has in its environment (runner 2.336). */
const step = {
  PATH: '/usr/bin:/bin',
  HOME: '/home/runner',
  NODE_ENV: 'test',
  GITHUB_ACTIONS: 'true',
  GITHUB_SHA: 'abc',
  GITHUB_WORKSPACE: '/home/runner/work/app/app',
  GITHUB_EVENT_PATH: '/home/runner/work/_temp/_github_workflow/event.json',
  RUNNER_TEMP: '/home/runner/work/_temp',
  RUNNER_TRACKING_ID: 'github_1',
  DATABASE_URL: 'postgres://localhost/test',
};

const files = '/home/runner/work/_temp/_runner_file_commands';
const runnersOwn = {
  ACTIONS_RUNTIME_TOKEN: 'hunter2',
  ACTIONS_RUNTIME_URL: 'https://hunter2',
  ACTIONS_RESULTS_URL: 'https://hunter2',
  ACTIONS_CACHE_URL: 'https://hunter2',
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'hunter2',
  ACTIONS_ID_TOKEN_REQUEST_URL: 'https://hunter2',
  INPUT_TOKEN: 'hunter2',
  'INPUT_NPM-TOKEN': 'hunter2',
  input_lower: 'hunter2',
  STATE_key: 'hunter2',
  GITHUB_TOKEN: 'hunter2',
  GH_TOKEN: 'hunter2',
  GITHUB_OUTPUT: `${files}/set_output_1`,
  GITHUB_ENV: `${files}/set_env_1`,
  GITHUB_PATH: `${files}/add_path_1`,
  GITHUB_STATE: `${files}/save_state_1`,
  GITHUB_STEP_SUMMARY: `${files}/step_summary_1`,
  GITHUB_ARTIFACTS: `${files}/artifacts_1`,
  GITHUB_ARTIFACTS_LIST: `${files}/artifacts_list_1`,
  GITHUB_FILE_OF_A_NEWER_RUNNER: `${files}/new_1`,
};

describe('the environment of project code', () => {
  it('is the step’s own without what belongs to the runner', () => {
    expect(projectEnvironment({ ...step, ...runnersOwn })).toEqual({ ...step, CI: 'true' });
  });

  it('holds nothing of the runner in a real process', async () => {
    const env = projectEnvironment({ ...step, ...runnersOwn });
    const { stdout } = await capture('/usr/bin/env', [], { cwd: '/', env });
    expect(stdout).not.toMatch(/hunter2|_runner_file_commands|^INPUT_|^ACTIONS_/im);
    expect(stdout).toMatch(/^DATABASE_URL=postgres:\/\/localhost\/test$/m);
  });

  it('ends watch modes by CI, and has what is added to it', () => {
    expect(projectEnvironment({ CI: '' })).toEqual({ CI: 'true' });
    expect(projectEnvironment(step, { NODE_ENV: 'production', CI: '1' })).toMatchObject({
      NODE_ENV: 'production',
      CI: '1',
    });
  });

  it('keeps variables that only look like one of the runner’s', () => {
    const own = { MY_INPUT_X: 'a', GITHUB_REPOSITORY: 'o/r', GITHUB_OUTPUTS: 'a', TOKEN: 'b', GITHUB_HEAD_REF: 'a/b' };
    expect(projectEnvironment({ ...own, ...runnersOwn })).toEqual({ ...own, CI: 'true' });
  });
});

it('an environment is a copy without holes', () => {
  const source: NodeJS.ProcessEnv = { A: 'b', HOLE: undefined };
  const copy = environmentOf(source);
  source['A'] = 'changed';
  expect(copy).toEqual({ A: 'b' });
  expect(Object.keys(copy)).toEqual(['A']);
});
