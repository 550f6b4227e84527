import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { installOnce } from './tools.ts';

let base: string;
let folder: string;
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'install-'));
  folder = join(base, 'tools');
});
afterEach(() => rm(base, { recursive: true, force: true }));

describe('installOnce', () => {
  it('installs once for several that start at once, and not again later', async () => {
    let count = 0;
    const install = async (target: string): Promise<void> => {
      count += 1;
      await writeFile(join(target, 'tool'), `${count}`);
    };
    await Promise.all(Array.from({ length: 5 }, () => installOnce(folder, ['package.json'], install)));
    await installOnce(folder, ['package.json'], install);
    expect(count).toBe(1);
    expect(existsSync(`${folder}.lock`)).toBe(false);
  });

  it('installs again, from nothing, when the manifest changed or the last time failed', async () => {
    await expect(installOnce(folder, ['package.json'], () => Promise.reject(new Error('no network')))).rejects.toThrow(
      'no network',
    );
    await writeFile(join(folder, 'half'), 'made');
    await installOnce(folder, ['package.json'], (target) => writeFile(join(target, 'tool'), 'first'));
    expect(existsSync(join(folder, 'half'))).toBe(false);
    await installOnce(folder, ['requirements.txt'], (target) => writeFile(join(target, 'tool'), 'second'));
    expect(await readFile(join(folder, 'tool'), 'utf8')).toBe('second');
  });

  it('takes over the lock of a process that has died', async () => {
    await mkdir(`${folder}.lock`);
    await writeFile(join(`${folder}.lock`, 'pid'), '2147483647');
    await installOnce(folder, ['package.json'], (target) => writeFile(join(target, 'tool'), 'made'));
    expect(existsSync(join(folder, 'tool'))).toBe(true);
  });
});
