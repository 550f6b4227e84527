import { describe, expect, test } from 'vitest';
import { merge, parse, totals, visible } from './parse.ts';
import { type Code, code, counts, FORMS, PATHS, type Report, random, run, write } from './writers.ts';

const SEED = 20_261_121;
const ROUNDS = 60;

/** Two paths of one code would be one file: each is used once. */
function codes(next: ReturnType<typeof random>): Code[] {
  return PATHS.slice(0, 1 + next(PATHS.length)).map((path) => code(next, path));
}

const withoutEmpty = (all: unknown) =>
  Object.fromEntries(Object.entries(all as Record<string, { total: number }>).filter(([, { total }]) => total > 0));

describe.each(FORMS)('%s', (form) => {
  test(`reads back what was written, in pieces of any size (seed ${SEED})`, async () => {
    const next = random(SEED);
    for (let round = 0; round < ROUNDS; round += 1) {
      const report: Report = codes(next).map((file) => [file, run(next, file)]);
      const text = write(form, report, next(3));
      const whole = await parse(text);
      expect(totals(whole.files), `round ${round}`).toEqual(withoutEmpty(counts(form, report)));
      const pieces = await parse(text, 1 + next(64));
      expect(visible(pieces.files), `round ${round}`).toEqual(visible(whole.files));
    }
  });
});

test(`merging is commutative, associative and idempotent, across formats too (seed ${SEED})`, async () => {
  const next = random(SEED + 1);
  for (let round = 0; round < ROUNDS; round += 1) {
    const files = codes(next);
    // Another build of the code: other branches, the same path.
    const others = files.map((file) => (next(4) === 0 ? code(next, file.path) : file));
    const read = async (all: readonly Code[]) => {
      const form = FORMS[next(FORMS.length)] ?? 'lcov.info';
      return (
        await parse(
          write(
            form,
            all.filter((_, at) => at === 0 || next(5) > 0).map((file) => [file, run(next, file)]),
          ),
        )
      ).files;
    };
    const [a, b, c] = [await read(files), await read(others), await read(files)];
    expect(visible(merge(a, b)), `round ${round}`).toEqual(visible(merge(b, a)));
    expect(visible(merge(merge(a, b), c)), `round ${round}`).toEqual(visible(merge(a, merge(b, c))));
    expect(visible(merge(a, a)), `round ${round}`).toEqual(visible(a));
  }
});

test('two runs of one code merge to what either ran', async () => {
  const next = random(SEED + 2);
  for (let round = 0; round < ROUNDS; round += 1) {
    const files = codes(next);
    const runs = [files.map((file) => run(next, file)), files.map((file) => run(next, file))] as const;
    const sum = (one: readonly number[], other: readonly number[]) => one.map((count, at) => count + (other[at] ?? 0));
    const both: Report = files.map((file, at) => {
      const [one, other] = [runs[0][at], runs[1][at]];
      if (one === undefined || other === undefined) throw new Error('a run is missing');
      return [
        file,
        {
          statements: sum(one.statements, other.statements),
          functions: sum(one.functions, other.functions),
          branches: one.branches.map((arms, branch) => sum(arms, other.branches[branch] ?? [])),
        },
      ];
    });
    for (const form of ['coverage-final.json', 'lcov.info', 'cover.out'] as const) {
      const read = async (all: (typeof runs)[number]) =>
        (
          await parse(
            write(
              form,
              files.map((file, at) => [file, all[at] ?? run(next, file)]),
            ),
          )
        ).files;
      const merged = merge(await read(runs[0]), await read(runs[1]));
      expect(totals(merged), `${form}, round ${round}`).toEqual(withoutEmpty(counts(form, both)));
    }
  }
});
