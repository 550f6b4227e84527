import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, mkdir, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import ts from 'typescript';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';

// The service as it is started in production: a process of its own, from compiled files. They are
// compiled here because dist/ may be missing or older than the sources.
const root = join(import.meta.dirname, '..');
let folder = '';
const processes: ChildProcess[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'link-service-'));
  await mkdir(join(folder, 'dist'));
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  await writeFile(join(folder, 'package.json'), '{"type":"module","version":"4.5.6"}');
  for (const file of await readdir(join(root, 'src'))) {
    const source = await readFile(join(root, 'src', file), 'utf8');
    const { outputText } = ts.transpileModule(source, {
      compilerOptions: {
        target: ts.ScriptTarget.ES2023,
        module: ts.ModuleKind.ESNext,
        rewriteRelativeImportExtensions: true,
      },
    });
    await writeFile(join(folder, 'dist', file.replace(/\.ts$/, '.js')), outputText);
  }
});

afterEach(() => {
  for (const child of processes.splice(0)) child.kill('SIGKILL');
});

afterAll(() => rm(folder, { recursive: true }));

function start(env: Record<string, string>) {
  const child = spawn(process.execPath, ['dist/main.js'], {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  processes.push(child);
  return child;
}

it('lets a request in flight end after SIGTERM, takes no new one, and exits with 0', async () => {
  const child = start({ PORT: '0' });
  const exit = once(child, 'exit');
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const nextMessage = async () => {
    const { value } = (await lines.next()) as { value: string };
    return (JSON.parse(value) as { message: string }).message;
  };
  const listening = await nextMessage();
  expect(listening).toMatch(/^Listening on 0\.0\.0\.0:\d+$/);
  const url = `http://127.0.0.1:${listening.split(':')[1]}`;
  expect(await (await fetch(`${url}/health`)).json()).toMatchObject({ version: '4.5.6' });
  expect(await nextMessage()).toBe('GET /health 200');

  const inFlight = request(`${url}/links`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', expect: '100-continue' },
  });
  inFlight.write('{"url":');
  await once(inFlight, 'continue');
  child.kill('SIGTERM');
  expect(await nextMessage()).toBe('Stopping');
  await expect(fetch(`${url}/health`)).rejects.toThrow();

  inFlight.end('"https://example.org"}');
  const [response] = (await once(inFlight, 'response')) as [{ statusCode: number }];
  expect(response.statusCode).toBe(201);
  expect(await exit).toEqual([0, null]);
});

it('cuts off a request that outlasts the grace', async () => {
  const child = start({ PORT: '0', SHUTDOWN_GRACE_MS: '50' });
  const exit = once(child, 'exit');
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  const port = /:(\d+)"/.exec(line)?.[1];
  const stuck = request(`http://127.0.0.1:${port}/links`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', expect: '100-continue' },
  });
  stuck.flushHeaders();
  await once(stuck, 'continue');
  const cutOff = once(stuck, 'error');
  child.kill('SIGTERM');
  await cutOff;
  expect(await exit).toEqual([0, null]);
});

it('says what is wrong with its environment and exits with 1', async () => {
  const child = start({ PORT: 'http' });
  const exit = once(child, 'exit');
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  expect(JSON.parse(line)).toMatchObject({
    severity: 'ERROR',
    message: 'The service did not start. Invalid environment: PORT: must be a whole number',
  });
  expect(await exit).toEqual([1, null]);
});
