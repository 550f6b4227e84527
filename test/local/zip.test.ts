import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readZip, writeZip } from '../../src/local/state/zip.ts';
import { temporaryFolder, writeTree } from './fixtures.ts';

const FILES: Readonly<Record<string, Buffer>> = {
  'empty.txt': Buffer.alloc(0),
  'dist/ü 日本.js': Buffer.from('text '.repeat(100_000)),
  'dist/noise.bin': randomBytes(200_000),
};

const sources = (files: Readonly<Record<string, Buffer>>) =>
  Object.entries(files).map(([path, bytes]) => ({ path, read: async () => bytes }));

async function contents(archive: Buffer): Promise<Record<string, Buffer>> {
  const found: Record<string, Buffer> = {};
  for await (const { path, bytes } of readZip(archive)) found[path] = bytes;
  return found;
}

/** The witness: Python's own reader and writer. */
const python = (folder: string, ...args: readonly string[]) =>
  execFileSync('python3', ['-m', 'zipfile', ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, PYTHONUTF8: '1' },
  });

describe('an archive', () => {
  test.each([0, 6, 9])('of level %i is read by others, and is the same for the same files', async (level) => {
    const folder = temporaryFolder('zip');
    const size = await writeZip(join(folder, 'a.zip'), sources(FILES), level);
    await writeZip(join(folder, 'b.zip'), sources(FILES), level);
    const bytes = readFileSync(join(folder, 'a.zip'));
    expect(bytes.length).toBe(size);
    expect(readFileSync(join(folder, 'b.zip')).equals(bytes)).toBe(true);
    expect(python(folder, '-t', 'a.zip')).toContain('Done testing');
    python(folder, '-e', 'a.zip', 'out');
    for (const [path, content] of Object.entries(FILES)) {
      expect(readFileSync(join(folder, 'out', path)).equals(content)).toBe(true);
    }
    expect(size < 400_000).toBe(level > 0);
  });

  test('made by others is read, folders left out', async () => {
    const folder = writeTree(temporaryFolder('zip'), { 'in/a.txt': 'a'.repeat(10_000), 'in/sub/ü.txt': 'u' });
    mkdirSync(join(folder, 'in/empty'));
    python(folder, '-c', 'made.zip', 'in');
    const found = await contents(readFileSync(join(folder, 'made.zip')));
    expect(Object.entries(found).map(([path, bytes]) => [path, bytes.length])).toEqual([
      ['in/a.txt', 10_000],
      ['in/sub/ü.txt', 1],
    ]);
  });

  test('that is damaged, none, or leads out of its folder is refused', async () => {
    const folder = temporaryFolder('zip');
    const archive = join(folder, 'a.zip');
    await writeZip(archive, sources({ 'a.txt': randomBytes(50_000) }));
    const bytes = readFileSync(archive);
    await expect(contents(Buffer.from('no archive'))).rejects.toThrow('this is no zip archive');
    for (const at of [5_000, bytes.length - 30, bytes.length - 60]) {
      const broken = Buffer.from(bytes);
      broken.fill(0xff, at, at + 4);
      await expect(contents(broken)).rejects.toThrow(/damaged|no zip|cannot be read|leads out/);
    }
    writeFileSync(join(folder, 'evil.py'), "import zipfile\nzipfile.ZipFile('evil.zip', 'w').writestr('../x', 'x')\n");
    execFileSync('python3', ['evil.py'], { cwd: folder });
    await expect(contents(readFileSync(join(folder, 'evil.zip')))).rejects.toThrow('leads out of its folder');
  });
});
