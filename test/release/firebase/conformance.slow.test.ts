import { createRequire } from 'node:module';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ignored } from '../../../src/release/targets/firebase/ignore.ts';
import { target } from '../../../src/release/targets/firebase/target.ts';
import { installFirebase } from '../../../tools/conformance/firebase.ts';
import type { CloudRequest } from '../../support/cloud-proxy.ts';
import { type FirebaseCli, startFirebaseCli } from '../../support/firebase/cli.ts';
import { createConsole } from '../../support/firebase/console.ts';
import type { Version } from '../../support/firebase/state.ts';
import { temporaryFolder, writeFiles } from '../../support/temporary.ts';
import { writeFullProject } from './full-project.ts';
import { given, mark, openRoom, PROJECT, type Room } from './room.ts';

let room: Room;
let cli: FirebaseCli;

beforeAll(async () => {
  room = await openRoom({ access: () => 'everything' });
  const { hosting, neighbours } = room;
  cli = await startFirebaseCli({ ...hosting.services, ...neighbours.services, ...createConsole(hosting.state) });
});

afterAll(async () => {
  await cli.stop();
  await room.stop();
});

function newest(site: string): Version {
  const versions = [...(room.hosting.state.projects.get(PROJECT)?.sites.get(site)?.versions.values() ?? [])];
  const last = versions.at(-1);
  if (last === undefined) throw new Error('no version');
  return last;
}

/** The body of the last request whose path ends so. */
function bodyOf(requests: readonly CloudRequest[], method: string, end: RegExp): Readonly<Record<string, unknown>> {
  const request = requests.findLast((one) => one.method === method && end.test(one.path));
  return JSON.parse(request?.body.toString('utf8') ?? '{}') as Readonly<Record<string, unknown>>;
}

/** Tags of pinned rewrites are named after the version, whoever makes it. */
function withoutVersion(value: unknown, { id }: Version): unknown {
  return JSON.parse(JSON.stringify(value).replaceAll(`fh-${id}`, 'fh-VERSION'));
}

it("sends for one deployment what Firebase's own program sends, field by field", async () => {
  const folder = await temporaryFolder();
  await writeFullProject(folder, room);
  await cli.run(folder, 'deploy', '--only', 'hosting:shop', '--project', PROJECT);
  const theirs = newest(PROJECT);
  const { uploaded } = room.hosting;
  const before = { ...uploaded };
  // Somebody deploys the services again, so that both pin a revision that has no tag yet.
  for (const service of room.neighbours.runServices) {
    if (service.traffic.some((share) => String(share['tag']).startsWith('fh-')))
      service.latest = `${service.id}-00099-new`;
  }
  const prepared = await target.prepare(given(folder, { target: 'shop' }), room.surroundings(folder));
  const release = await prepared.stage(mark(prepared.fingerprint));
  const ours = newest(PROJECT);
  expect(ours.id).toBe(release.reference.parts[2]);

  // What the API stores. (Links are followed, globs of folders leave out nothing in them.)
  const kept = ['/deep/linked/app.js', '/start.html', '/.well-known/assetlinks.json', '/kept/file.txt', '/deep/a.txt'];
  expect([...theirs.files.keys()]).toEqual(expect.arrayContaining(kept));
  expect([...ours.files].sort()).toEqual([...theirs.files].sort());
  expect(withoutVersion(ours.config, ours)).toEqual(withoutVersion(theirs.config, theirs));
  expect(ours.status).toBe(theirs.status);
  // Not a byte is uploaded for files that Firebase's own program uploaded before.
  expect(uploaded).toEqual(before);

  // What is sent for it.
  const all = room.proxy.requests;
  const final = /\/versions\/[^/:]+$/;
  expect(withoutVersion(bodyOf(all, 'PATCH', final), ours)).toEqual(
    withoutVersion(bodyOf(cli.requests, 'PATCH', final), theirs),
  );
  const populate = /:populateFiles$/;
  expect(bodyOf(all, 'POST', populate)).toEqual(bodyOf(cli.requests, 'POST', populate));

  // Each difference has its rule.
  const [mine, its] = [bodyOf(all, 'POST', /\/versions$/), bodyOf(cli.requests, 'POST', /\/versions$/)];
  expect(mine['status']).toBe(its['status']);
  const differences = [
    // 1: the label says which tool it was, and carries the mark of the release.
    [mine['labels'], its['labels']],
    // 2: the release has a message, by which a later run knows why it was made.
    [bodyOf(all, 'POST', /\/releases$/), bodyOf(cli.requests, 'POST', /\/releases$/)],
  ];
  expect(differences.every(([left, right]) => JSON.stringify(left) !== JSON.stringify(right))).toBe(true);
  expect(mine['labels']).toMatchObject({ 'deployment-tool': 'pipelines' });
  expect(its['labels']).toEqual({ 'deployment-tool': 'cli-firebase' });
  const asks = (requests: readonly CloudRequest[], host: string) => requests.some((one) => one.host === host);
  // 3: enabled APIs are not asked for before (a disabled one says so itself); 4: nor permissions; 5: nor the project.
  for (const host of ['serviceusage', 'cloudresourcemanager', 'firebase'].map((one) => `${one}.googleapis.com`)) {
    expect([host, asks(all, host), asks(cli.requests, host)]).toEqual([host, false, true]);
  }
});

it("moves traffic back by the command that it names for Firebase's own program", async () => {
  const folder = await temporaryFolder();
  await writeFiles(folder, { 'firebase.json': '{"hosting": {"site": "acme-docs", "public": "."}}', 'a.html': 'one' });
  const deploy = async (text: string) => {
    await writeFiles(folder, { 'a.html': text });
    const prepared = await target.prepare(given(folder, { site: 'acme-docs' }), room.surroundings(folder));
    const release = await prepared.stage(mark(prepared.fingerprint));
    const from = await prepared.platform.current();
    if (from === undefined) throw new Error('the site is there');
    await prepared.platform.shift([{ reference: release.reference, percent: 100 }], from, 'promote');
    return { ...prepared, release };
  };
  const first = await deploy('one');
  await deploy('two');
  expect((await room.get('https://acme-docs.web.app/a.html')).text).toBe('two');
  const [program, ...args] = first.platform.commandFor(first.release.reference).split(' ');
  expect(program).toBe('firebase');
  // In whatever folder one stands at night.
  await cli.run(await temporaryFolder(), ...args);
  expect((await room.get('https://acme-docs.web.app/a.html')).text).toBe('one');
  // A rollback of the other program counts as one: what it left is not promoted again by itself.
  const current = await first.platform.current();
  expect(current?.shares[0]?.reference).toEqual(first.release.reference);
  expect(current?.previous).toBeUndefined();
});

it("makes previews that Firebase's own program sees, prolongs and deletes", async () => {
  const folder = await temporaryFolder();
  await writeFiles(folder, {
    'firebase.json': '{"hosting": {"site": "acme-docs", "public": "."}}',
    'a.html': 'preview',
  });
  const inputs = given(folder, { site: 'acme-docs', channel: 'pr-7', expires: 86_400_000 });
  const prepared = await target.prepare(inputs, room.surroundings(folder));
  const release = await prepared.stage(mark(prepared.fingerprint));
  const list = await cli.run(folder, 'hosting:channel:list', '--site', 'acme-docs', '--project', PROJECT, '--json');
  const { result } = JSON.parse(list) as { readonly result: { readonly channels: readonly Channel[] } };
  const seen = result.channels.find(({ name }) => name.endsWith('/pr-7'));
  expect(seen?.url).toBe(release.url);
  expect(Math.round(Date.parse(seen?.expireTime ?? '') / 60_000)).toBe(Math.round((release.expiresAt ?? 0) / 60_000));

  await writeFiles(folder, { 'a.html': 'by the other program' });
  await cli.run(folder, 'hosting:channel:deploy', 'pr-7', '--expires', '2d', '--project', PROJECT);
  expect((await room.get(`${release.url}/a.html`)).text).toBe('by the other program');
  const ttls = [...room.proxy.requests, ...cli.requests].filter(
    ({ method, path }) => method === 'PATCH' && path.endsWith('/pr-7'),
  );
  expect(ttls.map(({ body, query }) => [query.get('updateMask'), body.toString('utf8')])).toEqual([
    ['ttl', '{"ttl":"86400s"}'],
    ['ttl', '{"ttl":"172800s"}'],
  ]);
  await cli.run(folder, 'hosting:channel:delete', 'pr-7', '--site', 'acme-docs', '--project', PROJECT, '--force');
  expect(await prepared.platform.remove({ scheme: 'firebase', parts: [PROJECT, 'acme-docs', 'channel:pr-7'] })).toBe(
    false,
  );
});

interface Channel {
  readonly name: string;
  readonly url: string;
  readonly expireTime: string;
}

/** Parts that globs and paths are put together from. */
const PARTS = [
  'a',
  'b.js',
  '.c',
  '*',
  '**',
  '*.js',
  '.*',
  'a?',
  '[ab]',
  '[!a]*',
  '{a,b.js}',
  '@(a|.c)',
  '!(a)',
  '+(a|b)',
];
const NAMES = ['a', 'b.js', '.c', 'ab', 'c', '!(a)', 'B.JS', 'a b', '[ab]'];

it("leaves out what Firebase's own program leaves out, whatever the glob", async () => {
  const require = createRequire(await installFirebase());
  const { globSync } = require('glob') as { readonly globSync: (pattern: string, options: object) => string[] };
  const folder = await temporaryFolder();
  const paths = NAMES.flatMap((one) => NAMES.flatMap((two) => [`x/${one}/${two}`, `${one}.d/${two}/deep/${one}`]));
  await writeFiles(folder, Object.fromEntries(paths.map((path) => [path, path])));
  const globs = ['x/**', '**/x', './x/a/*', 'x/', '/x/**', 'x/**/', '', '#a', '!x/**', 'x//a', 'x/../x/a/*', '**', '*'];
  for (const one of PARTS)
    globs.push(one, `x/${one}`, `**/${one}`, ...PARTS.map((two) => `${one}/${two}`), `**/${one}/**`, `x/${one}/**`);
  const differing: string[] = [];
  for (const glob of globs) {
    const options = { cwd: folder, dot: true, follow: true, ignore: [glob], nodir: true, posix: true };
    const theirs = globSync('**/*', options).sort();
    const test = await ignored([glob]);
    const ours = paths.filter((path) => !test(path)).sort();
    if (JSON.stringify(ours) !== JSON.stringify(theirs)) {
      const [more, less] = [
        ours.filter((path) => !theirs.includes(path)),
        theirs.filter((path) => !ours.includes(path)),
      ];
      differing.push(`${glob}: ours keeps ${more.slice(0, 3).join(', ')}; leaves out ${less.slice(0, 3).join(', ')}`);
    }
  }
  expect(differing).toEqual([]);
});
