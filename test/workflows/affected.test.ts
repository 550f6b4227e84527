import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runWorkflow } from '../../src/local/run.ts';
import type { EventRequest } from '../../src/local/run-types.ts';
import { root } from '../../tools/install/root.ts';
import { commit, committed, git } from '../plan/monorepo.ts';
import { summaryOf } from '../support/run-result.ts';
import { temporaryFolder } from '../support/temporary.ts';

const GREEN = 'node --version';

/** A workspace without dependencies of the registry, as npm locks it. */
async function workspace(): Promise<string> {
  const members = { shared: {}, web: { dependencies: { '@m/shared': '*' } }, docs: {} };
  const entries = Object.entries(members).map(([name, rest]) => {
    return [`packages/${name}`, { name: `@m/${name}`, version: '1.0.0', ...rest }] as const;
  });
  const links = entries.map(
    ([folder, { name }]) => [`node_modules/${name}`, { resolved: folder, link: true }] as const,
  );
  const own = { name: 'root', version: '1.0.0', private: true, workspaces: ['packages/*'] };
  const lock = { name: 'root', version: '1.0.0', lockfileVersion: 3, requires: true };
  return committed({
    'package.json': own,
    'package-lock.json': { ...lock, packages: { '': own, ...Object.fromEntries([...links, ...entries]) } },
    '.gitignore': 'node_modules\n',
    ...Object.fromEntries(
      entries.map(([folder, manifest]) => [
        `${folder}/package.json`,
        { ...manifest, scripts: { lint: GREEN, test: GREEN } },
      ]),
    ),
  });
}

/** Runs of check.yml for one repository, one after the other. */
async function repository() {
  const project = await workspace();
  const folders = { cacheFolder: await temporaryFolder(), stateFolder: await temporaryFolder() };
  const run = (event: EventRequest, gate = '') =>
    runWorkflow({ bundle: root, project, workflow: 'check.yml', event, inputs: { gate }, ...folders });
  return { project, run };
}

describe('check.yml on a workspace', () => {
  it('checks what a pull request affects, and the table names the rest as not affected', async () => {
    const { project, run } = await repository();
    git(project, 'checkout', '--quiet', '-b', 'feature');
    await appendFile(join(project, 'packages/shared/a.js'), '');
    commit(project);
    const result = await run({ name: 'pull_request', branch: 'feature', base: 'main' });
    expect(result.exitCode, result.log).toBe(0);
    expect(result.log).toContain('affected: packages/web (depends on packages/shared)');
    expect(result.log).toMatch(/passed packages\/web:test/);
    expect(result.log).not.toMatch(/passed packages\/docs:test/);
    expect(summaryOf(result)).toContain('1 not affected');
  });

  it('takes what passed before for the same tree from the cache, and the table says when and where', async () => {
    const { run } = await repository();
    const first = await run({ name: 'push' }, 'reuse: true');
    expect(first.exitCode, first.log).toBe(0);
    expect(first.log).toMatch(/passed packages\/web:test/);
    const second = await run({ name: 'push' }, 'reuse: true');
    expect(second.exitCode, second.log).toBe(0);
    expect(second.log).toMatch(/reused packages\/web:test \(passed \d{4}-/);
    expect(second.log).not.toMatch(/passed packages\/web:test \(\d/);
    expect(summaryOf(second)).toMatch(/3 packages, 3 of them reused/);
  });
});
