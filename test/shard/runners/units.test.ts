import { relative } from 'node:path';
import { expect, test } from 'vitest';
import { inseparable, type ProjectFiles } from '../../../src/shard/runners/units.ts';

/** Whether vitest, given one absolute file as a filter, also selects another one of a project. */
function selects(filter: string, file: string, folder: string): boolean {
  const [wanted, path] = [filter, file].map((one) => relative(folder, one).toLowerCase());
  return file.startsWith(filter) || (path ?? '').includes(wanted ?? '');
}

/** The same groups, by asking for every pair until nothing changes. */
function groupsOf(projects: readonly ProjectFiles[]): string[][] {
  const all = [...new Set(projects.flatMap(({ files }) => files))];
  let groups = all.map((file) => [file]);
  const belong = (one: string, other: string) =>
    projects.some(({ folder, files }) => files.includes(other) && selects(one, other, folder));
  for (;;) {
    const pair = groups.flatMap((group, index) => {
      const next = groups.findIndex(
        (later, at) => at > index && group.some((a) => later.some((b) => belong(a, b) || belong(b, a))),
      );
      return next === -1 ? [] : [[index, next] as const];
    })[0];
    if (pair === undefined) return groups.map((group) => group.sort()).sort();
    const [into, from] = pair;
    groups = groups.flatMap((group, index) =>
      index === from ? [] : [index === into ? [...group, ...(groups[from] ?? [])] : group],
    );
  }
}

test('groups files as vitest’s filters select them, whatever their names', () => {
  let seed = 7;
  const pick = <T>(values: readonly T[]): T => {
    seed = (seed * 48_271) % 2_147_483_647;
    return values[seed % values.length] as T;
  };
  const file = (folder: string) => {
    const folders = [pick(['', 'a/', 'A/', 'a/b/']), pick(['', 'b/', 'ba/'])].join('');
    return `${folder}/${folders}${pick(['', 'x'])}${pick(['a', 'b', 'B', 'index'])}.test.${pick(['js', 'jsx', 'ts'])}`;
  };
  let grouped = 0;
  for (let round = 0; round < 200; round += 1) {
    const projects = ['/w', pick(['/w', '/w/a', '/v/a'])].map((folder) => ({
      folder,
      files: Array.from({ length: pick([1, 5, 12]) }, () => file(pick(['/w', folder]))),
    }));
    const units = inseparable(projects);
    expect(units.map((unit) => [...unit]).sort()).toEqual(groupsOf(projects));
    grouped += units.filter((unit) => unit.length > 1).length;
  }
  // So that the comparison is about something.
  expect(grouped).toBeGreaterThan(100);
});
