import { lstat, mkdir, readdir, readFile, readlink, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { packSite } from '../../src/archive/pack.ts';
import { unpackSite } from '../../src/archive/unpack.ts';
import { capture } from '../../src/runtime/process.ts';
import { temporaryFolder } from '../support/temporary.ts';

let work: string;
let target: string;

beforeEach(async () => {
  work = await temporaryFolder();
  target = join(work, 'unpacked');
  await mkdir(join(work, 'project'));
});

async function write(path: string, content: string): Promise<void> {
  const file = join(work, 'project', path);
  await mkdir(join(file, '..'), { recursive: true });
  await writeFile(file, content);
}

/** An archive by the runner's own tar. */
async function packed(...args: readonly string[]): Promise<string> {
  const archive = join(work, 'site.tar');
  const env = { PATH: process.env['PATH'] ?? '' };
  const { exitCode, stderr } = await capture('tar', ['--create', '--file', archive, ...args], {
    cwd: join(work, 'project'),
    env,
  });
  if (exitCode !== 0) throw new Error(stderr);
  return archive;
}

const LONG = `dist/${'a-long-name/'.repeat(20)}index.html`;

it.each(['gnu', 'ustar', 'pax', 'v7'])('unpacks what tar packs in the format %s', async (format) => {
  await write('dist/index.html', '<h1>shop</h1>');
  await write('dist/.well-known/assetlinks.json', '[]');
  await write('dist/empty.txt', '');
  await write('dist/big.bin', 'x'.repeat(3_000_000));
  const isLong = format === 'gnu' || format === 'pax';
  if (isLong) await write(LONG, 'long');
  await write('dist/grüße.html', 'ü');
  const unpacked = await unpackSite(await packed(`--format=${format}`, 'dist'), target, ['dist']);
  expect(unpacked.files).toBe(isLong ? 6 : 5);
  expect(await readFile(join(target, 'dist/index.html'), 'utf8')).toBe('<h1>shop</h1>');
  expect(await readFile(join(target, 'dist/.well-known/assetlinks.json'), 'utf8')).toBe('[]');
  expect((await stat(join(target, 'dist/big.bin'))).size).toBe(3_000_000);
  expect(await readFile(join(target, 'dist/grüße.html'), 'utf8')).toBe('ü');
  if (isLong) expect(await readFile(join(target, LONG), 'utf8')).toBe('long');
});

it('makes no file executable', async () => {
  await write('dist/run.sh', '#!/bin/sh');
  await packed('--mode=0777', 'dist');
  await unpackSite(join(work, 'site.tar'), target, ['dist']);
  expect((await stat(join(target, 'dist/run.sh'))).mode & 0o111).toBe(0);
});

it('keeps a link to what is in the archive, as prebuilt functions have them', async () => {
  await write('.vercel/output/functions/index.func/index.js', 'x');
  await symlink('index.func', join(work, 'project/.vercel/output/functions/about.func'));
  await unpackSite(await packed('.vercel/output'), target, ['.vercel/output']);
  expect(await readlink(join(target, '.vercel/output/functions/about.func'))).toBe('index.func');
});

describe('refuses the whole archive, and leaves nothing, for', () => {
  async function refusal(archive: string, within = ['dist']): Promise<string> {
    const message = await unpackSite(archive, target, within).then(
      () => 'unpacked',
      (error: Error) => error.message,
    );
    expect(await lstat(target).catch(() => undefined)).toBeUndefined();
    expect((await readdir(work)).sort()).toEqual(['project', 'site.tar']);
    return message;
  }

  beforeEach(() => write('dist/index.html', 'x'));

  it('a path that leads out', async () => {
    const message = await refusal(await packed('--absolute-names', '--transform=s,^dist,../dist,', 'dist'));
    expect(message).toContain('PIPE-ARCHIVE-002');
    expect(message).toContain('it leads out of the folder');
  });

  it('an absolute path', async () => {
    expect(await refusal(await packed('--absolute-names', '--transform=s,^dist,/dist,', 'dist'))).toContain(
      'leads out',
    );
  });

  it('a link that leads out, and one that leads nowhere', async () => {
    await symlink('../../secret', join(work, 'project/dist/link'));
    expect(await refusal(await packed('dist'))).toContain('which is not in the archive');
  });

  it('a file below a link', async () => {
    await symlink('.', join(work, 'project/dist/a'));
    await write('dist/b/c.txt', 'x');
    // The second name is written as if it were below the link of the first.
    const archive = await packed(
      '--transform=s,dist/b/c.txt,dist/a/c.txt,',
      'dist/index.html',
      'dist/a',
      'dist/b/c.txt',
    );
    expect(await refusal(archive)).toContain('dist/a is no folder');
  });

  it('a hard link', async () => {
    await capture('ln', ['dist/index.html', 'dist/same.html'], {
      cwd: join(work, 'project'),
      env: { PATH: process.env['PATH'] ?? '' },
    });
    expect(await refusal(await packed('dist'))).toContain('a hard link is not accepted');
  });

  it('a named pipe', async () => {
    await capture('mkfifo', ['dist/pipe'], { cwd: join(work, 'project'), env: { PATH: process.env['PATH'] ?? '' } });
    expect(await refusal(await packed('dist'))).toContain('an entry of the type "6" is not accepted');
  });

  it('the same path twice', async () => {
    expect(await refusal(await packed('dist/index.html', 'dist/index.html', '--hard-dereference'))).toContain('twice');
  });

  it('what is not part of the build output', async () => {
    await write('firebase.json', '{}');
    expect(await refusal(await packed('dist', 'firebase.json'))).toContain('only dist may be in it');
  });

  it('more than the limits', async () => {
    const archive = await packed('dist');
    await expect(unpackSite(archive, target, ['dist'], { files: 100, bytes: 0 })).rejects.toThrow('PIPE-ARCHIVE-003');
    await expect(unpackSite(archive, target, ['dist'], { files: 1, bytes: 100 })).rejects.toThrow('PIPE-ARCHIVE-003');
  });

  it('what is cut off, and what is no archive', async () => {
    const archive = await packed('dist');
    const whole = await readFile(archive);
    await writeFile(archive, whole.subarray(0, 1_100));
    expect(await refusal(archive)).toContain('PIPE-ARCHIVE-001');
    await writeFile(archive, 'not an archive'.repeat(1_000));
    expect(await refusal(archive)).toContain('PIPE-ARCHIVE-001');
    await writeFile(archive, '');
    expect(await refusal(archive)).toContain('PIPE-ARCHIVE-001');
    expect(await refusal(join(work, 'project'))).toContain('it is no file');
  });
});

describe('what is packed for a job that deploys', () => {
  const surroundings = { environment: { PATH: process.env['PATH'] ?? '' }, signal: new AbortController().signal };
  const pack = (...folders: string[]) =>
    packSite(folders, join(work, 'project'), join(work, 'packed.tar'), surroundings);

  it('comes out as it was, hidden files included, the same bytes each time', async () => {
    await write('apps/web/dist/.well-known/x', '1');
    await write('apps/web/dist/index.html', '2');
    expect(await pack('apps/web/dist', '?apps/web/.vercel/output')).toEqual(['apps/web/dist']);
    const first = await readFile(join(work, 'packed.tar'));
    await write('apps/web/dist/index.html', '2');
    await pack('apps/web/dist');
    expect((await readFile(join(work, 'packed.tar'))).equals(first)).toBe(true);
    await unpackSite(join(work, 'packed.tar'), target, ['apps/web/dist']);
    expect(await readFile(join(target, 'apps/web/dist/.well-known/x'), 'utf8')).toBe('1');
  });

  it('has to be there, unless it may be missing', async () => {
    await expect(pack('dist')).rejects.toThrow(/PIPE-ARCHIVE-004.*the build left no folder "dist"/);
    expect(await pack('?dist')).toEqual([]);
  });
});
