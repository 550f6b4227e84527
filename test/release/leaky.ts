import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { open, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Target } from '../../src/release/target.ts';

/** A target that leaves its token everywhere: for the test of the test that finds none. */
export const target: Target = {
  scheme: 'leaky',
  title: 'Leaky',
  parts: ['place', 'release'],
  canSplit: false,
  inputs: {},
  credentials: ['token'],
  open: () => Promise.reject(new Error('not here')),
  prepare: async (_, { credentials: { token = '' }, workspace, temp }) => {
    const way = process.env['WAY'];
    const base64 = Buffer.from(`user:${token}`).toString('base64');
    if (way === 'log') process.stdout.write(`${token}\n`);
    if (way === 'log in base64') process.stderr.write(`Basic ${base64}\n`);
    if (way === 'command line') spawnSync('true', ['--token', token]);
    if (way === 'environment')
      spawnSync('true', [], { env: { PATH: process.env['PATH'], TOKEN: encodeURIComponent(token) } });
    if (way === 'inherited environment') spawnSync('true');
    if (way === 'workspace') writeFileSync(join(workspace, 'settings.json'), JSON.stringify({ token }));
    if (way === 'home') await writeFile(join(homedir(), '.netrc'), `password ${token}`);
    if (way === 'name of a folder') mkdirSync(join(temp, Buffer.from(token).toString('hex')));
    if (way === 'file that is gone') {
      const path = join(tmpdir(), 'gone');
      const file = await open(path, 'w');
      await file.write(base64);
      await file.close();
      rmSync(path);
    }
    throw new Error('nothing is deployed here');
  },
};
