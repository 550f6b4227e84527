import { once } from 'node:events';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openReuse, type Reuse } from '../../src/reuse/reuse.ts';
import { createLog } from '../../src/runtime/log.ts';
import { runGateAction } from '../gate/source-gate.ts';
import { committed } from '../plan/monorepo.ts';
import { serveCache } from '../support/cache/serve.ts';
import { machine } from '../support/run-dist.ts';
import { temporaryFolder } from '../support/temporary.ts';

const PUSH = { ref: 'refs/heads/main', before: '1'.repeat(40), after: '2'.repeat(40) };

/** A project whose packages each have a build, and a cache service whose storage can be told to answer no more. */
async function setting(packages: readonly string[]) {
  const folder = await committed({
    'package.json': { name: 'root', private: true, workspaces: ['*'] },
    '.gitignore': 'dist\n',
    ...Object.fromEntries(packages.map((name) => [`${name}/package.json`, { name }])),
  });
  const own = await temporaryFolder();
  for (const name of ['cache', 'temp']) await mkdir(join(own, name));
  await writeFile(join(own, 'event.json'), JSON.stringify(PUSH));
  const service = await serveCache({ folder: join(own, 'cache') });
  onTestFinished(() => service.close());
  const storage = await inFrontOf(service.url);
  const environment = {
    ...machine(),
    ...service.environment,
    ...{ ACTIONS_RESULTS_URL: storage.url, NO_PROXY: '127.0.0.1', GITHUB_REPOSITORY: 'acme/api' },
    ...{ GITHUB_EVENT_NAME: 'push', GITHUB_EVENT_PATH: join(own, 'event.json') },
  };
  const said: string[] = [];
  const tasks = packages.map((directory) => {
    return {
      id: `${directory}:build`,
      kind: 'build',
      directory,
      command: ['make'],
      path: [],
      environment: {},
      needs: [],
    };
  });
  const open = async (run: number, timeout: number): Promise<Reuse | undefined> => {
    return openReuse({
      ...{ tasks, root: '.', manager: 'npm', compose: false, packs: false, coverage: false, workspace: folder },
      packages: packages.map((directory) => ({ directory, dependsOn: [] })),
      taskEnvironment: machine(),
      access: {
        environment: { ...environment, GITHUB_RUN_ID: String(run), GITHUB_RUN_ATTEMPT: '1' },
        ...{ temp: join(own, 'temp'), signal: new AbortController().signal, timeout },
      },
      log: createLog((line) => said.push(line.trim())),
    });
  };
  const build = async () => {
    for (const name of packages) {
      await mkdir(join(folder, name, 'dist'), { recursive: true });
      await writeFile(join(folder, name, 'dist/a.js'), name);
    }
    // As long as they took an output may take to come.
    return new Map(tasks.map(({ id }) => [id, 60_000]));
  };
  const clean = async () => {
    for (const name of packages) await rm(join(folder, name, 'dist'), { recursive: true, force: true });
  };
  return { tasks, open, build, clean, said, storage };
}

/** The service through a place of its own, so that its storage can fall silent while it answers. */
async function inFrontOf(target: string) {
  const held: string[] = [];
  let isSilent = false;
  let base = '';
  const handle = async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const { method = '', url = '/', headers } = incoming;
    if (isSilent && !url.startsWith('/twirp/')) return void held.push(`${method} ${url.split('/')[1]}`);
    const body = new Uint8Array(await buffer(incoming));
    const range = headers.range === undefined ? {} : { range: headers.range };
    const sent = { authorization: headers.authorization ?? '', 'content-type': headers['content-type'] ?? '' };
    const answer = await fetch(new URL(url, target), {
      ...{ method, headers: { ...sent, ...range, 'x-ms-blob-type': 'BlockBlob' } },
      ...(method === 'GET' ? {} : { body }),
    });
    const content = Buffer.from(await answer.arrayBuffer());
    const isText = answer.headers.get('content-type') === 'application/json';
    const known = ['content-range', 'content-type'].flatMap((name) => {
      const value = answer.headers.get(name);
      return value === null ? [] : [[name, value] as const];
    });
    outgoing.writeHead(answer.status, Object.fromEntries(known));
    outgoing.end(isText ? content.toString().replaceAll(target, base) : content);
  };
  const server = createServer((incoming, outgoing) => {
    handle(incoming, outgoing).catch(() => outgoing.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const fallSilent = () => {
    isSilent = true;
  };
  return { url: base, held, fallSilent };
}

describe('a cache that is too slow', () => {
  // The service answers after a minute, so the run can only end because it does not wait.
  it('makes the gate wait for its limit, once, and fails nothing', async () => {
    const folder = await committed({
      'package.json': { name: 'app', scripts: { lint: 'node -e 1', test: 'node -e 1' } },
      'package-lock.json': '{}',
    });
    const own = await temporaryFolder();
    await mkdir(join(own, 'cache'));
    await writeFile(join(own, 'event.json'), JSON.stringify(PUSH));
    const service = await serveCache({ folder: join(own, 'cache'), fault: 'slow' });
    onTestFinished(() => service.close());
    const environment = {
      ...{ ...service.environment, NO_PROXY: '127.0.0.1', GITHUB_REPOSITORY: 'acme/api', GITHUB_RUN_ID: '1' },
      ...{ GITHUB_EVENT_NAME: 'push', GITHUB_EVENT_PATH: join(own, 'event.json') },
    };
    const { exitCode, log, outputs } = await runGateAction(folder, { reuse: 'true' }, environment);
    expect(exitCode, log).toBe(0);
    expect(outputs).toMatchObject({ passed: 'true', reused: '0' });
    const reason = 'the cache service took longer than 10 s';
    expect(log).toContain(`::notice::Results of earlier runs could not be read: ${reason}. Every task runs.\n`);
    expect(log).toContain('reuse: off, nothing is kept, the cache service was too slow before the tasks\n');
    expect(log).not.toMatch(/::(error|warning)/);
  }, 45_000);

  it('is not asked for an output any more when the time of the run is over', async () => {
    const { tasks, open, build, clean, said, storage } = await setting(['a', 'b', 'c']);
    const first = await open(1, 60_000);
    await first?.keep(await build());
    await clean();
    // Nothing is silent yet: all would be there.
    const second = await open(2, 8_000);
    for (const task of tasks) expect(await second?.take(task)).toMatchObject({ run: expect.stringMatching(/\/1$/) });
    await clean();
    const third = await open(3, 8_000);
    storage.fallSilent();
    for (const task of tasks) expect(await third?.take(task)).toBeUndefined();
    expect(storage.held).toEqual(['GET archives']);
    expect(said.filter((line) => line.startsWith('::notice::'))).toEqual([
      expect.stringMatching(/could not be restored: the cache service took longer than .* s\. It runs\.$/),
    ]);
  }, 30_000);

  it('is not sent outputs any more when the time of the run is over', async () => {
    const { open, build, said, storage } = await setting(['a', 'b', 'c', 'd', 'e', 'f']);
    const reuse = await open(1, 8_000);
    storage.fallSilent();
    await reuse?.keep(await build());
    expect(storage.held).toEqual(Array(4).fill('PUT blobs'));
    expect(said.filter((line) => line.startsWith('::notice::'))).toEqual([
      expect.stringMatching(/^::notice::What 6 tasks have written could not be kept: .* took longer than 6 s\. /),
    ]);
  }, 30_000);
});
