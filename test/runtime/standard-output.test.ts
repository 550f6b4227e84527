import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../support/temporary.ts';

const source = fileURLToPath(new URL('../../src/runtime/standard-output.ts', import.meta.url));

/** A process that has `write`, a writer of standard output, and says on standard error when its reader has gone. */
function program(script: string, output: 'pipe' | number = 'pipe'): ChildProcess {
  const text = `
    import { standardOutput } from ${JSON.stringify(source)};
    const write = standardOutput(() => console.error('gone'));
    ${script}`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', text], { stdio: ['ignore', output, 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

async function textOf(stream: AsyncIterable<Buffer> | null, pause = 0): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream ?? []) {
    chunks.push(chunk);
    if (pause > 0) await delay(pause);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Text of programs that run in a process of their own. */
const PROGRAMS = ['migrate/mongo-ledger.ts'];

const withoutComments = (text = '') => text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$|(['"`]).*?\1/gm, '');

// Ends in the middle of a character wherever a pipe is full.
const LONG = '€'.repeat(1_000_000);

it.each([
  ['a pipe', ''],
  // What Node does with a pipe that it opens itself: writing to one that is full fails at once.
  ['a pipe that does not wait', 'process.stdout;'],
])('all that is written comes out of %s, in order, whoever is slow', async (_, prepare) => {
  const child = program(`${prepare} write('first\\n'); write('€'.repeat(1_000_000)); write(''); write('\\nlast');`);
  const [text] = await Promise.all([textOf(child.stdout, 5), once(child, 'close')]);
  expect(text === `first\n${LONG}\nlast`).toBe(true);
  expect(await textOf(child.stderr)).toBe('');
});

it('no room writes past it: two writers of one process would be out of order', async () => {
  const folder = fileURLToPath(new URL('../../src', import.meta.url));
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.ts'));
  const others = names.filter((name) => !name.startsWith('local/') && !PROGRAMS.includes(name));
  const texts = await Promise.all(others.map((name) => readFile(join(folder, name), 'utf8')));
  expect(others.filter((_, index) => /\b(?:process\.stdout|console)\.\w/.test(withoutComments(texts[index])))).toEqual(
    [],
  );
});

it('a reader that goes away is told of once, and ends nothing', async () => {
  const child = program(`
    write('ready\\n');
    process.stdin;
    const until = Date.now() + 20_000;
    while (Date.now() < until) {
      write('x'.repeat(100_000));
      if (globalThis.rounds === 50) break;
      globalThis.rounds = (globalThis.rounds ?? 0) + 1;
    }
    console.error('still here');`);
  await once(child.stdout ?? child, 'data');
  child.stdout?.destroy();
  const [said, [exitCode]] = await Promise.all([textOf(child.stderr), once(child, 'close')]);
  expect(said).toBe('gone\nstill here\n');
  expect(exitCode).toBe(0);
});

it('a file gets all of it', async () => {
  const path = join(await temporaryFolder(), 'log');
  const { open } = await import('node:fs/promises');
  const handle = await open(path, 'w');
  const child = program(`write('first\\n'); write('€'.repeat(1_000_000));`, handle.fd);
  await once(child, 'close');
  await handle.close();
  expect((await readFile(path, 'utf8')) === `first\n${LONG}`).toBe(true);
});
