import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { root } from '../../tools/install/root.ts';

interface Job {
  readonly needs?: string | readonly string[];
  readonly if?: string;
  readonly concurrency?: unknown;
  readonly 'timeout-minutes'?: number;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly steps?: readonly { readonly uses?: string; readonly with?: Readonly<Record<string, unknown>> }[];
}

interface Workflow {
  readonly concurrency?: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
}

const folder = join(root, '.github/workflows');
const names = (await readdir(folder)).filter((name) => !name.startsWith('ci-'));
const files = await Promise.all(
  names.map(async (name) => ({ name, file: parse(await readFile(join(folder, name), 'utf8')) as Workflow })),
);
const ways = files.flatMap(({ name, file }) =>
  file.jobs['rollback'] === undefined ? [] : [{ name, file, job: file.jobs['rollback'] }],
);

it('is there in every workflow that moves traffic', () => {
  const moving = files.filter(({ file }) =>
    Object.values(file.jobs).some(({ steps = [] }) => steps.some(({ uses = '' }) => uses === '$/actions/promote')),
  );
  const back = ways.map(({ name }) => name);
  expect(back).toEqual(expect.arrayContaining(moving.map(({ name }) => name)));
  expect(back).toContain('rollback.yml');
});

describe.each(ways)('the way back in $name', ({ name, file, job }) => {
  it('waits for nobody: it is in no concurrency group, and ends soon', () => {
    expect(file.concurrency).toBeUndefined();
    expect(job.concurrency).toBeUndefined();
    expect(job['timeout-minutes']).toBeLessThanOrEqual(10);
  });

  it('is one step that needs no checkout, no package and no build', () => {
    const uses = (job.steps ?? []).map((step) => step.uses ?? '').filter((step) => step.startsWith('$/'));
    expect(uses).toEqual(['$/actions/rollback']);
    expect(job.permissions).toEqual({ 'id-token': 'write' });
  });

  it('comes also when a runner was lost or somebody cancelled, never because of what follows a release', () => {
    if (name === 'rollback.yml') return expect(job.needs).toBeUndefined();
    expect(job.if).toMatch(/^\$\{\{ always\(\) && /);
    expect(job.if).toMatch(/result == 'failure' \|\| needs\.\w+\.result == 'cancelled'/);
    expect(job.needs).not.toContain('github-release');
  });

  it('is never told of two places at once', () => {
    const { release, target } = job.steps?.find(({ uses }) => uses === '$/actions/rollback')?.with ?? {};
    expect(release).toBeDefined();
    // The action refuses both: where both are passed on, one of them is empty.
    if (target !== undefined) expect(String(target)).toMatch(/(inputs\.release|previous-release) == ''/);
  });
});
