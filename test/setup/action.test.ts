import { readdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type CacheFault, startCache } from '../../src/local/cache/server.ts';
import { openStore } from '../../src/local/cache/store.ts';
import { startRegistry } from '../support/registry/registry.ts';
import { packages, SPY, TOKEN } from './installation.ts';
import { REAL, realPackage } from './real-packages.ts';
import { startJob } from './run-action.ts';
import { addFiles, workspaceWith } from './workspace.ts';

const node = process.versions.node;

async function registryFor(more: Parameters<typeof startRegistry>[0]['packages'] = []) {
  const server = await startRegistry({
    packages: [...packages, ...more],
    token: TOKEN,
    isPrivate: (name) => name.startsWith('@acme/'),
  });
  onTestFinished(() => server.close());
  return server;
}

type Registry = Awaited<ReturnType<typeof registryFor>>;

async function integrity({ url }: Registry, name: string, version: string): Promise<string> {
  const answer = await fetch(`${url}/${name}/${version}`, { headers: { authorization: `Bearer ${TOKEN}` } });
  const { dist } = (await answer.json()) as { dist: { integrity: string } };
  return dist.integrity;
}

/** A project of npm that depends on `left`, and on what else is named. */
async function npmProject(registry: Registry, names: readonly [string, string][] = [], more: object = {}) {
  const all: readonly [string, string][] = [['left', '1.0.0'], ...names];
  const dependencies = Object.fromEntries(all);
  const locked = await Promise.all(
    all.map(async ([name, version]) => {
      const file = `${registry.url}/${name}/-/${name.replace(/^@.*\//, '')}-${version}.tgz`;
      return [
        `node_modules/${name}`,
        { version, resolved: file, integrity: await integrity(registry, name, version) },
      ] as const;
    }),
  );
  const root = { name: 'project', version: '1.0.0', dependencies };
  return {
    'package.json': JSON.stringify({ ...root, private: true, ...more }),
    'package-lock.json': JSON.stringify({
      ...root,
      lockfileVersion: 3,
      requires: true,
      packages: { '': root, ...Object.fromEntries(locked) },
    }),
  };
}

async function pnpmProject(registry: Registry, more: object = {}) {
  return {
    'package.json': JSON.stringify({ name: 'project', dependencies: { left: '1.0.0' }, ...more }),
    'pnpm-lock.yaml': [
      "lockfileVersion: '9.0'",
      'settings:',
      '  autoInstallPeers: true',
      '  excludeLinksFromLockfile: false',
      'importers:',
      '  .:',
      '    dependencies:',
      '      left:',
      '        specifier: 1.0.0',
      '        version: 1.0.0',
      'packages:',
      '  left@1.0.0:',
      `    resolution: {integrity: ${await integrity(registry, 'left', '1.0.0')}}`,
      'snapshots:',
      '  left@1.0.0: {}',
      '',
    ].join('\n'),
  };
}

async function cacheService(fault?: CacheFault) {
  const folder = await workspaceWith({ 'uploads/keep': '' });
  const cache = await startCache({
    store: await openStore(join(folder, 'entries')),
    uploadFolder: join(folder, 'uploads'),
    tokens: new Map([['runtime', { id: 'check', mode: 'write' }]]),
    scope: 'refs/heads/main',
    readableScopes: ['refs/heads/main'],
    fault,
  });
  onTestFinished(() => cache.close());
  return { ACTIONS_RESULTS_URL: cache.url, ACTIONS_RUNTIME_TOKEN: 'runtime', ACTIONS_CACHE_SERVICE_V2: 'true' };
}

describe('the action setup', () => {
  it("sets a project up with the runner's own Node and npm, says each decision in a line, and needs no summary", async () => {
    const registry = await registryFor();
    const script = "node -e \"require('fs').writeFileSync('seen.json', JSON.stringify(process.env))\"";
    const files = await npmProject(registry, [], { scripts: { postinstall: script } });
    const job = await startJob(registry.url, { ...files, '.nvmrc': `v${node}\n` });
    const { exitCode, log, outputs, path, summary } = await job.run({});
    expect(exitCode, log).toBe(0);
    expect(log).toContain(`Node ${node}: .nvmrc asks for "v${node}", the runner has it\n`);
    expect(log).toMatch(
      /^npm \d+\.\d+\.\d+: package-lock\.json \(no version is asked for\), (it comes with Node|the runner has it)$/m,
    );
    expect(log).toMatch(/^cache: off, this job has no cache service$/m);
    expect(log).toMatch(/^install: npm ci, 1 packages in \d+\.\d s$/m);
    expect(outputs).toMatchObject({ 'node-version': node, 'cache-hit': 'false' });
    expect(outputs['package-manager']).toMatch(/^npm@\d+\.\d+\.\d+$/);
    expect(path).toEqual([]);
    expect(summary).toBe('');
    expect(await readdir(join(job.workspace, 'node_modules'))).toContain('left');
    expect(await readdir(job.temp)).toEqual(['keep']);
    const seen = JSON.parse(await readFile(join(job.workspace, 'seen.json'), 'utf8')) as Record<string, string>;
    expect(seen['CI']).toBe('true');
    const runners = /^(ACTIONS_|INPUT_|STATE_|GITHUB_(TOKEN|ENV|PATH|OUTPUT|STATE|STEP_SUMMARY)$)/;
    expect(Object.keys(seen).filter((name) => runners.test(name))).toEqual([]);
  });

  it('provides the pnpm that packageManager names, and puts it on PATH for the next steps', async () => {
    const pnpm = await realPackage('pnpm', REAL.pnpm);
    const registry = await registryFor([pnpm]);
    const job = await startJob(registry.url, await pnpmProject(registry, { packageManager: `pnpm@${REAL.pnpm}` }));
    const { exitCode, log, outputs, path } = await job.run({ 'working-directory': '.' });
    expect(exitCode, log).toBe(0);
    expect(log).toContain(
      `pnpm ${REAL.pnpm}: package.json (packageManager) asks for ${REAL.pnpm}, downloaded, checked by its SHA-512\n`,
    );
    expect(outputs['package-manager']).toBe(`pnpm@${REAL.pnpm}`);
    expect(path).toEqual([join(job.root, 'tools/pnpm', REAL.pnpm, process.arch, 'bin')]);
    expect(await readdir(join(job.workspace, 'node_modules'))).toContain('left');
  });

  it('sets a package of a workspace up from its root', async () => {
    const registry = await registryFor();
    const job = await startJob(registry.url, {
      ...(await npmProject(registry)),
      '.node-version': node,
      'apps/api/package.json': '{"name":"api","engines":{"node":">=18"}}',
    });
    const { exitCode, log } = await job.run({ 'working-directory': 'apps/api' });
    expect(exitCode, log).toBe(0);
    expect(log).toContain('.node-version asks for');
    expect(await readdir(join(job.workspace, 'node_modules'))).toContain('left');
  });

  it('installs nothing with `install: false`, and passes further arguments on', async () => {
    const registry = await registryFor();
    const job = await startJob(registry.url, await npmProject(registry, [], { scripts: { postinstall: 'exit 7' } }));
    const off = await job.run({ install: 'false' });
    expect(off.exitCode, off.log).toBe(0);
    expect(await readdir(job.workspace)).not.toContain('node_modules');
    const ignored = await job.run({ install: '--ignore-scripts\n--omit=dev' });
    expect(ignored.exitCode, ignored.log).toBe(0);
    expect(ignored.log).toContain('install: npm ci --ignore-scripts --omit=dev');
  });

  it.each([
    '--no-frozen-lockfile',
    '--registry=http://evil.example.com',
    '--userconfig=x',
    '--prefix=/',
    '-g',
    '; id',
    '--config.x=y',
  ])('refuses %s as an argument of the install', async (argument) => {
    const registry = await registryFor();
    const job = await startJob(registry.url, await npmProject(registry));
    const { exitCode, log } = await job.run({ install: argument });
    expect(exitCode).toBe(1);
    expect(log).toContain('PIPE-INPUT-001');
    expect(registry.requests.filter(({ path }) => path.endsWith('.tgz'))).toEqual([]);
  });

  it('reports a red install once, with its code, in the log and in the summary', async () => {
    const registry = await registryFor();
    const job = await startJob(registry.url, await npmProject(registry, [], { dependencies: { left: '1.1.0' } }));
    const { exitCode, log, summary, outputs } = await job.run({});
    expect(exitCode).toBe(1);
    expect(log.match(/::error::PIPE-SETUP-030:/g)).toHaveLength(1);
    expect(log).not.toMatch(/\n\s+at /);
    expect(summary).toContain('Setup failed');
    expect(summary).toContain('PIPE');
    expect(summary).toMatch(/left@1\.0\.0 does not satisfy left@1\.1\.0/);
    expect(outputs['node-version']).toBe(node);
  });

  it('works in a workspace that is reached through a link', async () => {
    const job = await startJob('http://127.0.0.1:9', { '.nvmrc': node, 'package.json': '{}' });
    await symlink(job.workspace, join(job.root, 'link'));
    const environment = { GITHUB_WORKSPACE: join(job.root, 'link') };
    const { exitCode, log } = await job.run({ install: 'false' }, { environment });
    expect(exitCode, log).toBe(0);
    expect(log).toContain(`Node ${node}: .nvmrc asks for`);
  });

  it('reports a configuration fault in the summary, too', async () => {
    const job = await startJob('http://127.0.0.1:9', {
      'package.json': '{}',
      'yarn.lock': '',
      '.yarnrc.yml': 'yarnPath: .yarn/releases/yarn-4.9.1.cjs\n',
    });
    const { exitCode, log, summary } = await job.run({});
    expect(exitCode).toBe(1);
    expect(log).toContain('::error::PIPE-SETUP-011:');
    expect(summary).toContain('not in the repository');
  });
});

describe('npm-token', () => {
  it('installs private packages, and no script, no file and no log ever has it', async () => {
    const registry = await registryFor();
    const files = await npmProject(registry, [['@acme/secret', '2.0.0']], { scripts: { postinstall: 'node spy.cjs' } });
    const job = await startJob(registry.url, { ...files, 'spy.cjs': SPY });
    const environment = { TEST_TEMP: job.temp, TEST_REPORT: join(job.root, 'report') };
    const { exitCode, log } = await job.run({ 'npm-token': TOKEN }, { environment });
    expect(exitCode, log).toBe(0);
    expect(log.replace(/^::add-mask::.*$/gm, '')).not.toContain(TOKEN);
    expect(await readFile(join(job.root, 'report'), 'utf8')).toBe('postinstall\n');
    expect(await readdir(join(job.workspace, 'node_modules/@acme/secret'))).toContain('index.js');
    expect(await readdir(job.temp)).toEqual(['keep']);
    expect(await readFile(join(job.home, '.npmrc'), 'utf8')).not.toContain(TOKEN);
  });

  it('goes to the registry that `npm-registry` names', async () => {
    const open = await registryFor();
    const own = await registryFor();
    const files = await npmProject(own, [['@acme/secret', '2.0.0']]);
    const job = await startJob(open.url, { ...files, '.npmrc': `@acme:registry=${own.url}/\n` });
    const { exitCode, log } = await job.run({ 'npm-token': TOKEN, 'npm-registry': own.url });
    expect(exitCode, log).toBe(0);
    expect(open.requests.filter(({ headers }) => headers.authorization !== undefined)).toEqual([]);
  });

  it('is removed by the post part when the run is cancelled before the action could', async () => {
    const registry = await startRegistry({
      packages,
      fault: ({ headers }) => (headers.authorization === undefined ? undefined : { silent: true }),
    });
    onTestFinished(() => registry.close());
    const files = await npmProject(await registryFor(), [['@acme/secret', '2.0.0']]);
    const lockfile = files['package-lock.json'].replaceAll(/http:\/\/127\.0\.0\.1:\d+/g, registry.url);
    const job = await startJob(registry.url, { ...files, 'package-lock.json': lockfile });
    const { exitCode, log } = await job.run({ 'npm-token': TOKEN }, { cancelAt: /fetch private packages/ });
    expect(exitCode, log).toBe(1);
    expect(log).toContain('Cancelled.');
    // Whatever a killed action leaves is named in its state, and post removes it.
    const state = await readFile(join(job.root, 'state'), 'utf8');
    const folder = /pipelines-npm-[0-9a-f-]+/.exec(state)?.[0] ?? '';
    await addFiles(job.temp, { [`${folder}/token/npmrc`]: TOKEN });
    const post = await job.run({}, { phase: 'post' });
    expect(post.exitCode, post.log).toBe(0);
    expect(await readdir(job.temp)).toEqual(['keep']);
  });
});

describe('the cache', () => {
  it('is saved after a green install and hit by the next job, which then asks the registry for nothing', async () => {
    const registry = await registryFor();
    const files = await npmProject(registry);
    const environment = await cacheService();
    const first = await startJob(registry.url, files);
    expect((await first.run({}, { environment })).outputs['cache-hit']).toBe('false');
    const post = await first.run({}, { environment, phase: 'post' });
    expect(post.log).toMatch(/^cache: saved in/m);
    const before = registry.requests.length;
    const second = await startJob(registry.url, files);
    const { outputs, log } = await second.run({}, { environment });
    expect(log).toMatch(/^cache: hit of this lockfile/m);
    expect(outputs['cache-hit']).toBe('true');
    expect(registry.requests.slice(before).filter(({ path }) => path.endsWith('.tgz'))).toEqual([]);
    const again = await second.run({}, { environment, phase: 'post' });
    expect(again.log).not.toContain('cache:');
  });

  it('is not saved after a red install', async () => {
    const registry = await registryFor();
    const environment = await cacheService();
    const job = await startJob(registry.url, await npmProject(registry, [], { scripts: { postinstall: 'exit 7' } }));
    expect((await job.run({}, { environment })).exitCode).toBe(1);
    expect((await job.run({}, { environment, phase: 'post' })).log).not.toContain('cache:');
  });

  it.each<[CacheFault]>([['down'], ['garbage'], ['corrupt']])(
    'whose service is broken (%s) costs a notice and nothing else',
    async (fault) => {
      const registry = await registryFor();
      const job = await startJob(registry.url, await npmProject(registry));
      const environment = await cacheService(fault);
      const { exitCode, log, outputs } = await job.run({}, { environment });
      expect(exitCode, log).toBe(0);
      expect(
        log.match(/^::notice::The package store was not restored: .+ The install goes on without it\.$/gm),
      ).toHaveLength(1);
      expect(log).not.toMatch(/^::(warning|error)/m);
      expect(outputs['cache-hit']).toBe('false');
      const post = await job.run({}, { environment, phase: 'post' });
      expect(post.exitCode, post.log).toBe(0);
      expect(post.log).not.toMatch(/^::(warning|error)/m);
    },
  );

  it('is off with `cache: false`', async () => {
    const registry = await registryFor();
    const environment = await cacheService();
    const job = await startJob(registry.url, await npmProject(registry));
    const { log } = await job.run({ cache: 'false' }, { environment });
    expect(log).toMatch(/^cache: off$/m);
    expect((await job.run({ cache: 'false' }, { environment, phase: 'post' })).log).not.toContain('cache:');
  });
});
