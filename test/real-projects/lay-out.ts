import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFile, mkdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { dialectOf } from '../../src/setup/dialect.ts';
import { withPath } from '../../src/setup/programs.ts';
import { root } from '../../tools/install/root.ts';
import { LOCKS, type ManagerKind, manager, nameOf } from '../setup/installation.ts';
import { commitAll } from '../support/project.ts';
import { temporaryFolder, writeFiles } from '../support/temporary.ts';
import type { RealProject } from './project-kinds.ts';

const run = promisify(execFile);
const locks = join(root, '.tools/project-lockfiles');

/** A project on disk, a repository of its own, with the lockfile that its package manager writes for it. */
export async function layOut(project: RealProject): Promise<string> {
  const folder = await temporaryFolder();
  await writeFiles(folder, { '.gitignore': 'node_modules\ndist\n', ...project.files });
  if (project.manager !== undefined) await lock(folder, project, project.manager);
  commitAll(folder);
  return folder;
}

function lockfileOf(kind: ManagerKind): string {
  if (kind === 'oldBun') return 'bun.lockb';
  const names = { npm: 'package-lock.json', pnpm: 'pnpm-lock.yaml', yarn: 'yarn.lock', bun: 'bun.lock' } as const;
  return names[nameOf(kind)];
}

/** Written once for these files, and kept: the registry's newest would be others tomorrow. */
async function lock(folder: string, { name, files }: RealProject, kind: ManagerKind): Promise<void> {
  const manifests = Object.entries(files).filter(([path]) => /package\.json$|\.ya?ml$/.test(path));
  const hash = createHash('sha256')
    .update(JSON.stringify([kind, manifests]))
    .digest('hex')
    .slice(0, 16);
  const kept = join(locks, `${name}-${hash}`);
  const target = join(folder, lockfileOf(kind));
  await mkdir(locks, { recursive: true });
  const isKept = await readFile(kept).then(
    () => true,
    () => false,
  );
  if (!isKept) {
    const scratch = await temporaryFolder();
    await writeFiles(scratch, { ...files, ...(nameOf(kind) === 'yarn' ? { 'yarn.lock': '' } : {}) });
    const by = await manager(kind, join(root, '.tools/project-managers'));
    const env = {
      ...withPath({ PATH: process.env['PATH'] ?? '' }, [by.folder, join(process.execPath, '..')]),
      ...certificates(),
      HOME: await temporaryFolder(),
      YARN_ENABLE_IMMUTABLE_INSTALLS: 'false',
    };
    await run(join(by.folder, by.name), [...LOCKS[dialectOf(by)]], { cwd: scratch, env, maxBuffer: 1e8 });
    await copyFile(join(scratch, lockfileOf(kind)), `${kept}.new`);
    await rename(`${kept}.new`, kept);
    await rm(scratch, { recursive: true });
  }
  await copyFile(kept, target);
}

function certificates(): Readonly<Record<string, string>> {
  const names = ['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'HTTPS_PROXY', 'NO_PROXY'];
  return Object.fromEntries(
    names.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name] ?? '']])),
  );
}
