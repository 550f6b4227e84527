import { describe, expect, it } from 'vitest';
import { lines, manifest, plan, refusal } from './repository.ts';

describe('the package manager', () => {
  it.each([
    [
      { packageManager: 'pnpm@10.34.8+sha512.abc' },
      ['package-lock.json'],
      { name: 'pnpm', version: '10.34.8', source: 'packageManager', supported: true },
    ],
    [
      { packageManager: 'yarn@4.9.1' },
      [],
      { name: 'yarn', version: '4.9.1', source: 'packageManager', supported: true },
    ],
    [
      { packageManager: 'npm@11.0.0', devEngines: { packageManager: { name: 'pnpm' } } },
      [],
      { name: 'npm', version: '11.0.0', source: 'packageManager', supported: true },
    ],
    [
      { devEngines: { packageManager: { name: 'pnpm', version: '^10' } } },
      ['yarn.lock'],
      { name: 'pnpm', version: '^10', source: 'devEngines', supported: true },
    ],
    [
      { devEngines: { packageManager: [{ name: 'npm' }, { name: 'pnpm' }] } },
      [],
      { name: 'npm', source: 'devEngines', supported: true },
    ],
    [{}, ['package-lock.json'], { name: 'npm', source: 'package-lock.json', supported: true }],
    [{}, ['npm-shrinkwrap.json'], { name: 'npm', source: 'npm-shrinkwrap.json', supported: true }],
    [{}, ['pnpm-lock.yaml'], { name: 'pnpm', source: 'pnpm-lock.yaml', supported: true }],
    [{}, ['yarn.lock'], { name: 'yarn', source: 'yarn.lock', supported: true }],
    [{}, ['bun.lock'], { name: 'bun', source: 'bun.lock', supported: true }],
    [{}, ['bun.lockb'], { name: 'bun', source: 'bun.lockb', supported: true }],
    [{}, ['pnpm-workspace.yaml'], { name: 'pnpm', source: 'pnpm-workspace.yaml', supported: true }],
    [{}, [], { name: 'npm', source: 'default', supported: true }],
  ])('is found for %j with %j', async (fields, files, expected) => {
    const tree = Object.fromEntries(files.map((name) => [name, '']));
    const found = await plan({ 'package.json': manifest({}, [], fields), ...tree });
    expect(found.packageManager).toEqual(expected);
  });

  it('is that of the folders above where the project itself says nothing', async () => {
    const of = async (tree: Record<string, object | string>) => {
      return (await plan({ 'tools/cli/package.json': manifest(), ...tree }, { workingDirectory: 'tools/cli' }))
        .packageManager;
    };
    const pnpm = { 'package.json': manifest({}, [], { packageManager: 'pnpm@10.0.0' }) };
    expect(await of(pnpm)).toMatchObject({ name: 'pnpm', source: 'packageManager' });
    expect(await of({ 'tools/yarn.lock': '', 'pnpm-lock.yaml': '' })).toMatchObject({
      name: 'yarn',
      source: 'yarn.lock',
    });
    expect(await of({ ...pnpm, 'tools/cli/package-lock.json': '' })).toMatchObject({ name: 'pnpm' });
    const own = { 'tools/cli/package.json': manifest({}, [], { packageManager: 'npm@11.0.0' }) };
    expect(await of({ ...pnpm, ...own })).toMatchObject({ name: 'npm', version: '11.0.0' });
  });

  it('is told in one line with what decided', async () => {
    const of = async (tree: Record<string, string>, fields = {}) =>
      lines(await plan({ 'package.json': manifest({}, [], fields), ...tree }))[0];
    expect(await of({}, { packageManager: 'pnpm@10.34.8+sha512.abc' })).toBe(
      'package manager: pnpm 10.34.8 (packageManager)',
    );
    expect(await of({ 'yarn.lock': '' })).toBe('package manager: yarn (yarn.lock)');
    expect(await of({ 'package-lock.json': '', 'pnpm-lock.yaml': '' })).toBe(
      'package manager: pnpm (pnpm-lock.yaml; there are 2 lockfiles: pnpm-lock.yaml, package-lock.json)',
    );
  });

  it('is refused when nobody knows it, with the nearest name', async () => {
    const message = await refusal({ 'package.json': manifest({}, [], { packageManager: 'pnmp@10.0.0' }) });
    expect(message).toMatch(
      /^PIPE-PLAN-009: `packageManager` in package\.json .* Given: "pnmp"\. Accepted: `pnpm` \(nearest\)/,
    );
    const engines = { devEngines: { packageManager: { name: 'cargo' } } };
    expect(await refusal({ 'package.json': manifest({}, [], engines) })).toContain('`devEngines.packageManager.name`');
  });
});
