import { mkdir, readdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { outputsOf, putBack } from '../../src/reuse/outputs.ts';
import type { ReusableTask } from '../../src/reuse/task-keys.ts';
import { temporaryFolder } from '../support/temporary.ts';

function task(directory: string, kind: string): ReusableTask {
  return { id: `${directory}:${kind}`, kind, directory, command: ['x'], path: [], environment: {}, needs: [] };
}

const TASKS = [task('.', 'lint'), task('apps/web', 'build'), task('apps/web', 'test'), task('apps/web/e2e', 'test')];
const FOLDERS = ['.', 'apps/web', 'apps/web/e2e'];

const written = (paths: readonly string[], earlier: readonly string[] = []) => {
  const { byTask, stray } = outputsOf(TASKS, paths, { earlier, folders: FOLDERS });
  return { ...Object.fromEntries(byTask), ...(stray === undefined ? {} : { stray }) };
};

it('gives what tests write to the test of the nearest package, and the rest to its build', () => {
  expect(written(['apps/web/dist/', 'apps/web/.next/', 'apps/web/coverage/', 'apps/web/e2e/test-results/'])).toEqual({
    'apps/web:build': ['apps/web/dist', 'apps/web/.next'],
    'apps/web:test': ['apps/web/coverage'],
    'apps/web/e2e:test': ['apps/web/e2e/test-results'],
  });
});

it('names what belongs to no build: outside of packages, in a package without one, a folder that was there', () => {
  expect(written(['dist/'])).toEqual({ stray: 'dist/' });
  expect(written(['apps/web/e2e/out/'])).toEqual({ stray: 'apps/web/e2e/out/' });
  expect(written(['apps/web/dist/'], ['apps/web/dist/'])).toEqual({ stray: 'apps/web/dist/' });
});

it('passes over caches of tools', () => {
  expect(written(['.turbo/', '.eslintcache', 'apps/web/e2e/tsconfig.tsbuildinfo'])).toEqual({});
});

it('keeps no file that was there before, and none that may hold a secret', () => {
  expect(written(['apps/web/.env', 'apps/web/local.json'], ['apps/web/.env', 'apps/web/local.json'])).toEqual({});
  for (const path of ['apps/web/.env.production', 'apps/web/.npmrc', 'apps/web/tls.pem']) {
    expect(written([path])).toEqual({ stray: path });
  }
});

it('puts nothing back through a link', async () => {
  const own = await temporaryFolder();
  const [workspace, elsewhere, staging] = [join(own, 'workspace'), join(own, 'elsewhere'), join(own, 'staging')];
  await mkdir(join(staging, 'apps/web/dist'), { recursive: true });
  await mkdir(join(workspace, 'apps'), { recursive: true });
  await mkdir(elsewhere);
  await symlink(elsewhere, join(workspace, 'apps/web'));
  await expect(putBack(staging, workspace, ['apps/web/dist'])).rejects.toThrow('is no file and no folder of its own');
  expect(await readdir(elsewhere)).toEqual([]);
});
