import { copyFile, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installGoTool } from '../install/go.ts';
import { once } from '../install/once.ts';

const buildkit = fileURLToPath(new URL('buildkitd', import.meta.url));
const buildx = fileURLToPath(new URL('buildx', import.meta.url));

/** BuildKit's daemon, built from source at the pinned version (minutes, once). Returns its path. */
export async function installBuildkitd(): Promise<string> {
  return await installGoTool(buildkit, 'github.com/moby/buildkit/cmd/buildkitd');
}

/** BuildKit's client, which a builder in a container needs beside the daemon. Returns its path. */
export async function installBuildctl(): Promise<string> {
  return await installGoTool(buildkit, 'github.com/moby/buildkit/cmd/buildctl');
}

/** The Buildx plugin, built from source. Returns a folder for DOCKER_CONFIG with which `docker buildx` is there. */
export async function installBuildx(): Promise<string> {
  const program = await installGoTool(buildx, 'github.com/docker/buildx/cmd/buildx');
  return await once('docker-buildx', await readFile(join(buildx, 'go.mod'), 'utf8'), async (into) => {
    await mkdir(join(into, 'cli-plugins'));
    await copyFile(program, join(into, 'cli-plugins/docker-buildx'));
  });
}

if (import.meta.main) {
  process.stdout.write(`buildkitd: ${await installBuildkitd()}\nDOCKER_CONFIG=${await installBuildx()}\n`);
}
