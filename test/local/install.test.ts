import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ACT_VERSION, findOrInstallAct } from '../../src/local/act-install.ts';
import { copyPins, temporaryFolder, writeTree } from './fixtures.ts';

/** A PATH with nothing but the named programs of this machine. */
function pathWith(...names: readonly string[]): string {
  const folder = temporaryFolder('path');
  for (const name of names) symlinkSync(execFileSync('which', [name], { encoding: 'utf8' }).trim(), join(folder, name));
  return folder;
}

const pathWithoutAct = (process.env['PATH'] ?? '')
  .split(':')
  .filter((place) => !place.includes('.tools'))
  .join(':');

test('act is installed once, by its hash, also when two ask at the same time, and found afterwards', async () => {
  const bundle = copyPins();
  const said: string[] = [];
  const request = { bundle, machine: process.env, onProgress: (text: string) => said.push(text) };
  const machine = { ...process.env, PATH: pathWithoutAct };
  const programs = await Promise.all([
    findOrInstallAct({ ...request, machine }),
    findOrInstallAct({ ...request, machine }),
  ]);
  const program = join(bundle, '.tools', `act-${ACT_VERSION}`, 'act');
  expect(programs).toEqual([program, program]);
  expect(execFileSync(program, ['--version'], { encoding: 'utf8' })).toBe(`act version ${ACT_VERSION}\n`);
  expect(readdirSync(join(bundle, '.tools'))).toEqual([`act-${ACT_VERSION}`]);
  expect(said[0]).toBe(`Installing act ${ACT_VERSION} into .tools with Python (once)`);
  said.length = 0;
  expect(await findOrInstallAct(request)).toBe(program);
  expect(said).toEqual([]);
  // One that was cut short, or is broken, is replaced; what was abandoned does not stay.
  writeFileSync(program, 'cut');
  mkdirSync(join(bundle, '.tools/act-draft-old'));
  expect(await findOrInstallAct({ ...request, machine })).toBe(program);
  expect(execFileSync(program, ['--version'], { encoding: 'utf8' })).toContain(ACT_VERSION);
}, 300_000);

test('a wheel with another hash is refused, and nothing is left of it', async () => {
  const bundle = copyPins();
  const pins = join(bundle, 'tools/act/requirements.txt');
  writeFileSync(pins, readFileSync(pins, 'utf8').replaceAll(/sha256:[0-9a-f]{8}/g, 'sha256:00000000'));
  const machine = { ...process.env, PATH: pathWith('python3') };
  await expect(findOrInstallAct({ bundle, machine, onProgress: () => undefined })).rejects.toThrow(
    /^act 0\.2\.89 is needed and could not be installed \(with Python: .*\): install Python 3 with venv, or Go, or put act/,
  );
  expect(readdirSync(join(bundle, '.tools'))).toEqual([]);
});

test('without a network, one line says that', async () => {
  // Nobody listens on the discard port.
  const nobody = { PIP_INDEX_URL: 'http://127.0.0.1:9/', PIP_RETRIES: '1', GOPROXY: 'http://127.0.0.1:9/' };
  const machine = {
    ...process.env,
    ...nobody,
    GOMODCACHE: temporaryFolder('go'),
    GOSUMDB: 'off',
    PATH: pathWithoutAct,
  };
  await expect(findOrInstallAct({ bundle: copyPins(), machine, onProgress: () => undefined })).rejects.toThrow(
    /\(with Python: the network or the server of its packages cannot be reached[;)]/,
  );
});

test('without Python and Go, one line says how to get act', async () => {
  const machine = { PATH: temporaryFolder('empty') };
  await expect(findOrInstallAct({ bundle: copyPins(), machine, onProgress: () => undefined })).rejects.toThrow(
    'act 0.2.89 is needed and could not be installed (there is neither Python nor Go on PATH): install Python 3 with ' +
      'venv, or Go, or put act 0.2.89 on PATH (https://nektosact.com/installation)',
  );
});

test('an act on PATH is used when it has the right version, and only then', async () => {
  const bundle = copyPins();
  const program = (version: string) => {
    const folder = writeTree(temporaryFolder('act'), { act: `#!/bin/sh\necho act version ${version}\n` });
    chmodSync(join(folder, 'act'), 0o755);
    return folder;
  };
  const right = program(ACT_VERSION);
  const onProgress = () => undefined;
  expect(await findOrInstallAct({ bundle, machine: { PATH: right }, onProgress })).toBe(join(right, 'act'));
  await expect(findOrInstallAct({ bundle, machine: { PATH: program('0.2.80') }, onProgress })).rejects.toThrow(
    'is needed',
  );
});
