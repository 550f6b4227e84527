import { lstat, readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { capture } from '../../src/runtime/process.ts';
import { withPath } from '../../src/setup/programs.ts';
import { serveCache } from '../support/cache/serve.ts';
import { startRegistry } from '../support/registry/registry.ts';
import type { TestServer } from '../support/registry/server.ts';
import { machine } from '../support/run-dist.ts';
import { lockedProject, type ManagerKind, manager, nameOf, publishedAs, runner } from './installation.ts';
import { REAL } from './real-packages.ts';
import { type Job, type StepOptions, startJob } from './run-action.ts';
import { addFiles, workspaceWith } from './workspace.ts';

/** Packages as they come: programs, scripts that build something for this machine, files in folders. */
const packages = [
  { name: 'left', version: '1.0.0', files: { 'index.js': 'module.exports = 1\n', 'lib/deep/a.js': '' } },
  { name: 'left', version: '2.0.0', files: { 'index.js': 'module.exports = 2\n' } },
  {
    name: '@acme/tool',
    version: '1.0.0',
    manifest: { bin: { 'acme-tool': 'cli.js' }, dependencies: { left: '2.0.0' } },
    files: { 'cli.js': '#!/usr/bin/env node\nconsole.log(require("left"))\n' },
  },
  {
    name: 'native',
    version: '1.0.0',
    manifest: { scripts: { install: 'cc -o built main.c' } },
    files: { 'main.c': '#include <stdio.h>\nint main(void) { puts("built here"); return 0; }\n' },
  },
  {
    name: 'patch-package',
    version: '8.0.0',
    manifest: { bin: { 'patch-package': 'cli.js' } },
    files: {
      'cli.js':
        '#!/usr/bin/env node\nrequire("child_process").execFileSync("sh", ["-c", "for p in patches/*.patch; do patch -sfp1 < $p; done"])\n',
    },
  },
  {
    name: 'writes',
    version: '1.0.0',
    manifest: { scripts: { postinstall: 'node write.js' } },
    files: {
      'write.js':
        'const fs = require("fs"), path = require("path"); const to = process.env.WRITES_TO; fs.mkdirSync(path.dirname(to), { recursive: true }); fs.writeFileSync(to, "x")',
    },
  },
];

export const pullRequest = { GITHUB_EVENT_NAME: 'pull_request' };

const LOCKFILES: Readonly<Partial<Record<ManagerKind, string>>> = {
  npm: 'package-lock.json',
  pnpm: 'pnpm-lock.yaml',
  bun: 'bun.lock',
  oldBun: 'bun.lockb',
};

export interface Setting {
  readonly job: Job;
  readonly registry: TestServer;
  /** Runs the step, and its post part where it went well; the tree is gone afterwards. */
  readonly keep: (inputs?: Readonly<Record<string, string>>, options?: StepOptions) => Promise<string>;
  /** Runs the step in a pull request. */
  readonly again: (inputs?: Readonly<Record<string, string>>, options?: StepOptions) => Promise<string>;
  /** Takes away what an install has left, and says what Yarn's state was. */
  readonly take: () => Promise<Readonly<Record<string, string>>>;
  /** Runs the package manager in the project, with its store as the job left it. */
  readonly run: (args: readonly string[]) => Promise<string>;
  /** Of the cache service. */
  readonly environment: NonNullable<StepOptions['environment']>;
}

export async function setting(
  tools: string,
  files: Readonly<Record<string, string>>,
  { kind = 'npm', scope = 'refs/heads/main' }: { readonly kind?: ManagerKind; readonly scope?: string } = {},
): Promise<Setting> {
  const published = kind === 'npm' ? [] : await publishedAs(kind);
  const registry = await startRegistry({ packages: [...packages, ...published] });
  onTestFinished(() => registry.close());
  const at = await runner(registry.url);
  const by = await manager(kind, tools);
  const folder = await lockedProject(by, files, at, registry.url);
  const name = LOCKFILES[kind] ?? 'yarn.lock';
  const job = await startJob(registry.url, files);
  await addFiles(job.workspace, { [name]: await readFile(join(folder, name)) });
  await addFiles(job.home, {
    '.yarnrc.yml': `npmRegistryServer: ${registry.url}\nunsafeHttpWhitelist: [127.0.0.1]\n`,
  });
  const cache = await serveCache({ folder: await workspaceWith(), scope });
  onTestFinished(() => cache.close());
  const ownCache = kind === 'classicYarn' ? { YARN_CACHE_FOLDER: join(job.home, 'yarn-cache') } : {};
  const environment = { ...cache.environment, ...ownCache };
  const step = async (inputs: Readonly<Record<string, string>>, options: StepOptions) => {
    const { exitCode, log } = await job.run(inputs, {
      ...options,
      environment: { ...environment, ...options.environment },
    });
    expect(exitCode, log).toBe(0);
    return log;
  };
  return {
    job,
    registry,
    environment,
    take: async () => {
      const state = await stateOf(job.workspace);
      for (const path of ['node_modules', 'packages/a/node_modules', '.yarn'])
        await rm(join(job.workspace, path), { recursive: true, force: true });
      return state;
    },
    run: async (args) => {
      const own = { ...withPath(machine(), [by.folder, join(process.execPath, '..')]), HOME: job.home, CI: 'true' };
      const { exitCode, stdout, stderr } = await capture(by.name, args, {
        cwd: job.workspace,
        env: { ...own, ...environment },
      });
      expect(exitCode, `${stdout}${stderr}`).toBe(0);
      return stdout;
    },
    keep: async (inputs = {}, options = {}) => {
      const log = await step(inputs, options);
      const post = await step(inputs, { ...options, phase: 'post' });
      await writeFile(join(job.root, 'state'), '');
      return `${log}${post}`;
    },
    again: async (inputs = {}, options = {}) => {
      const log = await step(inputs, { ...options, environment: { ...pullRequest, ...options.environment } });
      await writeFile(join(job.root, 'state'), '');
      return log;
    },
  };
}

/** What Yarn keeps of an install beside node_modules. */
export async function stateOf(folder: string): Promise<Readonly<Record<string, string>>> {
  const names = (await readdir(join(folder, '.yarn')).catch(() => [])).filter((name) => /-state\./.test(name));
  const contents = await Promise.all(names.map((name) => readFile(join(folder, '.yarn', name), 'base64')));
  return Object.fromEntries(names.map((name, index) => [name, contents[index] ?? '']));
}

/** Every file, folder and link below a folder, with what makes it what it is. */
export async function treeOf(folder: string): Promise<readonly string[]> {
  const names = (await readdir(folder, { recursive: true })).sort();
  return Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      const stats = await lstat(path);
      if (stats.isSymbolicLink()) return `${name} -> ${await readlink(path)}`;
      const mode = (stats.mode & 0o7777).toString(8);
      return stats.isDirectory() ? `${name}/ ${mode}` : `${name} ${mode} ${(await readFile(path)).toString('base64')}`;
    }),
  );
}

/** As package managers write it: Yarn writes it anew where it is not. */
export const packageJson = (fields: object) => `${JSON.stringify(fields, undefined, 2)}\n`;
export const manifest = (more: object = {}) =>
  packageJson({ name: 'project', version: '1.0.0', private: true, dependencies: { left: '1.0.0' }, ...more });
export const restored = /^installed tree: restored in .* nothing to install$/m;

export function isBerry(kind: ManagerKind): boolean {
  return nameOf(kind) === 'yarn' && kind !== 'classicYarn';
}

/** What makes a project one of a package manager: its version, and that scripts of packages may run. */
export function projectOf(kind: ManagerKind): {
  readonly more: object;
  readonly files: Readonly<Record<string, string>>;
} {
  const name = nameOf(kind);
  const more = kind === 'npm' ? {} : { packageManager: `${name}@${REAL[kind]}` };
  if (name === 'bun') return { more: { ...more, trustedDependencies: ['native', 'writes'] }, files: {} };
  if (name === 'yarn') return { more, files: { '.yarnrc.yml': 'nodeLinker: node-modules\n' } };
  const allowed = "packages: ['packages/*']\nonlyBuiltDependencies: [native]\n";
  return { more, files: name === 'pnpm' ? { 'pnpm-workspace.yaml': allowed } : {} };
}
