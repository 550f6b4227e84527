import { accessSync, constants, realpathSync } from 'node:fs';
import { arch, platform, release } from 'node:os';
import { delimiter, isAbsolute, join } from 'node:path';
import type { Environment } from '../runtime/environment.ts';
import { ConfigurationError } from '../runtime/errors.ts';
import { capture } from '../runtime/process.ts';

/**
 * What runs the tasks, as far as a step can know: the runner's image, or the operating system where there is none, the
 * architecture, the version of Node, and where Node and the package manager are (their folders carry their versions).
 *
 * @param manager program of the package manager, `npm`
 * @returns a phrase where Node is not to be found
 */
export async function toolchainOf(
  manager: string,
  cwd: string,
  environment: Environment,
): Promise<readonly string[] | string> {
  const image = environment['ImageVersion'] ?? '';
  const system = image === '' ? `${platform()} ${release()}` : `${environment['ImageOS'] ?? platform()} ${image}`;
  const node = programAt('node', environment);
  if (node === undefined) return 'there is no `node` on PATH';
  try {
    const { stdout, exitCode } = await capture(node, ['--version'], { cwd, env: environment, timeout: 10_000 });
    if (exitCode !== 0) return '`node` does not say its version';
    return [system, arch(), stdout.trim(), node, programAt(manager, environment) ?? ''];
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return '`node` could not be started';
  }
}

/** Where a program on PATH really is. */
function programAt(name: string, environment: Environment): string | undefined {
  for (const folder of (environment['PATH'] ?? '').split(delimiter).filter(isAbsolute)) {
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      return realpathSync(path);
    } catch {
      // Not in this folder, or not to be run.
    }
  }
  return undefined;
}
