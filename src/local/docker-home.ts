import { mkdir, stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Environment } from './git.ts';

/**
 * What of the user's Docker folder a job can use from its own home: plugins (buildx and compose may be installed there),
 * and the builder that BUILDX_BUILDER names. Its config.json, with logins, stays where it is.
 *
 * @param machine what the runner itself was started with.
 * @param home the run's own home folder, which exists.
 * @returns variables to add.
 */
export async function openDockerHome(machine: Environment, home: string): Promise<Readonly<Record<string, string>>> {
  const folder = machine['DOCKER_CONFIG'] || join(machine['HOME'] ?? '', '.docker');
  const plugins = join(folder, 'cli-plugins');
  if (await isFolder(plugins)) {
    await mkdir(join(home, '.docker'), { recursive: true });
    await symlink(plugins, join(home, '.docker', 'cli-plugins'));
  }
  const builders = join(folder, 'buildx');
  const isNamed = (machine['BUILDX_BUILDER'] ?? '') !== '' && (machine['BUILDX_CONFIG'] ?? '') === '';
  return isNamed && (await isFolder(builders)) ? { BUILDX_CONFIG: builders } : {};
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() === true;
}
