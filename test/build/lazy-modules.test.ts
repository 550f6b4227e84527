import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { withLateModules } from '../../tools/build/lazy-modules.ts';
import { temporaryFolder } from '../support/temporary.ts';

const external = (id: string) => `module.exports = require("${id}");`;

/** Runs code that has a module of Node as `late`, and what `report` says of it as JSON. */
async function run(id: string, report: string): Promise<unknown> {
  const folder = await temporaryFolder();
  const code = `const loaded = () => process.moduleLoadList.includes('NativeModule ' + '${id}'.slice(5));
    const module_ = { exports: {} };
    (module => { ${withLateModules(external(id))} })(module_);
    const late = module_.exports;
    (async () => { process.stdout.write(JSON.stringify(await (async () => { ${report} })())); })();`;
  await writeFile(join(folder, 'program.cjs'), code);
  const { stdout, stderr } = spawnSync(process.execPath, [join(folder, 'program.cjs')], { encoding: 'utf8' });
  expect(stderr).toBe('');
  return JSON.parse(stdout) as unknown;
}

describe("a module of Node in the bundle's code", () => {
  it('is loaded when it is first used, not before', async () => {
    const report = `const before = loaded(); late.__esModule; const asked = loaded();
      late.createHash('sha256'); return [before, asked, loaded()];`;
    expect(await run('node:crypto', report)).toEqual([false, false, true]);
  });

  it('has every name that it has elsewhere, and the same values', async () => {
    const report = `const own = require('node:zlib');
      return [Object.keys(late).length === Object.keys(own).length, 'gzip' in late, 'no' in late, late.gzip === own.gzip,
        Object.getOwnPropertyNames(late).every((name) => late[name] === own[name]), { ...late }.gzip === own.gzip];`;
    expect(await run('node:zlib', report)).toEqual([true, true, false, true, true, true]);
  });

  it('can be a promised value', async () => {
    expect(await run('node:timers/promises', 'return typeof (await Promise.resolve(late)).setTimeout;')).toBe(
      'function',
    );
  });

  it.each(['node:path', 'node:fs', 'node:events'])('is left as it is where it is there anyway: %s', (id) => {
    expect(withLateModules(external(id))).toBe(external(id));
  });

  it('of somebody else’s package is left as it is', () => {
    expect(withLateModules(external('http'))).toBe(external('http'));
  });
});
