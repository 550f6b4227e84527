import { expect, test } from 'vitest';
import type { Plan, PlannedTask } from '../../src/plan/plan.ts';
import { parsePromised, promisedBy } from '../../src/report/promise.ts';

function planned(kind: PlannedTask['kind'], directory: string): PlannedTask {
  return {
    id: `${directory}:${kind}`,
    kind,
    package: directory,
    directory,
    command: ['npm', 'run', kind],
    display: `npm run ${kind}`,
    path: [],
    environment: {},
    source: 'package.json',
    reason: 'package.json',
    needs: [],
  };
}

function planOf(packages: number, length: number): Plan {
  const folders = Array.from({ length: packages }, (_, index) => `packages/p${index}`);
  const lists = { dockerfiles: [], composeFiles: [], prismaSchemas: [], firebase: [], vercel: [], playwright: [] };
  return {
    version: 1,
    workingDirectory: '.',
    root: '.',
    packageManager: null,
    packages: [],
    tasks: folders.flatMap((folder) => [planned('lint', folder), planned('test', folder)]),
    found: { ...lists, python: [], other: [] },
    decisions: folders.map((subject) => ({ subject, decision: `${'`"é'.repeat(length)}`, reason: 'package.json' })),
    notChecked: folders.map((subject) => ({ subject, reason: '"'.repeat(length) })),
  };
}

test('carries kinds, what is not checked and the decisions to the report', () => {
  const plan = planOf(2, 1);
  const promised = promisedBy(plan, { delivery: ['deployment'] });
  expect(promised).toEqual({
    kinds: ['lint', 'test'],
    delivery: ['deployment'],
    notChecked: plan.notChecked,
    decisions: plan.decisions,
    nothingToDo: undefined,
  });
  expect(parsePromised(JSON.stringify(promised))).toEqual(promised);
});

test('says that there is nothing to do when no package is affected', () => {
  expect(promisedBy(planOf(1, 1), { affected: [] }).nothingToDo).toBe('no package is affected by the changes');
  expect(promisedBy(planOf(1, 1), { affected: ['p0'] }).nothingToDo).toBeUndefined();
});

test.each([
  [10, 10],
  [100, 50],
  [1_000, 2_000],
])('stays within 8 KiB for %i packages and keeps every kind', (packages, length) => {
  const promised = promisedBy(planOf(packages, length));
  const text = JSON.stringify(promised);
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(8_192);
  expect(promised.kinds).toEqual(['lint', 'test']);
  const open = promised.notChecked.map(({ subject }) => /^(\d+) more$/.exec(subject)?.[1] ?? '1');
  expect(open.reduce((sum, count) => sum + Number(count), 0)).toBe(packages);
  expect(parsePromised(text)).toEqual(promised);
});
