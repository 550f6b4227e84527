import { execFileSync, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';
import { afterAll, expect } from 'vitest';
import { createParser } from '../../src/migrate/parser.ts';
import { once } from '../../tools/install/once.ts';
import { root } from '../../tools/install/root.ts';
import { installPrisma } from '../../tools/migrate/install.ts';
import { readFileCommands } from '../runtime/runner-model.ts';
import { PASSWORD, type Postgres } from '../support/postgres.ts';
import { machine } from '../support/run-dist.ts';
import { sourceStub } from '../support/run-source.ts';
import { writeFiles } from '../support/temporary.ts';

const wasm = join(root, 'node_modules/libpg-query/wasm/libpg-query.wasm');

export const parser = createParser(() => readFile(wasm));

const HEAD = 'datasource db {\n  provider = "postgresql"\n}\n';

export const USER_MODEL =
  'model User {\n  id Int @id @default(autoincrement())\n  email String @unique\n  name String?\n}\n';

const USER_SQL = `CREATE TABLE "User" (
    "id" SERIAL NOT NULL,
    "email" TEXT NOT NULL,
    "name" TEXT,

    CONSTRAINT "User_pkey" PRIMARY KEY ("id")
);

CREATE UNIQUE INDEX "User_email_key" ON "User"("email");
`;

const folders: string[] = [];
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

/** A folder that is gone when the file's tests are done; tests that run at the same time can ask for one, too. */
export async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'pipelines-migrate-'));
  folders.push(folder);
  return folder;
}

/** A repository with a Prisma schema and one migration on its base. */
export interface Repository {
  readonly folder: string;
  readonly git: (...args: readonly string[]) => string;
  readonly write: (files: Readonly<Record<string, string>>) => Promise<void>;
  readonly commit: (message: string) => string;
}

export function schemaOf(...models: readonly string[]): string {
  return [HEAD, ...models].join('\n');
}

export const BASE_FILES: Readonly<Record<string, string>> = {
  'package.json': '{"name": "shop", "private": true, "type": "module"}\n',
  '.gitignore': 'node_modules\n',
  'prisma/schema.prisma': schemaOf(USER_MODEL),
  'prisma/migrations/migration_lock.toml': 'provider = "postgresql"\n',
  'prisma/migrations/20260101000000_init/migration.sql': USER_SQL,
};

export async function repository(files: Readonly<Record<string, string>> = BASE_FILES): Promise<Repository> {
  const folder = await newFolder();
  const git = (...args: readonly string[]) => {
    const who = ['-c', 'user.name=a', '-c', 'user.email=a@example.com', '-c', 'commit.gpgSign=false'];
    return execFileSync('git', ['-C', folder, ...who, ...args], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    }).trim();
  };
  const write = (more: Readonly<Record<string, string>>) => writeFiles(folder, more);
  const commit = (message: string) => {
    git('add', '-A');
    git('commit', '-qm', message);
    return git('rev-parse', 'HEAD');
  };
  git('init', '-q', '-b', 'main');
  await write(files);
  commit('base');
  return { folder, git, write, commit };
}

/** The merge commit that GitHub checks out for a pull request with these changes; `null` removes a file. */
export async function pullRequest(
  { git, write, commit }: Repository,
  changes: Readonly<Record<string, string | null>>,
): Promise<{ readonly base: string; readonly head: string }> {
  const base = git('rev-parse', 'HEAD');
  git('checkout', '-q', '-b', 'feature');
  const written = Object.entries(changes).filter((entry): entry is [string, string] => entry[1] !== null);
  await write(Object.fromEntries(written));
  for (const [path, text] of Object.entries(changes)) if (text === null) git('rm', '-q', path);
  const head = commit('change');
  git('checkout', '-q', '--detach', base);
  git('merge', '-q', '--no-ff', '-m', 'merge', head);
  return { base, head };
}

/** The project's own Prisma CLI, with the schema engine of the tests. */
export async function addPrisma(folder: string): Promise<void> {
  await symlink(await installPrisma(), join(folder, 'node_modules'));
}

export const ENGINE = join(root, 'tools/migrate/schema-engine.mjs');

/** Code compiled once serves every run: the room's modules and Prisma's CLI are most of what a test waits for. */
export const NODE_COMPILE_CACHE = join(root, '.tools/node-compile-cache');

export interface Outcome {
  readonly exitCode: number | null;
  readonly log: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
}

export interface Job {
  readonly workspace: string;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly event: { readonly name: string; readonly payload: unknown };
  readonly environment?: Readonly<Record<string, string>>;
  /** Called once, as soon as the log matches; gets what ends the step. */
  readonly when?: readonly [pattern: RegExp, act: (kill: (signal: NodeJS.Signals) => void) => void];
  /** Called once after that, as soon as the log matches. */
  readonly afterwards?: readonly [pattern: RegExp, act: () => void];
}

export function pullRequestEvent(base: string, head: string): Job['event'] {
  const side = (sha: string, ref: string) => ({ sha, ref, repo: { full_name: 'org/shop' } });
  const pull = { number: 7, head: side(head, 'feature'), base: side(base, 'main') };
  return { name: 'pull_request', payload: { action: 'opened', number: 7, pull_request: pull } };
}

/** The packed parser as the build ships it, made once. */
async function packedParser(): Promise<string> {
  const folder = await once('libpg-query', 'libpg-query 18.1.5', async (into) => {
    const params = { [constants.BROTLI_PARAM_QUALITY]: 5 };
    const packed = await promisify(brotliCompress)(await readFile(wasm), { params });
    await writeFile(join(into, 'libpg-query.wasm.br'), packed);
  });
  return join(folder, 'libpg-query.wasm.br');
}

/** Runs the door as the runner starts it: inputs and files in the environment, the packed parser beside the stub. */
export async function runJob(job: Job): Promise<Outcome> {
  const temp = await newFolder();
  const path = (name: string) => join(temp, name);
  await mkdir(path('dist'));
  await symlink(await packedParser(), path('dist/libpg-query.wasm.br'));
  const program = await sourceStub(temp, 'migrate');
  await writeFiles(temp, {
    'event.json': JSON.stringify(job.event.payload),
    output: '',
    summary: '',
    state: '',
  });
  const inputs = Object.entries(job.inputs ?? {}).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]);
  const child = spawn(process.execPath, [program], {
    cwd: job.workspace,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...machine(),
      GITHUB_WORKSPACE: job.workspace,
      GITHUB_EVENT_NAME: job.event.name,
      GITHUB_EVENT_PATH: path('event.json'),
      GITHUB_OUTPUT: path('output'),
      GITHUB_STATE: path('state'),
      GITHUB_STEP_SUMMARY: path('summary'),
      RUNNER_TEMP: temp,
      PRISMA_SCHEMA_ENGINE_BINARY: ENGINE,
      NODE_COMPILE_CACHE,
      ...job.environment,
      ...Object.fromEntries(inputs),
    },
  });
  let log = '';
  const waiting = [job.when, job.afterwards].filter((one) => one !== undefined);
  const hear = (chunk: Buffer) => {
    log += chunk.toString('utf8');
    const [next] = waiting;
    if (next?.[0].test(log) !== true) return;
    waiting.shift();
    next[1]((signal) => child.kill(signal));
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  const exitCode = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return {
    exitCode,
    log,
    outputs: readFileCommands(await readFile(path('output'), 'utf8')),
    summary: await readFile(path('summary'), 'utf8'),
  };
}

/** A database of a test's own, and `apply` on it. */
export interface TestDatabase {
  readonly name: string;
  /** Runs `apply` and sees to it that the password is nowhere. */
  readonly apply: (workspace: string, more?: Partial<Job>) => Promise<Outcome>;
}

/** Makes databases on a server, each with another name; empty, or copies of another one. */
export function databases(server: () => Postgres): (template?: string) => Promise<TestDatabase> {
  let count = 0;
  return async (template = 'template1') => {
    count += 1;
    const name = `shop_${count}`;
    await server().sql('postgres', `CREATE DATABASE ${name} TEMPLATE ${template}`);
    return {
      name,
      apply: async (workspace, more = {}) => {
        const inputs = { mode: 'apply', 'database-url': server().url(name), timeout: '60s', ...more.inputs };
        const outcome = await runJob({ workspace, event: { name: 'push', payload: {} }, ...more, inputs });
        const masked = outcome.log.replace(/^::add-mask::.*$/gm, '');
        for (const text of [masked, outcome.summary, JSON.stringify(outcome.outputs)]) {
          expect(text).not.toContain(PASSWORD);
        }
        return outcome;
      },
    };
  };
}
