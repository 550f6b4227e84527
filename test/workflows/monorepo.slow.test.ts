import { describe, expect, it } from 'vitest';
import { runWorkflow } from '../../src/local/run.ts';
import { root } from '../../tools/install/root.ts';
import { exampleProject } from '../support/project.ts';
import { temporaryFolder } from '../support/temporary.ts';

describe('the example of a monorepo, with pnpm and Next.js', () => {
  it('is checked package by package, in the order of its dependencies', async () => {
    const result = await runWorkflow({
      bundle: root,
      project: await exampleProject('pnpm-monorepo'),
      workflow: 'check.yml',
      cacheFolder: await temporaryFolder(),
    });
    expect(result.exitCode, result.log).toBe(0);
    const ended = [...result.log.matchAll(/^.*passed (\S+:\S+) \(/gm)].map((match) => match[1] ?? '');
    const position = (id: string) => {
      expect(ended).toContain(id);
      return ended.indexOf(id);
    };
    expect(position('packages/shared:build')).toBeLessThan(position('apps/backend:typecheck'));
    expect(position('packages/shared:build')).toBeLessThan(position('apps/frontend:build'));
    expect(position('apps/frontend:build')).toBeLessThan(position('apps/frontend:typecheck'));
  });

  it('is checked for one package, with the builds of those that it depends on', async () => {
    const project = await exampleProject('pnpm-monorepo');
    const inputs = { 'working-directory': 'apps/backend' };
    const result = await runWorkflow({
      bundle: root,
      project,
      workflow: 'check.yml',
      inputs,
      cacheFolder: await temporaryFolder(),
    });
    expect(result.exitCode, result.log).toBe(0);
    expect(result.log).toMatch(/passed packages\/shared:build/);
    expect(result.log).not.toContain('frontend:build');
  });
});
