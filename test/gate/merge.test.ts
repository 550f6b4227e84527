import { cp, mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { mergeParts } from '../../src/gate/merge.ts';
import { allResults } from '../../src/gate/results.ts';
import type { GateTask, TaskResult } from '../../src/gate/task.ts';
import { PART_FILE, type Piece, partText } from '../../src/shard/part.ts';
import { temporaryFolder } from '../support/temporary.ts';

function task(id: string, needs: readonly string[] = []): GateTask {
  const command = ['npm', 'run', id] as const;
  return { id, kind: id, package: 'app', directory: '.', command, path: [], environment: {}, needs, timeout: 60_000 };
}

const [LINT, BUILD, TEST] = [task('lint'), task('build'), task('test', ['build'])];
const TASKS = [LINT, TEST, BUILD];
const KEY = 'a'.repeat(64);

interface Given {
  readonly shard: number;
  readonly of?: number;
  readonly attempt?: number;
  readonly division?: string;
  readonly pieces: Readonly<Record<string, Partial<Piece>>>;
  readonly ended: readonly (Partial<TaskResult> & Pick<TaskResult, 'task' | 'result'>)[];
}

/** A folder with parts, as they are downloaded. */
async function partsOf(...parts: readonly Given[]): Promise<string> {
  const folder = await temporaryFolder();
  for (const { shard, of = parts.length, attempt = 1, division = KEY, pieces, ended } of parts) {
    const inside = join(folder, `shard-${shard}-attempt-${attempt}-of-${of}-check-1a2b3c4d`);
    await mkdir(inside, { recursive: true });
    const results = allResults(ended.map((one) => ({ start: 0, duration: 1_000, problems: [], tail: [], ...one })));
    const all = Object.entries(pieces).map(
      ([id, piece]) => [id, { files: undefined, tests: undefined, times: new Map(), ...piece }] as const,
    );
    await writeFile(join(inside, PART_FILE), partText({ shard, of, attempt, division, pieces: new Map(all), results }));
  }
  return folder;
}

const files = (own: number, names: readonly string[], passed: number, failed = 0) => ({
  files: { own, all: 3 },
  tests: { passed, failed, skipped: 0 },
  times: new Map(names.map((name) => [name, 500] as const)),
});

const first = (result: TaskResult['result'] = 'passed', more: Partial<TaskResult> = {}): Given => ({
  shard: 1,
  of: 2,
  pieces: { lint: {}, test: files(2, ['a.test.ts', 'b.test.ts'], 10) },
  ended: [
    { task: LINT, result: 'passed' },
    { task: BUILD, result: 'passed', duration: 3_000 },
    { task: TEST, result, duration: 9_000, ...more },
  ],
});
const second = (result: TaskResult['result'] = 'passed', more: Partial<TaskResult> = {}): Given => ({
  shard: 2,
  of: 2,
  pieces: { build: {}, test: files(1, ['c.test.ts'], 5) },
  ended: [
    { task: BUILD, result: 'passed', duration: 2_000 },
    { task: TEST, result, duration: 8_000, ...more },
  ],
});

describe('the parts of all shards', () => {
  test('make one result a task, with the tests of all and the time of the slowest', async () => {
    const { results, incomplete, times } = await mergeParts(await partsOf(first(), second()), TASKS);
    expect(incomplete).toBeUndefined();
    expect(results.map(({ task: { id }, result, duration }) => [id, result, duration])).toEqual([
      ['lint', 'passed', 1_000],
      ['test', 'passed', 9_000],
      ['build', 'passed', 2_000],
    ]);
    expect(results[1]?.divided).toEqual({ shards: 2, files: 3, left: 0, tests: { passed: 15, failed: 0, skipped: 0 } });
    expect([...(times.get('test')?.files.keys() ?? [])]).toEqual(['a.test.ts', 'b.test.ts', 'c.test.ts']);
    expect(times.get('test')?.ms).toBe(17_000);
    expect(times.get('build')?.ms).toBe(2_000);
  });

  test('are red where one of them is, with its reason and its first problems', async () => {
    const problem = {
      tool: 'vitest',
      kind: 'test',
      severity: 'error',
      file: 'c.test.ts',
      line: 7,
      message: 'expected 1',
    } as const;
    const red = second('failed', { reason: 'exit status 1', problems: [problem] });
    const { results, incomplete, times } = await mergeParts(await partsOf(first(), red), TASKS);
    expect(incomplete).toBeUndefined();
    expect(results[1]).toMatchObject({ result: 'failed', reason: 'shard 2: exit status 1' });
    expect(results[1]?.problems).toEqual([
      expect.objectContaining({ file: 'c.test.ts', line: 7, message: 'expected 1' }),
    ]);
    expect(times.has('test')).toBe(false);
  });

  test('are red where what others need failed on a machine that it was not given to', async () => {
    const one = first('skipped', { reason: 'needs `build`, which did not pass' });
    const ended = one.ended.map((each) => (each.task === BUILD ? { ...each, result: 'failed' as const } : each));
    const { results } = await mergeParts(await partsOf({ ...one, ended }, second()), TASKS);
    expect(results.map(({ result }) => result)).toEqual(['passed', 'skipped', 'failed']);
  });

  test.each<[string, readonly Given[], RegExp, readonly string[]]>([
    [
      'of a shard are missing',
      [{ ...first(), of: 2 }],
      /^shard 2 of 2 has left no results$/,
      ['passed', 'cancelled', 'skipped'],
    ],
    [
      'were made of other files',
      [first(), { ...second(), division: 'b'.repeat(64) }],
      /seen other test files or times/,
      [],
    ],
    ['are of another number of shards', [first(), { ...second(), of: 3 }], /shard 2 of 3 has seen other/, []],
    [
      'hold a piece whose runner told nothing of a file',
      [{ ...first(), pieces: { lint: {}, test: files(2, ['a.test.ts'], 10) } }, second()],
      /shard 1 of 2 was given 2 files of "test", and its runner tells nothing of 1/,
      ['passed', 'cancelled', 'passed'],
    ],
  ])('are no whole when they %s', async (_, parts, reason, conclusions) => {
    const { results, incomplete } = await mergeParts(await partsOf(...parts), TASKS);
    expect(incomplete?.code).toBe('PIPE-GATE-016');
    expect(incomplete?.what.replace('the shards do not make a whole: ', '')).toEqual(expect.stringMatching(reason));
    if (conclusions.length > 0) expect(results.map(({ result }) => result)).toEqual(conclusions);
  });

  test('bring along a task that only the shards have seen, red where it is', async () => {
    const one = first();
    const more = { task: task('packages/gen:test'), result: 'failed' as const, reason: 'exit status 1' };
    const given = { ...one, pieces: { ...one.pieces, 'packages/gen:test': {} }, ended: [...one.ended, more] };
    const { results, incomplete } = await mergeParts(await partsOf(given, second()), TASKS);
    expect(incomplete).toBeUndefined();
    expect(results.at(-1)).toMatchObject({ task: { id: 'packages/gen:test' }, result: 'failed' });
  });

  test('are no whole when no shard was given a task, or two say that they are the same one', async () => {
    const { results, incomplete } = await mergeParts(await partsOf(first(), second()), [...TASKS, task('typecheck')]);
    expect(incomplete?.what).toEqual(expect.stringMatching(/no shard was given "typecheck"/));
    expect(results.at(-1)?.result).toBe('skipped');
    const folder = await partsOf(first(), second());
    await cp(join(folder, 'shard-1-attempt-1-of-2-check-1a2b3c4d'), join(folder, 'shard-3'), { recursive: true });
    const twice = await mergeParts(folder, TASKS);
    expect(twice.incomplete?.what).toEqual(expect.stringMatching(/there are 3 parts of 2 shards/));
  });

  test('of a shard that was run again replace those before, whatever the order, and their reports', async () => {
    const red = first('failed', { reason: 'exit status 1' });
    const folder = await partsOf({ ...first(), attempt: 10 }, { ...red, attempt: 9, of: 2 }, { ...second(), of: 2 });
    const { results, incomplete } = await mergeParts(folder, TASKS, 'success');
    expect(incomplete).toBeUndefined();
    expect(results.map(({ result }) => result)).toEqual(['passed', 'passed', 'passed']);
    expect((await readdir(folder)).map((name) => name.replace(/-of-.*/, ''))).toEqual([
      'shard-1-attempt-10',
      'shard-2-attempt-1',
    ]);
  });

  test('do not make up for a job that is not green', async () => {
    const folder = await partsOf(first(), second());
    expect((await mergeParts(folder, TASKS, 'success')).incomplete).toBeUndefined();
    const { incomplete } = await mergeParts(folder, TASKS, 'failure');
    expect(incomplete?.what).toEqual(expect.stringMatching(/every part is green.*ended with failure/));
    const red = await partsOf(first('failed', { reason: 'exit status 1' }), second());
    expect((await mergeParts(red, TASKS, 'failure')).incomplete).toBeUndefined();
  });

  test('are called cancelled, not lost, when the shards were', async () => {
    const { results, incomplete } = await mergeParts(await partsOf({ ...first(), of: 2 }), TASKS, 'cancelled');
    expect(incomplete).toBeUndefined();
    expect(results.map(({ result }) => result)).toEqual(['passed', 'cancelled', 'cancelled']);
    // Cancelled after it had left everything: nobody knows what else it was to do.
    const whole = await mergeParts(await partsOf(first(), second()), TASKS, 'cancelled');
    expect(whole.incomplete?.what).toEqual(expect.stringMatching(/every part is green.*ended with cancelled/));
  });

  test('hold any number of tasks', async () => {
    const many = Array.from({ length: 3_000 }, (_, index) => task(`packages/package-${index}:lint`));
    const half = (shard: number) => {
      const own = many.filter((_, index) => index % 2 === shard - 1);
      const pieces = Object.fromEntries(own.map(({ id }) => [id, {}]));
      return { shard, pieces, ended: own.map((one) => ({ task: one, result: 'passed' as const })) };
    };
    const { results, incomplete } = await mergeParts(await partsOf(half(1), half(2)), many);
    expect(incomplete).toBeUndefined();
    expect(results.filter(({ result }) => result === 'passed')).toHaveLength(3_000);
  });

  test('are no whole when nothing is there, and nothing counts as passed', async () => {
    for (const folder of [await partsOf(), join(await temporaryFolder(), 'none')]) {
      const { results, incomplete, times } = await mergeParts(folder, TASKS);
      expect(incomplete?.what).toEqual(expect.stringMatching(/no shard has left its results/));
      expect(results.map(({ result }) => result)).toEqual(['skipped', 'skipped', 'skipped']);
      expect(times.size).toBe(0);
    }
  });

  test('are hostile input: what is not of the agreed form is red and named', async () => {
    for (const text of [
      '{',
      '{"version":1}',
      partText({ shard: 9, of: 2, attempt: 1, division: KEY, pieces: new Map(), results: { tasks: [] } }),
    ]) {
      const folder = await partsOf(first(), second());
      await writeFile(join(folder, 'shard-2-attempt-1-of-2-check-1a2b3c4d', PART_FILE), text);
      const { incomplete } = await mergeParts(folder, TASKS);
      expect(incomplete?.what).toEqual(
        expect.stringMatching(/part\.json of "shard-2-attempt-1-of-2-check-1a2b3c4d" can’t be used/),
      );
    }
  });

  test('are not read through links', async () => {
    const elsewhere = await partsOf(first(), second());
    const folder = await temporaryFolder();
    await symlink(join(elsewhere, 'shard-1-attempt-1-of-2-check-1a2b3c4d'), join(folder, 'shard-1'));
    const { incomplete } = await mergeParts(folder, TASKS);
    expect(incomplete?.what).toEqual(expect.stringMatching(/no shard has left/));
  });
});
