import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { root } from '../../tools/install/root.ts';
import { PASSWORD } from '../support/postgres.ts';
import { machine } from '../support/run-dist.ts';

/** Whole stories, on a machine that has other things to do. */
vi.setConfig({ testTimeout: 1_500_000 });

/** Runs what `npm run story` runs. */
async function story(...args: readonly string[]) {
  const child = spawn(process.execPath, [join(root, 'test/story/story.ts'), ...args], {
    cwd: root,
    env: machine(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const texts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].on('data', (chunk: Buffer) => {
      texts[name] += chunk.toString('utf8');
    });
  }
  const status = await new Promise<number | null>((resolve) => child.once('close', resolve));
  // As it is told, without the ends of its lines.
  const told = texts.stdout.replaceAll(/(?<=\S)\n(?=\S)/g, ' ');
  expect(told + texts.stderr).not.toContain(PASSWORD);
  expect(told).not.toMatch(/\bundefined\b|NaN|\[object/);
  return { status, told, ...texts };
}

it('goes from a pull request to production and back, and every sentence of it is seen', async () => {
  const { status, told, stderr } = await story();
  expect(status, stderr).toBe(0);
  const titles = [...told.matchAll(/^\d+\. (.*)$/gm)].map(([, title]) => title);
  expect(titles).toEqual([
    ...['The shop', 'A pull request', 'Staging', 'Production', 'The next version', 'A bad release'],
    ...['A rollback by hand', 'What is left'],
  ]);
  expect(told).toMatch(/Playwright [\d.]+ opens it in a real chromium: 1 passed, 0 failed/);
  expect(told).toMatch(
    /In production (\S+) has 100% of the traffic; asked for its health it answers 200, version 1\.0\.0/,
  );
  expect(told).toMatch(/(\S+) 100%, then (?:\S+ 50% and \S+ 50%), then \S+ 100%\. Visitors asked \d+ times/);
  expect(told).toMatch(/what happened: PIPE-RELEASE-010: api-\S+ was not well with 50% of the traffic/);
  expect(told).toMatch(
    /The run says: “The database was given more since this release, up to 0002_notes\.sql, 0003_visits\.sql/,
  );
  const last = told.slice(told.indexOf('A rollback by hand'));
  expect(last).toMatch(
    /In production api-\S+ has 100% of the traffic; asked for its health it answers 200, version 1\.0\.0/,
  );
  expect(last).toMatch(/0 questions went unanswered/);
});

it.each([
  ['health', /Not done: .*health failed/, /PIPE-HEALTH-002/],
  ['migration', /Not done: migration failed/, /It stopped at line 1: ALTER TABLE hours ADD COLUMN note text NOT NULL/],
  ['smoke', /Not done: smoke failed/, /a visitor sees when the shop is open/],
  ['promote', /Not done: promotion failed/, /a permission is missing \(run\.services\.update\)/],
  ['runner', /Not done: promotion failed/, /that moves the traffic is ended the moment \S+ has it/],
])('--break %s: what served before serves, the table says why, and it ends with 1', async (what, verdict, why) => {
  const { status, told, stderr } = await story('--break', what);
  expect(status, stderr).toBe(1);
  expect(told).toMatch(verdict);
  expect(told).toMatch(why);
  expect(told).toMatch(what === 'smoke' ? /greets nobody by name/ : /has 100% of the traffic; .* version 1\.0\.0/);
});
