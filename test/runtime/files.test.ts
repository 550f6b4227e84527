import { execFileSync } from 'node:child_process';
import { appendFile, chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConfigurationError } from '../../src/runtime/errors.ts';
import { contains, insideWorkspace, readTextFile } from '../../src/runtime/files.ts';
import { temporaryFolder } from '../support/temporary.ts';

async function refusal(path: string, limit?: number, within?: string) {
  const error = await readTextFile(path, limit, within).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(ConfigurationError);
  return (error as ConfigurationError).faults[0];
}

describe('a text file of the project', () => {
  it('is read as UTF-8 without its byte order mark', async () => {
    const file = join(await temporaryFolder(), 'file');
    await writeFile(file, '\ufeffä€😀\r\n');
    expect(await readTextFile(file)).toBe('ä€😀\r\n');
    await writeFile(file, '');
    expect(await readTextFile(file)).toBe('');
  });

  it('that is not there is undefined', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'file'), '');
    expect(await readTextFile(join(folder, 'missing'))).toBeUndefined();
    expect(await readTextFile(join(folder, 'missing'), 10, folder)).toBeUndefined();
    expect(await readTextFile(join(folder, 'file/x'))).toBeUndefined();
  });

  it('may be as large as the limit and not one byte larger', async () => {
    const file = join(await temporaryFolder(), 'file');
    await writeFile(file, 'x'.repeat(200_000));
    expect(await readTextFile(file, 200_000)).toHaveLength(200_000);
    expect(await refusal(file, 199_999)).toMatchObject({
      code: 'PIPE-FILE-001',
      given: expect.stringMatching(/200000 bytes/),
    });
    await writeFile(file, 'x'.repeat(5_000_000));
    expect(await refusal(file)).toMatchObject({ code: 'PIPE-FILE-001', accepted: 'at most 4194304 bytes' });
  });

  it.each([
    ['a NUL byte', Buffer.from('a\0b'), 'a NUL byte'],
    ['half a character', Buffer.from([0x61, 0xe2, 0x82]), 'not UTF-8'],
    ['Latin-1', Buffer.from('ä', 'latin1'), 'not UTF-8'],
    ['UTF-16', Buffer.from('\ufeffab', 'utf16le'), 'NUL'],
  ])('with %s is refused by name', async (_, bytes, reason) => {
    const file = join(await temporaryFolder(), 'package.json');
    await writeFile(file, bytes);
    const fault = await refusal(file);
    expect(fault).toMatchObject({ code: 'PIPE-FILE-002', what: expect.stringMatching(/package\.json/) });
    expect(fault?.given).toContain(reason);
  });

  it.each([
    ['a folder', 'it is a folder', (path: string) => mkdir(path)],
    ['a pipe that nobody writes to', 'not a regular file', (path: string) => execFileSync('mkfifo', [path])],
    ['a link to a device without an end', 'not a regular file', (path: string) => symlink('/dev/zero', path)],
    ['a link to a terminal', 'not a regular file', (path: string) => symlink('/dev/tty', path)],
    ['a link to itself', 'ELOOP', (path: string) => symlink(path, path)],
  ])('that is %s is refused and never waited for', async (_, reason, make) => {
    const path = join(await temporaryFolder(), 'file');
    await make(path);
    const fault = await refusal(path);
    expect(fault).toMatchObject({ code: 'PIPE-FILE-003' });
    expect(fault?.what).toContain(reason);
  });

  it.each(['a\0b', 'x'.repeat(300), 'x/'.repeat(5_000)])(
    'with a name that no file has is refused: %#',
    async (name) => {
      expect(await refusal(join(await temporaryFolder(), name))).toMatchObject({ code: 'PIPE-FILE-003' });
    },
  );

  it('shows a hostile name as text', async () => {
    const path = join(await temporaryFolder(), 'a\n::error::\u202eb');
    await mkdir(path);
    expect((await refusal(path))?.what).toContain('a\\n::error::\\u202eb');
  });

  it('that says it is empty is read to its end all the same, and not beyond the limit', async () => {
    // Files of /proc have size 0.
    expect((await readTextFile('/proc/self/status'))?.length).toBeGreaterThan(500);
    expect(await refusal('/proc/self/status', 100)).toMatchObject({ code: 'PIPE-FILE-001' });
    expect(await refusal('/proc/self/environ')).toMatchObject({ code: 'PIPE-FILE-002' });
  });

  it('that grows while it is read stays below the limit', async () => {
    const file = join(await temporaryFolder(), 'file');
    await writeFile(file, 'x'.repeat(1_000));
    const growing = appendFile(file, 'x'.repeat(100_000));
    const read = await readTextFile(file, 2_000).catch((error: unknown) => error);
    await growing;
    expect(typeof read === 'string' ? read.length <= 2_000 : read instanceof ConfigurationError).toBe(true);
  });

  it('may be a link inside the project, and not one that leads out of it', async () => {
    const folder = await temporaryFolder();
    const project = join(folder, 'project');
    await mkdir(join(project, 'apps'), { recursive: true });
    await writeFile(join(project, 'inside'), 'inside');
    await writeFile(join(folder, 'outside'), 'hunter2');
    await symlink('../inside', join(project, 'apps/in'));
    await symlink('../../outside', join(project, 'apps/out'));
    await symlink('..', join(project, 'parent'));
    expect(await readTextFile(join(project, 'apps/in'), 100, project)).toBe('inside');
    for (const path of ['apps/out', 'parent/outside']) {
      const fault = await refusal(join(project, path), 100, project);
      expect(fault).toMatchObject({ code: 'PIPE-FILE-003', what: expect.stringMatching(/leads out of the project/) });
    }
    expect(await readTextFile(join(project, 'apps/out'))).toBe('hunter2');
  });
});

describe('a path and a folder', () => {
  it.each([
    ['/a', '/a', true],
    ['/a', '/a/b', true],
    ['/a', '/ab', false],
    ['/a', '/', false],
    ['/a', '/a/../b', false],
    ['/a', '/a/..b', true],
    ['/a', '/a/...', true],
    ['/', '/a', true],
  ])('%s contains %s: %s', (folder, path, expected) => {
    expect(contains(folder, path)).toBe(expected);
  });

  it('are compared where links lead, also in the name of the workspace itself', async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'real/apps'), { recursive: true });
    await symlink('real', join(folder, 'link'));
    expect(await insideWorkspace(join(folder, 'link'), 'apps')).toBe(join(folder, 'real/apps'));
    expect(await insideWorkspace(join(folder, 'link'), join(folder, 'link/apps'))).toBe(join(folder, 'link/apps'));
    expect(await insideWorkspace(join(folder, 'real'), join(folder, 'real'))).toBe(join(folder, 'real'));
    expect(await insideWorkspace(join(folder, 'real/apps'), '../apps/x')).toBe(join(folder, 'real/apps/x'));
  });

  it('of a workspace that is not there are no stack trace', async () => {
    expect(await insideWorkspace('/no/such/workspace', 'a')).toBe('/no/such/workspace/a');
    expect(await insideWorkspace('/no/such/workspace', '..')).toBeUndefined();
  });

  it('that can not be entered is a coded error for another user than root', async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'closed/inside'), { recursive: true });
    await chmod(join(folder, 'closed'), 0);
    const found = await insideWorkspace(folder, 'closed/inside').catch((error: unknown) => error);
    await chmod(join(folder, 'closed'), 0o700);
    expect(found === join(folder, 'closed/inside') || found instanceof ConfigurationError).toBe(true);
  });
});
