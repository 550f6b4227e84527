import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createHttp } from '../../src/runtime/http.ts';
import { type NodeSearch, provideNode } from '../../src/setup/node.ts';
import { parseNodeRequest } from '../../src/setup/node-request.ts';
import { chooseNode } from '../../src/setup/node-step.ts';
import type { ReleaseKey } from '../../src/setup/openpgp-keys.ts';
import { type NodeSiteSettings, startNodeSite } from '../support/registry/node-site.ts';
import type { Answer, TestServer } from '../support/registry/server.ts';
import { type Gpg, startGpg } from './gpg.ts';
import { addFiles, faultsOf, workspaceWith } from './workspace.ts';

const releases = [
  { version: '98.0.0' },
  { version: '97.1.0' },
  { version: '96.3.0', lts: 'Quixotium' },
  { version: '96.2.0', lts: 'Quixotium' },
  { version: '94.9.0', lts: 'Zirconium' },
  { version: '93.0.0', builds: ['win-x64-zip'] },
];

let gpg: Gpg;
let key: ReleaseKey;
let stranger: ReleaseKey;
beforeAll(async () => {
  gpg = await startGpg();
  key = await gpg.makeKey('releaser', 'ed25519');
  stranger = await gpg.makeKey('stranger', 'ed25519');
});
afterAll(() => gpg.close());

interface Setting {
  readonly site?: Partial<NodeSiteSettings>;
  /** Version of the Node on PATH. */
  readonly own?: string;
  /** Versions in the tool cache. */
  readonly cached?: readonly string[];
}

async function surroundings({ site, own, cached = [] }: Setting = {}) {
  const temp = await workspaceWith();
  const server = await startNodeSite({ releases, sign: (list) => gpg.sign(list, key.fingerprint), ...site });
  onTestFinished(() => server.close());
  const root = join(temp, 'tools');
  for (const version of cached) {
    await addFiles(root, {
      [`node/${version}/${process.arch}/bin/node`]: '',
      [`node/${version}/${process.arch}.complete`]: '',
    });
  }
  await mkdir(join(temp, 'path'));
  if (own !== undefined) await writeFile(join(temp, 'path/node'), `#!/bin/sh\necho v${own}\n`, { mode: 0o755 });
  const environment = { PATH: `${join(temp, 'path')}:/usr/bin:/bin` };
  // The machine's own Node must not be found.
  await mkdir(join(temp, 'system'));
  const search: NodeSearch = {
    environment: own === undefined ? { PATH: await pathWithoutNode(temp) } : environment,
    cache: { root, arch: process.arch },
    http: createHttp({ environment: {}, service: "Node's site", code: 'PIPE-SETUP-004', wait: async () => undefined }),
    mirror: server.url,
    keys: async () => [key],
    platform: process.platform,
    temp,
    signal: new AbortController().signal,
  };
  onTestFinished(() => search.http.close());
  return { search, server, root };
}

/** tar and what it calls, but no Node. */
async function pathWithoutNode(temp: string): Promise<string> {
  const folder = join(temp, 'system');
  for (const name of ['tar', 'gzip', 'sh']) await symlink(join('/bin', name), join(folder, name));
  return folder;
}

async function provide(text: string, { search }: { search: NodeSearch }) {
  const request = await parseNodeRequest(text);
  if (request === undefined) throw new Error(`not a request: ${text}`);
  return provideNode(request, search);
}

const paths = (server: TestServer) => server.requests.map(({ path }) => path);

describe('Node', () => {
  it('is the one on PATH where that satisfies, without a request to anybody', async () => {
    const setting = await surroundings({ own: '94.1.0', cached: ['94.9.0'] });
    expect(await provide('>=94 <95', setting)).toMatchObject({ version: '94.1.0', origin: 'runner' });
    expect(paths(setting.server)).toEqual([]);
  });

  it('is the newest fitting one of the tool cache, where the one on PATH does not satisfy', async () => {
    const setting = await surroundings({ own: '90.0.0', cached: ['94.1.0', '94.10.0', '94.9.0', '98.0.0'] });
    expect(await provide('94', setting)).toEqual({
      version: '94.10.0',
      origin: 'tool cache',
      folder: join(setting.root, 'node/94.10.0', process.arch, 'bin'),
    });
    expect(paths(setting.server)).toEqual([]);
  });

  it('does not come from a tool cache entry that is not complete', async () => {
    const setting = await surroundings({ cached: ['94.8.0'] });
    await addFiles(setting.root, { [`node/94.99.0/${process.arch}/bin/node`]: '' });
    expect(await provide('94', setting)).toMatchObject({ version: '94.8.0' });
  });

  it('is downloaded, checked and kept for the next job otherwise', async () => {
    const setting = await surroundings({ own: '90.0.0' });
    const first = await provide('97', setting);
    expect(first).toEqual({
      version: '97.1.0',
      origin: 'download',
      folder: join(setting.root, 'node/97.1.0', process.arch, 'bin'),
      signer: 'releaser',
    });
    expect(await readdir(join(setting.root, 'node/97.1.0'))).toEqual([process.arch, `${process.arch}.complete`]);
    expect(await readdir(setting.root)).toEqual(['node']);
    expect(paths(setting.server)).toHaveLength(4);
    expect(await provide('97', setting)).toMatchObject({ origin: 'tool cache' });
    expect(paths(setting.server)).toHaveLength(4);
  });

  it.each([
    ['>=94', '96.3.0', 'the newest with long-term support'],
    ['>=97', '98.0.0', 'the newest, where none has long-term support'],
    ['lts/*', '96.3.0', 'the newest line with long-term support'],
    ['lts/-1', '94.9.0', 'the line before it'],
    ['lts/zirconium', '94.9.0', 'a line by a code name that is not known here'],
    ['latest', '98.0.0', 'the newest of all'],
    ['96.2.0', '96.2.0', 'the very one'],
  ])('for %s is %s: %s', async (text, version) => {
    expect(await provide(text, await surroundings({ own: '90.0.0' }))).toMatchObject({ version });
  });

  it('for a line whose code name is known needs no list of releases', async () => {
    const setting = await surroundings({ own: '24.7.0' });
    expect(await provide('lts/krypton', setting)).toMatchObject({ version: '24.7.0', origin: 'runner' });
    expect(paths(setting.server)).toEqual([]);
  });

  it('for an alias is the one on PATH when that is in the line', async () => {
    const setting = await surroundings({ own: '96.0.0' });
    expect(await provide('lts/*', setting)).toMatchObject({ version: '96.0.0', origin: 'runner' });
    expect(paths(setting.server)).toEqual(['/index.json']);
  });

  it.each([
    ['95', 'PIPE-SETUP-003: Node\'s distribution site does not list a release of Node in the range ">=95'],
    ['93', `PIPE-SETUP-003: Node's distribution site does not list a build for ${process.platform}-${process.arch}`],
    ['lts/argonaut', "PIPE-SETUP-003: Node's distribution site does not list the line `lts/argonaut`"],
    ['lts/-9', "PIPE-SETUP-003: Node's distribution site does not list the line `lts/-9`"],
    ['system', 'PIPE-SETUP-008'],
  ])('that does not exist (%s) is an error with a code', async (text, expected) => {
    const setting = await surroundings();
    expect(await faultsOf(provide(text, setting))).toContain(expected);
  });
});

describe('a download of Node', () => {
  const tampering: Record<string, (body: Buffer) => Answer> = {
    flip: (body) => {
      body[body.length >> 1] = (body[body.length >> 1] ?? 0) ^ 1;
      return { body };
    },
    half: (body) => ({ body: body.subarray(0, body.length >> 1) }),
    cut: (body) => ({ body, truncated: true }),
    page: () => ({ body: '<html>Sign in to the network</html>' }),
    missing: () => ({ status: 404 }),
    failing: () => ({ status: 503 }),
  };

  it.each([
    ['an archive with one bit changed', /\.tar\./, 'OutsideFault PIPE-SETUP-006', 'flip'],
    ['a list of checksums with one bit changed', /SHASUMS256\.txt$/, 'OutsideFault PIPE-SETUP-005', 'flip'],
    ['a signature with one bit changed', /\.sig$/, 'OutsideFault PIPE-SETUP-005', 'flip'],
    ['an archive that is cut off on the way', /\.tar\./, 'OutsideFault PIPE-SETUP-004', 'cut'],
    ['an archive of half the length', /\.tar\./, 'OutsideFault PIPE-SETUP-006', 'half'],
    ['a missing signature', /\.sig$/, 'OutsideFault PIPE-SETUP-004', 'missing'],
    ['a site that fails', /\.tar\./, 'status 503, 4 tries', 'failing'],
    ['a page instead of a signature', /\.sig$/, 'OutsideFault PIPE-SETUP-005', 'page'],
  ])('is refused for %s, and leaves nothing in the tool cache', async (_, which, expected, how) => {
    const tamper = (path: string, answer: Answer | undefined) => {
      return which.test(path) ? tampering[how]?.(Buffer.from(answer?.body ?? '')) : answer;
    };
    const setting = await surroundings({ site: { fault: ({ path }, answer) => tamper(path, answer) } });
    expect(await faultsOf(provide('96', setting))).toContain(expected);
    expect(await readdir(setting.root).catch(() => [])).toEqual([]);
  });

  it('is refused when a key that is not kept signed it, with that key named', async () => {
    const setting = await surroundings({ site: { sign: (list) => gpg.sign(list, stranger.fingerprint) } });
    const message = await faultsOf(provide('96', setting));
    expect(message).toContain('PIPE-SETUP-005');
    expect(message).toContain(stranger.fingerprint.slice(-16));
    expect(await readdir(setting.root).catch(() => [])).toEqual([]);
  });

  it('is refused when the signed list is of another release', async () => {
    const setting = await surroundings({
      site: {
        fault: ({ path }, answer) => {
          return path.startsWith('/v96.3.0/SHASUMS')
            ? { status: 302, headers: { location: path.replace('96.3', '96.2') } }
            : answer;
        },
      },
    });
    const message = await faultsOf(provide('96', setting));
    expect(message).toContain('PIPE-SETUP-006');
    expect(message).toContain('SHASUMS256.txt does not list node-v96.3.0');
  });

  it.each([
    ['does not start', '#!/nowhere/ld.so\n'],
    ['is another version', '#!/bin/sh\necho v1.0.0\n'],
  ])('is refused when its Node %s', async (_, program) => {
    const setting = await surroundings({ site: { releases: [{ version: '96.0.0', program }] } });
    expect(await faultsOf(provide('96', setting))).toContain('PIPE-SETUP-007');
    expect(await readdir(setting.root).catch(() => [])).toEqual([]);
  });

  it.each([
    ['no JSON', 'maintenance', 'OutsideFault PIPE-SETUP-004'],
    ['something else', '{"releases":[]}', 'OutsideFault PIPE-SETUP-004'],
    ['hostile entries', '[null,1,{"version":"v96.0.0/../.."},{"version":["v96.0.0"]}]', 'lists no releases'],
  ])('is refused when the list of releases is %s', async (_, body, expected) => {
    const setting = await surroundings({
      site: { fault: ({ path }, answer) => (path === '/index.json' ? { body } : answer) },
    });
    expect(await faultsOf(provide('96', setting))).toContain(expected);
  });

  it('that cannot be written into the tool cache is an error with a code', async () => {
    const setting = await surroundings();
    await writeFile(setting.root, 'a file where the folder belongs');
    expect(await faultsOf(provide('96', setting))).toContain('PIPE-SETUP-009');
  });

  it('gives up on a site that is not there', async () => {
    const setting = await surroundings();
    await setting.server.close();
    expect(await faultsOf(provide('96', setting))).toMatch(/OutsideFault PIPE-SETUP-004.*4 tries/);
  });
});

describe('the log', () => {
  const chosen = async (files: Record<string, string>, setting: Setting, input?: string) => {
    const workspace = await workspaceWith(files);
    const { search } = await surroundings(setting);
    return chooseNode({ workspace, directory: workspace, input }, search);
  };

  it('says who decided and where Node is from', async () => {
    expect((await chosen({ '.nvmrc': '94' }, { own: '94.1.0' })).reason).toBe(
      'Node 94.1.0: .nvmrc asks for "94", the runner has it',
    );
    const second = await chosen({ '.nvmrc': '94' }, { own: '90.0.0', cached: ['94.2.0'] });
    expect(second.reason).toBe('Node 94.2.0: .nvmrc asks for "94", it is in the tool cache');
    const third = await chosen({ '.nvmrc': '94' }, { own: '90.0.0' });
    expect(third.reason).toMatch(
      /^Node 94\.9\.0: \.nvmrc asks for "94", downloaded from 127.+, checksums signed by releaser$/,
    );
  });

  it('says that the input decided over files, and which of them disagree', async () => {
    const files = { '.nvmrc': '94', 'package.json': '{"engines":{"node":">=96"}}', '.tool-versions': 'nodejs lts\n' };
    const { reason, warnings } = await chosen(files, { own: '97.0.0' }, '97');
    expect(reason).toBe('Node 97.0.0: the input `node-version` asks for "97", the runner has it');
    expect(warnings).toEqual(['.nvmrc asks for "94", which Node 97.0.0 is not']);
  });

  it('says that nobody asked, and takes what the runner has, else the newest line with support', async () => {
    expect((await chosen({}, { own: '90.0.0' })).reason).toBe(
      'Node 90.0.0: nothing asks for a version, the runner has it',
    );
    expect((await chosen({}, {})).reason).toMatch(/^Node 96\.3\.0: nothing asks for a version, downloaded/);
  });
});
