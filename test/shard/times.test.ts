import { expect, test } from 'vitest';
import { readTimes, type Times, timesOutput, timesText } from '../../src/shard/times.ts';

const MANY = 20_000;

function recorded(count: number): Times {
  const files = Array.from(
    { length: count },
    (_, index) => [`packages/p${index % 50}/src/some/where/file-${index}.test.ts`, index] as const,
  );
  return new Map([
    ['test', { ms: 1_234, files: new Map(files), others: undefined }],
    ['lint', { ms: 99, files: new Map<string, number>(), others: undefined }],
  ]);
}

test('recorded times are read as they were written', () => {
  expect(readTimes(timesText(recorded(3)))).toEqual(recorded(3));
});

test('times fit into an output: the slowest files keep theirs, the others have their mean', () => {
  const output = timesOutput(recorded(MANY));
  expect(Buffer.byteLength(output)).toBeLessThanOrEqual(60_000);
  expect(Buffer.byteLength(output)).toBeGreaterThan(50_000);
  const read = readTimes(output);
  if (typeof read === 'string') throw new Error(read);
  const { files, others, ms } = read.get('test') ?? { files: new Map<string, number>(), others: 0, ms: 0 };
  expect(ms).toBe(1_234);
  expect(Math.min(...files.values())).toBe(MANY - files.size);
  expect(others).toBe(Math.round((MANY - files.size - 1) / 2));
  expect(read.get('lint')).toEqual({ ms: 99, files: new Map(), others: undefined });
});

test('times of more tasks than fit keep the slowest tasks', () => {
  const tasks = Array.from({ length: 5_000 }, (_, index) => {
    return [
      `packages/package-${index}:test`,
      { ms: index, files: new Map([[`f-${index}`, 1]]), others: undefined },
    ] as const;
  });
  const output = timesOutput(new Map(tasks));
  expect(Buffer.byteLength(output)).toBeLessThanOrEqual(60_000);
  const read = readTimes(output);
  if (typeof read === 'string') throw new Error(read);
  expect(read.size).toBeGreaterThan(200);
  expect(Math.min(...[...read.values()].map(({ ms }) => ms))).toBe(5_000 - read.size);
  expect(readTimes(timesText(new Map(tasks)))).toEqual(new Map(tasks));
});

test('small records are handed on whole', () => {
  expect(timesOutput(recorded(20))).toBe(timesText(recorded(20)));
});

test.each([
  ['no JSON', '{', /instead of JSON/],
  ['another version', '{"version":2,"tasks":{}}', /times\.version/],
  ['a negative time', '{"version":1,"tasks":{"test":{"ms":-1}}}', /times\.tasks\.test\.ms/],
  ['a line end in a path', '{"version":1,"tasks":{"test":{"ms":1,"files":{"a\\n::error::":1}}}}', /has the name/],
])('times are refused that hold %s', (_, text, reason) => {
  expect(readTimes(text)).toEqual(expect.stringMatching(reason));
});
