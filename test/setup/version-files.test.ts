import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseNodeRequest } from '../../src/setup/node-request.ts';
import { nodeStatements, requestOf } from '../../src/setup/version-files.ts';
import { faultsOf, workspaceWith } from './workspace.ts';

const manifest = (fields: unknown) => JSON.stringify(fields);

async function decided(files: Record<string, string>, directory = '.') {
  const workspace = await workspaceWith(files);
  const [first, ...others] = await nodeStatements(workspace, join(workspace, directory));
  return { source: first?.source, text: first?.text, others: others.map(({ source }) => source) };
}

describe('the text of a version', () => {
  it.each([
    ['24.1.0', { kind: 'range', range: '24.1.0' }],
    ['v24.1.0', { kind: 'range', range: '24.1.0' }],
    [' v22 \n', { kind: 'range', range: '>=22.0.0 <23.0.0-0' }],
    ['22.x', { kind: 'range', range: '>=22.0.0 <23.0.0-0' }],
    ['>=20 <25', { kind: 'range', range: '>=20.0.0 <25.0.0-0' }],
    ['^20 || ^22', { kind: 'range', range: '>=20.0.0 <21.0.0-0||>=22.0.0 <23.0.0-0' }],
    ['*', { kind: 'range', range: '*' }],
    ['latest:22', { kind: 'range', range: '>=22.0.0 <23.0.0-0' }],
    ['lts/*', { kind: 'lts', back: 0 }],
    ['lts', { kind: 'lts', back: 0 }],
    ['lts/-2', { kind: 'lts', back: 2 }],
    ['LTS/Jod', { kind: 'lts', codename: 'jod' }],
    ['lts-krypton', { kind: 'lts', codename: 'krypton' }],
    ['node', { kind: 'latest' }],
    ['latest', { kind: 'latest' }],
    ['stable', { kind: 'latest' }],
    ['system', { kind: 'runner' }],
  ])('reads %j', async (text, expected) => {
    expect(await parseNodeRequest(text)).toEqual(expected);
  });

  it.each(['', 'twenty', 'lts/', 'iojs-3', '$(id)', '24; rm -rf /', '../24', '2'.repeat(300), 'ref:main', '>= <'])(
    'does not take %j for one',
    async (text) => {
      expect(await parseNodeRequest(text)).toBeUndefined();
    },
  );
});

describe('the files that name a version', () => {
  const everything = {
    '.nvmrc': '20\n',
    '.node-version': '21\n',
    'package.json': manifest({
      devEngines: { runtime: { name: 'node', version: '22' } },
      volta: { node: '23.0.0' },
      engines: { node: '24' },
    }),
    '.tool-versions': 'nodejs 25.0.0\n',
  };

  it('decide in the documented order', async () => {
    const files: Record<string, string> = { ...everything };
    expect(await decided(files)).toMatchObject({ source: '.nvmrc', text: '20' });
    delete files['.nvmrc'];
    expect(await decided(files)).toMatchObject({ source: '.node-version', text: '21' });
    delete files['.node-version'];
    expect(await decided(files)).toMatchObject({ source: 'package.json (devEngines.runtime)', text: '22' });
    files['package.json'] = manifest({ volta: { node: '23.0.0' }, engines: { node: '24' } });
    expect(await decided(files)).toMatchObject({ source: 'package.json (volta.node)', text: '23.0.0' });
    files['package.json'] = manifest({ engines: { node: '24' } });
    expect(await decided(files)).toMatchObject({ source: 'package.json (engines.node)', text: '24' });
    files['package.json'] = manifest({});
    expect(await decided(files)).toMatchObject({ source: '.tool-versions', text: '25.0.0' });
  });

  it('are named where they do not decide', async () => {
    expect((await decided(everything)).others).toEqual([
      '.node-version',
      'package.json (devEngines.runtime)',
      'package.json (volta.node)',
      'package.json (engines.node)',
      '.tool-versions',
    ]);
  });

  it('count from the nearest folder up', async () => {
    const files = { '.nvmrc': '20', 'apps/api/.node-version': '22', 'apps/.nvmrc': '21' };
    expect(await decided(files, 'apps/api')).toMatchObject({
      source: 'apps/api/.node-version',
      others: ['apps/.nvmrc', '.nvmrc'],
    });
    expect(await decided(files, 'apps/web')).toMatchObject({ source: 'apps/.nvmrc' });
    expect(await decided(files)).toMatchObject({ source: '.nvmrc', others: [] });
  });

  it('prefer a chosen version above to the engines of a package in a monorepo', async () => {
    const files = { '.nvmrc': '22', 'packages/a/package.json': manifest({ engines: { node: '>=18' } }) };
    expect(await decided(files, 'packages/a')).toMatchObject({
      source: '.nvmrc',
      others: ['packages/a/package.json (engines.node)'],
    });
  });

  it('do not count above the repository', async () => {
    const workspace = await workspaceWith({ '.nvmrc': '20', 'repository/package.json': '{}' });
    expect(await nodeStatements(join(workspace, 'repository'), join(workspace, 'repository'))).toEqual([]);
  });

  it.each([
    ['comments and empty lines', '.nvmrc', '# the one for us\n\n  v22.1.0  # not older\n', '22.1.0'],
    ['a line for another tool', '.nvmrc', 'compiler=gcc\n22\n', '>=22.0.0 <23.0.0-0'],
    ['Windows line ends', '.node-version', '22\r\n', '>=22.0.0 <23.0.0-0'],
    ['a byte order mark', '.nvmrc', '\ufeff22\n', '>=22.0.0 <23.0.0-0'],
    ['several tools and versions', '.tool-versions', 'python 3.13\n# js\nnodejs 22.1.0 20.0.0\nruby 3\n', '22.1.0'],
    ['the name mise uses', '.tool-versions', 'node 22.1.0\n', '22.1.0'],
  ])('may have %s', async (_, name, content, range) => {
    const workspace = await workspaceWith({ [name]: content });
    const [first] = await nodeStatements(workspace, workspace);
    expect(await requestOf(first ?? { source: '', text: '' })).toEqual({ kind: 'range', range });
  });

  it('may hold a number where a text belongs', async () => {
    expect(await decided({ 'package.json': '{"engines":{"node":22}}' })).toMatchObject({ text: '22' });
  });

  it('may list several runtimes in devEngines', async () => {
    const runtime = [
      { name: 'deno', version: '2' },
      { name: 'node', version: '^24' },
    ];
    expect(await decided({ 'package.json': manifest({ devEngines: { runtime } }) })).toMatchObject({ text: '^24' });
  });

  it.each([
    ['an empty .nvmrc', { '.nvmrc': '\n' }, 'PIPE-SETUP-001: ".nvmrc" does not name a version of Node. Given: "".'],
    ['a text', { '.nvmrc': 'the newest' }, 'Given: "the newest".'],
    ['a list as engine', { 'package.json': '{"engines":{"node":["22"]}}' }, 'package.json (engines.node)'],
    ['megabytes', { '.nvmrc': '2'.repeat(200_000) }, 'PIPE-FILE-001'],
    ['a NUL byte', { '.nvmrc': '22\u0000' }, 'PIPE-FILE-002'],
    ['package.json with conflict marks', { 'package.json': '<<<<<<< HEAD\n{}' }, 'PIPE-SETUP-002'],
    ['package.json that is a list', { 'package.json': '[]' }, 'PIPE-SETUP-002'],
    [
      '120 kB of engine',
      { 'package.json': manifest({ engines: { node: 'x'.repeat(120_000) } }) },
      '(120000 characters)',
    ],
    ['a workflow command', { '.nvmrc': '::set-output name=a::b' }, 'PIPE-SETUP-001'],
  ])('are refused with a code for %s', async (_, files: Record<string, string>, expected) => {
    const workspace = await workspaceWith(files);
    const asked = nodeStatements(workspace, workspace).then(([first]) =>
      requestOf(first ?? { source: '', text: 'none' }),
    );
    const message = await faultsOf(asked);
    expect(message).toContain('ConfigurationError');
    expect(message).toContain(expected);
    expect(message.length).toBeLessThan(1_000);
    expect(message).not.toMatch(/[\u0000-\u001f]/);
  });
});
