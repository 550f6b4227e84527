import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { once } from '../../tools/install/once.ts';
import { root } from '../../tools/install/root.ts';

/** A name below `.tools/` that is gone after the test. */
function place(): { name: string; folder: string } {
  const name = `test-${process.pid}-${Math.random().toString(36).slice(2)}`;
  const folder = join(root, '.tools', name);
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return { name, folder };
}

describe('an installation', () => {
  it('is made once for several that ask at once, and not again later', async () => {
    const { name, folder } = place();
    let count = 0;
    const install = async (into: string) => {
      count += 1;
      await writeFile(join(into, 'tool'), String(count));
    };
    await Promise.all(Array.from({ length: 5 }, () => once(name, '1.0.0', install)));
    await once(name, '1.0.0', install);
    expect(count).toBe(1);
    expect(existsSync(`${folder}.lock`)).toBe(false);
  });

  it('is made again, from nothing, when the last one failed or the pins changed', async () => {
    const { name, folder } = place();
    const broken = async (into: string) => {
      await writeFile(join(into, 'half'), 'made');
      throw new Error('no network');
    };
    await expect(once(name, '1.0.0', broken)).rejects.toThrow('no network');
    await once(name, '1.0.0', (into) => writeFile(join(into, 'tool'), 'first'));
    expect(existsSync(join(folder, 'half'))).toBe(false);
    await once(name, '1.0.1', (into) => writeFile(join(into, 'tool'), 'second'));
    expect(await readFile(join(folder, 'tool'), 'utf8')).toBe('second');
  });

  it('does not wait for a process that has died', async () => {
    const { name, folder } = place();
    await mkdir(`${folder}.lock`, { recursive: true });
    await writeFile(join(`${folder}.lock`, 'pid'), '2147483647');
    await once(name, '1.0.0', (into) => writeFile(join(into, 'tool'), 'made'));
    expect(existsSync(join(folder, 'tool'))).toBe(true);
  });
});
