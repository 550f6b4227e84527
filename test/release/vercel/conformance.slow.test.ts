import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeAll, expect, it } from 'vitest';
import { installVercel } from '../../../tools/conformance/vercel/install.ts';
import type { CloudRequest } from '../../support/cloud-proxy.ts';
import { startVercelCli, type VercelCli } from '../../support/vercel/cli.ts';
import { commitAll, DOMAIN, openRoom, outputWith, type Room, type RoomOptions, TEAM, TOKEN } from './room.ts';

/**
 * What we send otherwise than Vercel's own command line, each with its rule. None of them changes a field that the API
 * stores, but the marks, which are ours to write.
 */
const DIFFERENCES = [
  'meta: our marks (pipelinesCommit, pipelinesFingerprint, pipelinesRun) stand beside what the project gives',
  'gitMetadata.remoteUrl: without the credentials that a checkout may have put into it',
  'gitMetadata.commitRef: the branch of the run, where the checkout has none (the command line says HEAD)',
  'files: folders without files are not sent: nothing serves or builds them',
  'files: always by their digest; up to ten pages alone would be sent within the request, where they are stored the same',
  'scope: a team that is named by its slug is asked for by it first, and by its id once it is known',
  'rollback: /v1 of the published description; the command line asks /v9 of the same endpoint',
  'list: /v7 of the published description',
  'promotion: what serves and what is under way are read before and after; the command line reads the last request only',
  'headers: our own user-agent',
] as const;

let room: Room;
let cli: VercelCli;

async function open(options: RoomOptions = {}): Promise<void> {
  room = await openRoom(options);
  cli = await startVercelCli(room.proxy, TOKEN);
  await cli.link(room.workspace, room.project);
}

beforeAll(async () => {
  expect(DIFFERENCES.length).toBeLessThanOrEqual(10);
  await installVercel();
});

afterEach(async () => {
  expect(room.vercel.state.unknown).toEqual([]);
  await cli.stop();
});

/** Requests that change something, since the last look. */
function writes(): readonly CloudRequest[] {
  const requests = room.proxy.requests.splice(0);
  return requests.filter(({ method, host }) => host === 'api.vercel.com' && method !== 'GET');
}

interface Created {
  readonly query: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
  /** Digests that were uploaded, with what was said of them. */
  readonly uploads: readonly string[];
}

/** The request that made the deployment, and what was uploaded for it; our marks left out. */
function created(requests: readonly CloudRequest[]): Created {
  const last = requests.findLast(({ path }) => path === '/v13/deployments');
  if (last === undefined) throw new Error('no deployment was made');
  const body = JSON.parse(last.body.toString('utf8')) as Readonly<Record<string, unknown>>;
  const meta = Object.entries(body['meta'] ?? {}).filter(([name]) => !name.startsWith('pipelines'));
  const uploads = requests
    .filter(({ path }) => path === '/v2/files')
    .map(({ headers }) => {
      return [
        headers['x-now-digest'],
        headers['x-now-size'],
        headers['content-length'],
        headers['content-type'],
      ].join();
    });
  return {
    query: Object.fromEntries(last.query),
    // Their order is that of a folder's listing, or of the alphabet: it means nothing.
    body: { ...body, meta: Object.fromEntries(meta), files: filesOf(body).filter(isFile).sort(byName) },
    uploads: uploads.sort(),
  };
}

interface SentFile {
  readonly file: string;
  readonly mode: number;
}

function isFile({ mode }: SentFile): boolean {
  return (mode & 0o170000) !== 0o040000;
}

function filesOf(body: Readonly<Record<string, unknown>>): SentFile[] {
  return [...((body['files'] ?? []) as SentFile[])];
}

function byName(left: SentFile, right: SentFile): number {
  return left.file < right.file ? -1 : 1;
}

/** Nothing is uploaded twice: what one has uploaded the other would not send. */
function forgetFiles(): void {
  room.vercel.state.files.clear();
}

async function theirs(...args: readonly string[]): Promise<Created> {
  const { status, stderr } = await cli.run(room.workspace, ...args);
  expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
  const made = created(writes());
  forgetFiles();
  return made;
}

async function ours(inputs: Readonly<Record<string, string>>): Promise<Created> {
  const { failure } = await room.deploy('a'.repeat(40), { promote: 'false', health: 'off', ...inputs });
  expect(failure).toBeUndefined();
  return created(writes());
}

it('sends for staged output what the command line sends', async () => {
  await open();
  await room.write({ ...outputWith('<h1>one</h1>'), '.vercel/output/static/a/b.css': 'body{}', 'package.json': '{}' });
  await room.write({
    '.vercel/output/functions/api.func/.vc-config.json': '{"runtime":"nodejs24.x","handler":"i.js"}',
  });
  await room.write({ '.vercel/output/functions/api.func/i.js': 'module.exports = () => 1\n' });
  await symlink('api.func', join(room.workspace, '.vercel/output/functions/data.func'));
  await commitAll(room.workspace, 'feat: one page');
  const cliSent = await theirs('deploy', '--prebuilt', '--prod', '--skip-domain', '--yes');
  expect(await ours({})).toEqual(cliSent);
  expect(cliSent.uploads).toHaveLength(6);
});

it('sends for a preview from source what the command line sends, with vercel.json and .vercelignore', async () => {
  await open();
  await room.write({
    'package.json': JSON.stringify({ name: 'web', engines: { node: '>=22 <23' }, scripts: { build: 'true' } }),
    'vercel.json': JSON.stringify({
      buildCommand: 'npm run build',
      outputDirectory: 'public',
      ignoreCommand: 'exit 1',
      framework: null,
      regions: ['fra1'],
      env: { FROM_FILE: 'file', BOTH: 'file' },
      build: { env: { BUILD_FROM_FILE: 'file' } },
    }),
    '.vercelignore': 'docs/*\n!docs/keep.md\n*.log\n/only-here\nsub/**/deep.txt\n[ab].txt\n',
    'public/index.html': '<h1>one</h1>',
    'public/a.js': 'export {}',
    'docs/drop.md': 'drop',
    'docs/keep.md': 'keep',
    'x.log': 'drop',
    'deeper/x.log': 'drop',
    'only-here/a': 'drop',
    'deeper/only-here/a': 'keep',
    'sub/one/two/deep.txt': 'drop',
    'sub/deep.txt': 'drop',
    'a.txt': 'drop',
    'c.txt': 'keep',
    '.env': 'A=1',
    '.env.local': 'A=2',
    'node_modules/x/index.js': 'drop',
    'deeper/node_modules/x/index.js': 'drop',
    '.cache/x': 'drop',
    '.next/x': 'drop',
    '.Gitignore': 'drop, whatever its case',
  });
  await symlink('public', join(room.workspace, 'link'));
  await commitAll(room.workspace, 'feat: an äpp "with" words');
  const cliSent = await theirs(
    'deploy',
    '--yes',
    ...['--env', 'BOTH=input', '--env', 'API_URL=https://api.example.com', '--build-env', 'MODE=full'],
  );
  const sent = await ours({
    target: 'preview',
    env: 'BOTH: input\nAPI_URL: https://api.example.com',
    'build-env': 'MODE: full',
  });
  expect(sent).toEqual(cliSent);
  const paths = filesOf(sent.body).map(({ file }) => file);
  expect(paths).toContain('docs/keep.md');
  expect(paths).not.toContain('x.log');
});

it('sends for a custom environment, and for an app of a monorepo, what the command line sends', async () => {
  await open({ project: { customEnvironments: { staging: ['staging.acme.example'] }, rootDirectory: 'apps/web' } });
  await room.write({
    'package.json': '{"workspaces":["apps/*"]}',
    'apps/web/package.json': '{"name":"web","engines":{"node":"24.x"}}',
    'apps/web/vercel.json': '{"cleanUrls":true}',
    'apps/web/public/index.html': '<h1>web</h1>',
    'apps/web/public/a.css': 'a{}',
    'packages/ui/index.js': 'export {}',
  });
  await commitAll(room.workspace, 'feat: a monorepo');
  const cliSent = await theirs('deploy', '--target', 'staging', '--yes');
  expect(await ours({ target: 'staging' })).toEqual(cliSent);
  forgetFiles();
  room.vercel.state.deployments.splice(0);
  expect(await ours({ target: 'staging', 'working-directory': 'apps/web' })).toEqual(cliSent);
  expect(cliSent.body).toMatchObject({
    customEnvironmentSlugOrId: 'staging',
    projectSettings: { nodeVersion: '24.x' },
  });
});

it('promotes, rolls back and gives aliases by the calls of the command line, and both see the same', async () => {
  await open();
  await room.write(outputWith('<h1>one</h1>'));
  const first = await room.deploy('a'.repeat(40));
  await room.write(outputWith('<h1>two</h1>'));
  const second = await room.deploy('b'.repeat(40), { promote: 'false' });
  const [one = '', two = ''] = [first, second].map(({ outputs }) => outputs.release?.split('/').at(-1));
  writes();
  const moved = async (move: () => Promise<unknown>) => {
    await move();
    return writes().map(({ method, path, body, query }) => {
      return [method, path.replace(/^\/v\d+/, ''), body.toString() || '{}', query.get('teamId') === TEAM].slice(0, 3);
    });
  };
  const inspected = async () => /dpl_\w+/.exec((await cli.run(room.workspace, 'inspect', DOMAIN)).stderr)?.[0];
  const cliPromote = await moved(() => cli.run(room.workspace, 'promote', two, '--yes'));
  expect(await inspected()).toBe(two);
  const cliRollback = await moved(() => cli.run(room.workspace, 'rollback', one, '--yes'));
  expect(await inspected()).toBe(one);
  const release = second.outputs.release ?? '';
  expect(await moved(() => room.promote({ release, force: 'true' }))).toEqual(cliPromote);
  expect(await inspected()).toBe(two);
  const back = await moved(() => room.rollback({ release: first.outputs.release ?? '' }));
  expect(back).toEqual(cliRollback);
  expect(await inspected()).toBe(one);
  const preview = await room.deploy('c'.repeat(40), { target: 'preview', domains: 'pr-12.acme.example' });
  const aliases = () => {
    return writes()
      .filter(({ path }) => path.endsWith('/aliases'))
      .map(({ path, body }) => [path.replace(/^\/(v2|now)\//, '/'), body.toString()]);
  };
  const given = aliases();
  await cli.run(room.workspace, 'alias', 'set', preview.outputs.release?.split('/').at(-1) ?? '', 'pr-12.acme.example');
  expect(aliases()).toEqual(given);
  expect(given).toHaveLength(1);
});
