import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from '../../tools/install/root.ts';
import { machine } from '../support/run-dist.ts';
import { BREAKS } from './flags.ts';

function story(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'test/story/story.ts'), ...args], {
    cwd: root,
    env: machine(),
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

it.each([
  [['--brake', 'health'], /^error: Unknown option '--brake': there are --break WHAT and --help\n$/],
  [
    ['--break', 'helth'],
    /^error: --break "helth" is none \(did you mean "health"\?\): there are health, migration, .*\n$/,
  ],
  [['--break'], /^error: Option '--break <value>' argument missing: .*\n$/],
  [['now'], /^error: Unexpected argument 'now': .*\n$/],
])('refuses %j in one line, and begins nothing', (args, said) => {
  const { status, stdout, stderr } = story(...args);
  expect(status).toBe(2);
  expect(stderr).toMatch(said);
  expect(stdout).toBe('');
});

it('says what it can tell', () => {
  const { status, stdout } = story('--help');
  expect(status).toBe(0);
  for (const name of BREAKS) expect(stdout).toContain(`${name}:`);
});
