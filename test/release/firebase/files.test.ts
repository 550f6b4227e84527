import { spawnSync } from 'node:child_process';
import { mkdir, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { contentOf, inParallel, readContents } from '../../../src/release/targets/firebase/content.ts';
import { type FolderLimits, LIMITS, listFiles, type SiteFile } from '../../../src/release/targets/firebase/files.ts';
import { temporaryFolder, writeFiles } from '../../support/temporary.ts';

async function list(
  folder: string,
  ignore: readonly string[] = [],
  limits: FolderLimits = LIMITS,
): Promise<readonly string[]> {
  return (await listFiles(join(folder, 'dist'), ignore, folder, limits)).map(({ path }) => path);
}

it('finds every file that is not ignored, in order, also hidden ones and those behind links that stay inside', async () => {
  const folder = await temporaryFolder();
  const files = ['b.txt', 'a/c.txt', 'a/.env', '.well-known/x', 'node_modules/m/index.js', 'firebase-debug.log'];
  await writeFiles(folder, Object.fromEntries(files.map((file) => [`dist/${file}`, file])));
  await symlink('a', join(folder, 'dist/linked'));
  await symlink('../b.txt', join(folder, 'dist/a/up.txt'));
  expect(await list(folder, ['**/node_modules/**', '**/.*'])).toEqual([
    '/.well-known/x',
    '/a/c.txt',
    '/a/up.txt',
    '/b.txt',
    '/linked/c.txt',
    '/linked/up.txt',
  ]);
});

it('refuses a link that leads out, whatever it names, and follows none', async () => {
  const folder = await temporaryFolder();
  await writeFiles(folder, { 'secret.txt': 'secret', 'dist/index.html': 'x' });
  await symlink('../secret.txt', join(folder, 'dist/stolen.txt'));
  await expect(list(folder)).rejects.toThrow('PIPE-FIREBASE-005');
  await expect(list(folder)).rejects.toThrow('a link that leads out of the folder');
  const other = await temporaryFolder();
  await writeFiles(other, { 'dist/index.html': 'x' });
  await symlink('/etc', join(other, 'dist/etc'));
  await expect(list(other)).rejects.toThrow('a link that leads out of the folder');
  // Also where its name is ignored: what lies behind it is not.
  await expect(list(other, ['etc'])).rejects.toThrow('a link that leads out of the folder');
  await expect(list(other, ['etc/**'])).rejects.toThrow('a link that leads out of the folder');
});

it('publishes no history: the folder of git is refused where only hidden names are left out', async () => {
  const folder = await temporaryFolder();
  await writeFiles(folder, { 'dist/index.html': 'x', 'dist/.git/config': 'token', 'dist/deep/.git/HEAD': 'x' });
  await expect(list(folder, ['**/.*'])).rejects.toThrow('it holds all history');
  expect(await list(folder, ['**/.git/**'])).toEqual(['/index.html']);
  await symlink('.git/config', join(folder, 'dist/harmless.txt'));
  await expect(list(folder, ['**/.git/**'])).rejects.toThrow('it holds all history');
});

it('refuses a folder that is itself a link to elsewhere', async () => {
  const [folder, elsewhere] = [await temporaryFolder(), await temporaryFolder()];
  await writeFiles(elsewhere, { 'index.html': 'x' });
  await symlink(elsewhere, join(folder, 'dist'));
  await expect(list(folder)).rejects.toThrow('PIPE-FIREBASE-004');
});

it('ends where links go in circles', async () => {
  const folder = await temporaryFolder();
  await writeFiles(folder, { 'dist/a/one.txt': 'x', 'dist/b/two.txt': 'x' });
  await symlink('..', join(folder, 'dist/a/again'));
  await symlink('../b', join(folder, 'dist/a/b'));
  await symlink('../a', join(folder, 'dist/b/a'));
  const found = await list(folder);
  expect(found).toEqual(expect.arrayContaining(['/a/one.txt', '/b/two.txt', '/a/b/two.txt', '/b/a/one.txt']));
  expect(found.length).toBeLessThan(20);
});

it('refuses what is no file, links to nothing, and names that no address holds', async () => {
  const folder = await temporaryFolder();
  await writeFiles(folder, { 'dist/index.html': 'x', 'dist/line\nbreak': 'x' });
  spawnSync('mkfifo', [join(folder, 'dist/pipe')]);
  await symlink('nothing', join(folder, 'dist/dangling'));
  await writeFile(Buffer.from(`${folder}/dist/\xff`, 'latin1'), 'not UTF-8');
  const failure = String(await list(folder).catch(String));
  expect(failure).toContain('neither a file nor a folder');
  expect(failure).toContain('a link to what is not there');
  expect(failure).toContain('"line\\nbreak"');
  expect(failure.match(/PIPE-FIREBASE-005/g)).toHaveLength(4);
  expect(failure.match(/a name that no address can hold/g)).toHaveLength(2);
});

it('has limits for files, sizes and depth, and names what is beyond them', async () => {
  const folder = await temporaryFolder();
  await writeFiles(folder, { 'dist/a/b/c.txt': '12345', 'dist/d.txt': '123', 'dist/e.txt': '12' });
  await expect(list(folder, [], { ...LIMITS, files: 2 })).rejects.toThrow('more than 2 files');
  await expect(list(folder, [], { ...LIMITS, fileSize: 4 })).rejects.toThrow('5 bytes; at most 4');
  await expect(list(folder, [], { ...LIMITS, total: 9 })).rejects.toThrow('more than 9 bytes in all');
  await expect(list(folder, [], { ...LIMITS, depth: 2 })).rejects.toThrow('folders in folders');
  expect(await list(folder, [], { files: 3, fileSize: 5, total: 10, depth: 3 })).toHaveLength(3);
  // A hole costs nothing on disk, and a machine to compress.
  await truncate(join(folder, 'dist/d.txt'), LIMITS.fileSize + 1);
  await expect(list(folder)).rejects.toThrow('/d.txt'.slice(1));
});

it('says what to do when there is no folder, or nothing in it', async () => {
  const folder = await temporaryFolder();
  await expect(list(folder)).rejects.toThrow('there is no such folder');
  await mkdir(join(folder, 'dist'));
  await expect(list(folder)).rejects.toThrow('it holds no file that is not ignored');
  await writeFiles(folder, { 'dist/.hidden': 'x' });
  await expect(list(folder, ['**/.*'])).rejects.toThrow('it holds no file that is not ignored');
});

it('compresses the same file to the same bytes, whatever its name and age', async () => {
  const folder = await temporaryFolder();
  await writeFiles(folder, { 'dist/a.txt': 'text '.repeat(500), 'dist/b.txt': 'text '.repeat(500) });
  const files = await listFiles(join(folder, 'dist'), [], folder);
  const [one, two] = await Promise.all(files.map(contentOf));
  expect(one?.hash).toBe(two?.hash);
  expect(gunzipSync(one?.bytes ?? '').toString('utf8')).toBe('text '.repeat(500));
  // Neither a name nor a time in the header (RFC 1952, 2.3).
  expect(one?.bytes.subarray(3, 8).toString('hex')).toBe('0000000000');
  const { hashes, files: byHash } = await readContents(files);
  expect([...hashes.keys()]).toEqual(['/a.txt', '/b.txt']);
  expect(byHash.size).toBe(1);
});

it('notices a file that changes between the look and the upload, and one that became a link', async () => {
  const folder = await temporaryFolder();
  await writeFiles(folder, { 'dist/a.txt': 'one', 'secret.txt': 'two' });
  const files = await listFiles(join(folder, 'dist'), [], folder);
  const contents = await readContents(files);
  const [hash = ''] = contents.files.keys();
  await contents.bytes(hash);
  await writeFiles(folder, { 'dist/a.txt': 'two' });
  await expect(contents.bytes(hash)).rejects.toThrow('changed while it was deployed');
  const file: SiteFile = { path: '/x', file: join(folder, 'dist/link'), size: 3 };
  await symlink('../secret.txt', file.file);
  await expect(contentOf(file)).rejects.toThrow('PIPE-FIREBASE-005');
});

it('works at the width given, and stops at the first failure', async () => {
  let busy = 0;
  let most = 0;
  const seen: number[] = [];
  await inParallel([1, 2, 3, 4, 5, 6, 7], 3, async (item) => {
    busy += 1;
    most = Math.max(most, busy);
    await new Promise((resolve) => setImmediate(resolve));
    busy -= 1;
    seen.push(item);
  });
  expect([most, seen.sort()]).toEqual([3, [1, 2, 3, 4, 5, 6, 7]]);
  const begun: number[] = [];
  const fails = inParallel([1, 2, 3, 4, 5], 1, async (item) => {
    begun.push(item);
    if (item === 2) throw new Error('two');
  });
  await expect(fails).rejects.toThrow('two');
  expect(begun).toEqual([1, 2]);
});
