import { execFileSync, spawn } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Permissions, PreparedRun, RecordedExchange } from '../../../src/local/run-types.ts';
import { root } from '../../../tools/install/root.ts';
import { serveGit } from '../../support/git-http.ts';
import { serveGitHub, type TestGitHub } from '../../support/github/serve.ts';
import { machine } from '../../support/run-dist.ts';
import { parseFileCommands } from '../../support/step-process.ts';
import { temporaryFolder, writeFiles } from '../../support/temporary.ts';

/** A contract of one action. */
export const contract = (inputs: Readonly<Record<string, string>>, major = 1) =>
  `${JSON.stringify({ major, actions: { gate: { inputs, outputs: {} } }, workflows: {} })}\n`;

/** What a bundle has that a release reads. */
export const BUNDLE: Readonly<Record<string, string>> = {
  'package.json': '{"version": "1.0.0"}\n',
  'README.md': 'uses: org/pipelines/.github/workflows/check.yml@v1\n',
  'examples/callers/check.yml': 'jobs: {check: {uses: org/pipelines/.github/workflows/check.yml@v1}}\n',
  'actions/gate/README.md': 'uses: org/pipelines/actions/gate@v1\n',
  'action.yml': 'name: gate\n',
  'dist/index.js': '1\n',
  'docs/contract.json': contract({ tasks: 'optional: text' }),
};

export interface Released {
  readonly exitCode: number | null;
  readonly log: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
}

export interface RunOptions {
  readonly branch?: string;
  /** Whether GitHub knows a green run of the tests for the commit. Default true. */
  readonly isTested?: boolean;
  readonly permissions?: Permissions;
  /** Whether the token may push. Default true. */
  readonly mayPush?: boolean;
  /** Ends the program, as a lost runner does, before or after the request of that number is answered. */
  readonly kill?: { readonly request: number; readonly when: 'before' | 'after' };
  /** GitHub as an earlier run has left it. */
  readonly github?: TestGitHub;
  /** Changes the repository at GitHub when that request comes, as somebody else would. */
  readonly meanwhile?: (request: number) => void;
}

const WRITES: Permissions = { contents: 'write', actions: 'read' };

/** A bundle of its own: a repository at "GitHub" (git's own server, the API's stand-in) and a clone of it. */
export async function releaseScene() {
  const folder = await temporaryFolder();
  const [origin, clone] = [join(folder, 'hosted/acme/api'), join(folder, 'clone')];
  await mkdir(origin, { recursive: true });
  const gitOf =
    (where: string) =>
    (...args: readonly string[]) =>
      execFileSync('git', ['-C', where, '-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], {
        ...{ encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] },
      }).trim();
  const hosted = gitOf(origin);
  hosted('init', '--quiet', '--bare', '-b', 'main');
  execFileSync('git', ['clone', '--quiet', origin, clone], { stdio: 'ignore' });
  const git = gitOf(clone);
  git('checkout', '--quiet', '-B', 'main');

  const commit = async (message: string, files: Readonly<Record<string, string>>): Promise<string> => {
    await writeFiles(clone, files);
    git('add', '--all');
    git('commit', '--quiet', '--allow-empty', '--message', message);
    git('push', '--quiet', 'origin', 'HEAD');
    return git('rev-parse', 'HEAD');
  };
  /** By tag, the commit at "GitHub". */
  const tags = (): Readonly<Record<string, string>> => {
    const names = hosted('tag', '--list').split('\n').filter(Boolean);
    return Object.fromEntries(names.map((name) => [name, hosted('rev-parse', `refs/tags/${name}^{commit}`)]));
  };
  const atGitHub = async (options: RunOptions = {}): Promise<TestGitHub> => {
    const { permissions = WRITES, isTested = true } = options;
    const run: PreparedRun = {
      ...{ id: 7, runNumber: 1, path: '.github/workflows/ci-test.yml', event: 'push', headBranch: 'main' },
      ...{ headSha: git('rev-parse', 'HEAD'), status: 'completed', conclusion: isTested ? 'success' : 'failure' },
    };
    const github = await serveGitHub({ permissions, runs: [run], git: origin });
    onTestFinished(() => github.close());
    return github;
  };

  const start = async (command: 'plan' | 'publish', options: RunOptions = {}) => {
    const github = options.github ?? (await atGitHub(options));
    const server = await serveGit(join(folder, 'hosted'), github.token, options.mayPush);
    // As a new job has it: everything that GitHub has.
    git('fetch', '--quiet', '--tags', '--prune', '--prune-tags', '--force', 'origin');
    const files = { GITHUB_OUTPUT: join(folder, 'output'), GITHUB_STEP_SUMMARY: join(folder, 'summary') };
    for (const file of Object.values(files)) await writeFile(file, '');
    const door = await frontDoor(github.url, server.url);
    const child = spawn(process.execPath, [join(root, 'tools/release/main.ts'), command], {
      cwd: clone,
      // A group of its own: a lost runner takes the programs that it has started with it.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...machine(),
        ...{ GITHUB_API_URL: door.url, GITHUB_SERVER_URL: door.url, GITHUB_REPOSITORY: github.repository },
        ...{ GITHUB_REF: `refs/heads/${options.branch ?? 'main'}`, GITHUB_TOKEN: github.token, ...files },
        ...{ NO_PROXY: '127.0.0.1', no_proxy: '127.0.0.1' },
      },
    });
    door.onRequest((number, when) => {
      if (when === 'before') options.meanwhile?.(number);
      const isLost = options.kill?.request === number && options.kill.when === when;
      if (isLost && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      return isLost;
    });
    let log = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => (log += part.toString()));
    const exitCode = await new Promise<number | null>((resolve) => child.once('close', resolve));
    const outputs = parseFileCommands(await readFile(files.GITHUB_OUTPUT, 'utf8'));
    const summary = await readFile(files.GITHUB_STEP_SUMMARY, 'utf8');
    const result: Released = { exitCode, log, outputs, summary };
    return { ...result, github, requests: door.count() };
  };
  return { clone, git, hosted, commit, tags, atGitHub, start };
}

/** One address for API and repositories. Its listener sees each request before and after, and may lose the connection. */
async function frontDoor(api: string, repositories: string) {
  let count = 0;
  let tell: (number: number, when: 'before' | 'after') => boolean = () => false;
  const server = createServer(async (request, response) => {
    count += 1;
    const number = count;
    const body = await bodyOf(request);
    if (tell(number, 'before')) return void response.destroy();
    const path = request.url ?? '/';
    const { host: _host, connection: _connection, 'content-length': _length, ...headers } = request.headers;
    try {
      const answer = await fetch(`${path.startsWith('/repos/') ? api : repositories}${path}`, {
        ...{ method: request.method ?? 'GET', headers: headers as Record<string, string>, redirect: 'manual' },
        ...(body.length === 0 ? {} : { body: new Uint8Array(body) }),
      });
      const bytes = Buffer.from(await answer.arrayBuffer());
      if (tell(number, 'after')) return void response.destroy();
      const kept = [...answer.headers].filter(
        ([name]) => !/^(content-encoding|content-length|transfer-encoding|connection)$/.test(name),
      );
      response.writeHead(answer.status, Object.fromEntries(kept)).end(bytes);
    } catch {
      // Whoever asked is told by the connection that ends.
      response.destroy();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const bound = server.address();
  return {
    url: `http://127.0.0.1:${typeof bound === 'object' ? bound?.port : 0}`,
    onRequest: (listener: typeof tell) => {
      tell = listener;
    },
    count: () => count,
  };
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
  return Buffer.concat(parts);
}

/** The releases that were made, as GitHub was asked for them. */
export function releasesOf(requests: readonly RecordedExchange[]): readonly Readonly<Record<string, unknown>>[] {
  return requests
    .filter(({ method, path, status }) => method === 'POST' && path.endsWith('/releases') && status === 201)
    .map(({ requestBody }) => requestBody as Readonly<Record<string, unknown>>);
}
