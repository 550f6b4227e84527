import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Captured, capture } from '../../src/runtime/process.ts';
import { installCrane } from '../../tools/registry/install.ts';
import { REGISTRY_LOGIN } from '../support/registry-server.ts';

/** Runs crane, the witness, with a Docker configuration of its own. */
export async function crane(args: readonly string[], config?: string): Promise<Captured> {
  const program = await installCrane();
  const folder = await mkdtemp(join(tmpdir(), 'pipelines-crane-'));
  try {
    const env = { PATH: process.env['PATH'] ?? '', HOME: folder, DOCKER_CONFIG: config ?? folder };
    const finished = await capture(program, args, { cwd: folder, env });
    if (finished.exitCode !== 0)
      throw new Error(`crane ${args[0]} ended with ${finished.exitCode}: ${finished.stderr}`);
    return finished;
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** A folder for DOCKER_CONFIG with the tests' login for a registry; whoever asks for it removes it. */
export async function loginFolder(host: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'pipelines-login-'));
  const auth = Buffer.from(`${REGISTRY_LOGIN.username}:${REGISTRY_LOGIN.password}`).toString('base64');
  await writeFile(join(folder, 'config.json'), JSON.stringify({ auths: { [host]: { auth } } }));
  return folder;
}

/** Pushes a small image with one file by crane, in OCI's form or in Docker's older one. @returns its digest */
export async function pushImage(
  name: string,
  content: string,
  config?: string,
  form: 'oci' | 'docker' = 'oci',
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'pipelines-image-'));
  try {
    await writeFile(join(folder, 'file'), content);
    const tar = [
      '-C',
      folder,
      '-cf',
      join(folder, 'layer.tar'),
      '--sort=name',
      '--mtime=@0',
      '--owner=0',
      '--group=0',
      'file',
    ];
    const env = { PATH: process.env['PATH'] ?? '' };
    const made = await capture('tar', tar, { cwd: folder, env });
    if (made.exitCode !== 0) throw new Error(`tar: ${made.stderr}`);
    const { stdout } = await crane(
      ['append', ...(form === 'oci' ? ['--oci-empty-base'] : []), '-f', join(folder, 'layer.tar'), '-t', name],
      config,
    );
    return stdout.trim().split('@')[1] ?? '';
  } finally {
    await rm(folder, { recursive: true });
  }
}
