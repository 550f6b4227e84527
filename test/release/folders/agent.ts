import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { get, type IncomingMessage } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import type { Mark, Reason } from '../../../src/release/target.ts';
import type { CloudAnswer, CloudRequest, CloudService } from '../../support/cloud-proxy.ts';

export interface FoundRelease {
  readonly name: string;
  readonly createdAt: number;
  readonly url: string;
  readonly mark: Mark;
  readonly isRolledBack: boolean;
}

export interface FoundPlace {
  readonly url: string;
  readonly shares: readonly (readonly [name: string, percent: number])[];
  readonly since: number;
  readonly previous: string | undefined;
  readonly guard: string;
}

export interface Folders {
  readonly service: CloudService;
  /** What the front door's users ask. */
  readonly url: string;
  /** What serves, without the API. */
  readonly serving: () => readonly (readonly [name: string, percent: number])[];
  readonly releases: () => readonly FoundRelease[];
  /** What somebody else does meanwhile. */
  readonly moveBehindTheBack: (name: string) => Promise<void>;
  readonly stop: () => Promise<void>;
}

/**
 * An agent that keeps releases as folders and a real nginx that serves them: shares by split_clients, each candidate
 * under an address of its own, and a change of traffic by a reload, which loses no request. The first release takes the
 * traffic when it comes.
 */
export async function startFolders(): Promise<Folders> {
  const root = await mkdtemp(join(tmpdir(), 'pipelines-folders-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/`;
  const releases = new Map<string, FoundRelease>();
  let place: FoundPlace | undefined;
  let generation = 0;
  let nginx: ChildProcess | undefined;

  const apply = async (shares: FoundPlace['shares'], previous: string | undefined): Promise<FoundPlace> => {
    generation += 1;
    await writeFile(join(root, 'nginx.conf'), configuration(root, port, shares, generation));
    if (nginx === undefined) {
      nginx = spawn('/usr/sbin/nginx', ['-p', root, '-e', 'stderr', '-c', join(root, 'nginx.conf')], {
        stdio: ['ignore', 'ignore', 'inherit'],
      });
    } else {
      const workers = await workersOf(nginx);
      nginx.kill('SIGHUP');
      await untilGone(nginx, workers);
    }
    await untilServed(`${url}generation`, String(generation));
    place = { url, shares, since: Date.now(), previous, guard: `g${generation}` };
    return place;
  };

  const put = async (name: string, { page, mark }: { page: string; mark: Mark }): Promise<CloudAnswer> => {
    const found = releases.get(name);
    if (found !== undefined) return { status: 200, body: found };
    await mkdir(join(root, 'releases', name), { recursive: true });
    await writeFile(join(root, 'releases', name, 'index.html'), page);
    const made = { name, createdAt: Date.now(), url: `${url}candidates/${name}/`, mark, isRolledBack: false };
    releases.set(name, made);
    if (place === undefined) await apply([[name, 100]], undefined);
    return { status: 201, body: made };
  };

  const shift = async (request: CloudRequest): Promise<CloudAnswer> => {
    if (place === undefined) return { status: 404 };
    if (request.headers['if-match'] !== place.guard) return { status: 412, body: JSON.stringify(place.shares) };
    const { shares, reason } = JSON.parse(request.body.toString('utf8')) as {
      shares: FoundPlace['shares'];
      reason: Reason;
    };
    if (shares.some(([name]) => !releases.has(name))) return { status: 400, body: 'no such release' };
    const before = place.shares;
    const whole = before.find(([, percent]) => percent === 100)?.[0];
    for (const [name, release] of releases) {
      const hasLost = before.some(([old]) => old === name) && !shares.some(([kept]) => kept === name);
      if (reason === 'roll-back' && hasLost) releases.set(name, { ...release, isRolledBack: true });
      if (reason === 'promote' && shares.some(([kept]) => kept === name)) {
        releases.set(name, { ...release, isRolledBack: false });
      }
    }
    return { status: 200, body: await apply(shares, whole ?? place.previous) };
  };

  const answer = async (request: CloudRequest): Promise<CloudAnswer> => {
    const [, , , kind, name = ''] = request.path.split('/');
    if (request.method === 'PUT' && kind === 'releases')
      return put(name, JSON.parse(request.body.toString('utf8')) as { page: string; mark: Mark });
    if (request.method === 'PUT' && kind === 'traffic') return shift(request);
    if (request.method === 'GET' && kind === 'releases') {
      return { status: 200, body: [...releases.values()].reverse() };
    }
    if (request.method === 'GET') return place === undefined ? { status: 404 } : { status: 200, body: place };
    if (place?.shares.some(([serving]) => serving === name)) return { status: 409 };
    return releases.delete(name) ? { status: 200, body: {} } : { status: 404 };
  };
  const inTurn = serialized();
  return {
    service: (request) => inTurn(() => answer(request)),
    url,
    serving: () => place?.shares ?? [],
    releases: () => [...releases.values()],
    moveBehindTheBack: async (name) => {
      await inTurn(() => apply([[name, 100]], place?.shares[0]?.[0]));
    },
    stop: async () => {
      if (nginx !== undefined) {
        const ended = once(nginx, 'exit');
        nginx.kill('SIGTERM');
        await ended;
      }
      await rm(root, { recursive: true });
    },
  };
}

function configuration(root: string, port: number, shares: FoundPlace['shares'], generation: number): string {
  const parts = shares.map(([name, percent], index) => `${index === shares.length - 1 ? '*' : `${percent}%`} ${name};`);
  const temp = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return [
    userInfo().uid === 0 ? 'user root;' : '',
    `daemon off; worker_processes 1; worker_shutdown_timeout 2s; pid ${root}/nginx.pid;`,
    'events { worker_connections 256; }',
    `http { access_log off; ${temp.map((name) => `${name}_temp_path ${root}/${name};`).join(' ')}`,
    `split_clients $request_id $live { ${parts.join(' ')} }`,
    `server { listen 127.0.0.1:${port}; default_type text/html;`,
    `location = /generation { return 200 "${generation}"; }`,
    `location /candidates/ { alias ${root}/releases/; }`,
    `location / { root ${root}/releases/$live; } } }`,
  ].join('\n');
}

async function workersOf({ pid = 0 }: ChildProcess): Promise<readonly string[]> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return children.split(' ').filter((child) => child !== '');
}

/** After a reload workers of both generations take connections for a moment: traffic has moved when the old are gone. */
async function untilGone(nginx: ChildProcess, workers: readonly string[]): Promise<void> {
  for (let tries = 0; tries < 1_000; tries += 1) {
    const now = await workersOf(nginx);
    if (now.length > 0 && !workers.some((worker) => now.includes(worker))) return;
    await delay(10);
  }
  throw new Error('workers of nginx do not end');
}

async function untilServed(url: string, generation: string): Promise<void> {
  for (let tries = 0; (await pageAt(url).catch(() => '')) !== generation; tries += 1) {
    if (tries > 500) throw new Error('nginx does not serve');
    await delay(10);
  }
}

/** A page, on a connection of its own. */
async function pageAt(url: string): Promise<string> {
  const [response] = (await once(get(url, { agent: false }), 'response')) as [IncomingMessage];
  return await text(response);
}

/** Does one piece of work after the other, in the order in which they came. */
function serialized(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const next = last.then(work, work);
    last = next;
    return next;
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}
