import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { FirebaseInputs } from '../../../src/release/targets/firebase/inputs.ts';
import { target } from '../../../src/release/targets/firebase/target.ts';
import { temporaryFolder, writeFiles } from '../../support/temporary.ts';
import { given, openRoom, PROJECT, type Room } from './room.ts';

let room: Room;
let folder: string;

beforeAll(async () => {
  room = await openRoom();
});

afterAll(() => room.stop());

beforeEach(() => {
  room.said.length = 0;
  room.calls();
});

async function prepare(predeploy: FirebaseInputs['predeploy'], hooks: object): Promise<readonly string[]> {
  folder = await temporaryFolder();
  const text = JSON.stringify({ hosting: { public: 'dist', ...hooks } });
  await writeFiles(folder, { 'firebase.json': text, 'dist/index.html': 'x' });
  const surroundings = room.surroundings(folder);
  const environment = {
    ...surroundings.environment,
    PATH: process.env['PATH'] ?? '',
    GITHUB_TOKEN: 'the-token-of-the-job',
    INPUT_CREDENTIALS_JSON: 'a-key',
    GOOGLE_APPLICATION_CREDENTIALS: '/a/key.json',
  };
  const { changes } = await target.prepare(given(folder, { predeploy }), { ...surroundings, environment });
  return changes;
}

it('refuses them by default, says why and how, and runs and sends nothing', async () => {
  const failure = String(await prepare('refuse', { predeploy: ['touch ran', 'npm run build'] }).catch(String));
  expect(failure).toContain('PIPE-FIREBASE-006');
  expect(failure).toContain('a job that holds a deploy credential runs no code of the project');
  expect(failure).toContain('predeploy: skip');
  await expect(readFile(join(folder, 'ran'))).rejects.toThrow('ENOENT');
  expect(room.calls()).toEqual([]);
});

it('passes over them on request, and says so', async () => {
  await prepare('skip', { predeploy: 'touch ran', postdeploy: 'touch after' });
  await expect(readFile(join(folder, 'ran'))).rejects.toThrow('ENOENT');
  expect(room.said.join('')).toContain('predeploy: skip');
  expect(room.said.join('')).toContain('`postdeploy` of firebase.json is not run');
});

it('runs them in order where firebase.json lies, without a credential, before it looks at the files', async () => {
  const hooks = ['env > dist/env.txt', 'printf %s "$GCLOUD_PROJECT $PROJECT_DIR $RESOURCE_DIR" > dist/told.txt'];
  expect(await prepare('run', { predeploy: hooks })).toContain('3 files');
  const environment = await readFile(join(folder, 'dist/env.txt'), 'utf8');
  expect(environment).not.toMatch(/the-token-of-the-job|a-key|key\.json|ACTIONS_ID_TOKEN|request-token/);
  expect(await readFile(join(folder, 'dist/told.txt'), 'utf8')).toBe(`${PROJECT} ${folder} ${join(folder, 'dist')}`);
});

it('deploys nothing when one fails, and says which', async () => {
  const failure = String(
    await prepare('run', { predeploy: ['true', 'echo ::error::no; exit 3', 'touch ran'] }).catch(String),
  );
  expect(failure).toContain('PIPE-FIREBASE-007');
  expect(failure).toContain('it ended with 3');
  await expect(readFile(join(folder, 'ran'))).rejects.toThrow('ENOENT');
  expect(room.calls()).toEqual([]);
});
