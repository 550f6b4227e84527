import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { runWorkflow } from '../../src/local/run.ts';
import type { EventName } from '../../src/local/run-types.ts';
import { root } from '../../tools/install/root.ts';
import { npmProject } from '../support/project.ts';
import { temporaryFolder } from '../support/temporary.ts';

interface Caller {
  readonly on: Readonly<Record<string, unknown>>;
  readonly jobs: Readonly<
    Record<string, { readonly uses: string; readonly permissions: Readonly<Record<string, string>> }>
  >;
}

const folder = join(root, 'examples/callers');
const callers = await Promise.all(
  (await readdir(folder)).map(async (name) => ({
    name,
    file: parse(await readFile(join(folder, name), 'utf8')) as Caller,
  })),
);

/** Every file that callers copy, with one permission of one job less than it grants, or lower. */
const cases = callers.flatMap(({ name, file }) =>
  Object.entries(file.jobs).flatMap(([id, job]) =>
    Object.keys(job.permissions).map((scope) => {
      const { [scope]: level = '', ...others } = job.permissions;
      // There is no reading of identity tokens.
      const permissions = level === 'write' && scope !== 'id-token' ? { ...others, [scope]: 'read' } : others;
      return { name, id, scope, level, less: { ...file, jobs: { ...file.jobs, [id]: { ...job, permissions } } } };
    }),
  ),
);

it.each(cases)(
  '$name grants $id no more than it needs: with less of $scope nothing starts',
  async ({ scope, level, less }) => {
    const project = await npmProject(undefined, { '.github/workflows/ci.yml': stringify(less) });
    const [event] = Object.keys(less.on) as readonly EventName[];
    const refused = runWorkflow({
      ...{ bundle: root, project, caller: '.github/workflows/ci.yml', event: { name: event ?? 'push' } },
      cacheFolder: await temporaryFolder(),
    });
    await expect(refused).rejects.toThrow(new RegExp(`requesting '[^']*${scope}: ${level}`));
  },
);

it('by hand a release is named by version or commit, with environment, steps and reason, or by a release on GitHub', () => {
  const on = callers.find(({ name }) => name === 'release.yml')?.file.on ?? {};
  const { inputs } = on['workflow_dispatch'] as {
    readonly inputs: Readonly<Record<string, { readonly type: string }>>;
  };
  expect(Object.keys(inputs)).toEqual(['version', 'commit', 'environment', 'steps', 'reason']);
  expect(inputs['environment']?.type).toBe('environment');
  expect(on['release']).toEqual({ types: ['published'] });
});
