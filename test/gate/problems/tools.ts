/**
 * Installs the real tools that the tests of the problem parsers run: once for each state of tools/package-lock.json and
 * tools/requirements.txt, into `.tools/`, which git ignores. npm checks the lockfile's integrity hashes, pip the
 * requirements' hashes.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '..', '..', '..');
const manifests = join(here, 'tools');
const nodeFolder = join(root, '.tools', 'problem-tools');
const pythonFolder = join(root, '.tools', 'python-problem-tools');

export interface ProblemTools {
  /** Folder of the programs from npm: tsc, eslint, prettier, biome, vitest, jest, pnpm, turbo. */
  bin: string;
  /** Folder of the programs from Python: ruff, mypy, pytest. */
  pythonBin: string;
}

/** Longest wait for another process that is installing, and longest run of one installing command, in ms. */
const longest = 600_000;

/** The tools, installed by this call or by an earlier one. Throws with the end of the installer's output. */
export async function installProblemTools(): Promise<ProblemTools> {
  // Both to their end, so that a failure of one leaves no half-made folder of the other.
  const outcomes = await Promise.allSettled([
    installOnce(nodeFolder, ['package.json', 'package-lock.json'], installNodeTools),
    installOnce(pythonFolder, ['requirements.txt'], installPythonTools),
  ]);
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  return { bin: join(nodeFolder, 'node_modules', '.bin'), pythonBin: join(pythonFolder, 'bin') };
}

/** Runs `install` on an empty folder unless it has run for these manifests; one process at a time. */
export async function installOnce(
  folder: string,
  names: readonly string[],
  install: (folder: string) => Promise<void>,
): Promise<void> {
  const wanted = await fingerprint(names);
  const stamp = join(folder, '.installed');
  const isInstalled = async (): Promise<boolean> => existsSync(stamp) && (await readFile(stamp, 'utf8')) === wanted;
  if (await isInstalled()) return;
  await mkdir(dirname(folder), { recursive: true });
  await withLock(`${folder}.lock`, async () => {
    if (await isInstalled()) return;
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder);
    const start = performance.now();
    say(`installing ${names.join(', ')} of test/gate/problems/tools into ${folder}`);
    await install(folder);
    await writeFile(stamp, wanted);
    say(`installed ${folder} in ${Math.round((performance.now() - start) / 1000)} s`);
  });
}

async function fingerprint(names: readonly string[]): Promise<string> {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}`);
  for (const name of names) hash.update(await readFile(join(manifests, name)));
  return hash.digest('hex');
}

async function installNodeTools(folder: string): Promise<void> {
  for (const name of ['package.json', 'package-lock.json']) await cp(join(manifests, name), join(folder, name));
  await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], folder);
}

async function installPythonTools(folder: string): Promise<void> {
  await run('python3', ['-m', 'venv', folder], dirname(folder));
  const requirements = join(manifests, 'requirements.txt');
  const options = ['--disable-pip-version-check', '--only-binary', ':all:', '--require-hashes', '--no-deps'];
  await run(join(folder, 'bin', 'python'), ['-m', 'pip', 'install', ...options, '--requirement', requirements], folder);
}

/** Runs a program, its output as progress on stderr; throws when it cannot start, fails or takes too long. */
async function run(program: string, args: readonly string[], cwd: string): Promise<void> {
  const path = `${dirname(process.execPath)}${delimiter}${process.env['PATH'] ?? ''}`;
  const child = spawn(program, args, {
    cwd,
    env: { ...process.env, PATH: path },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: longest,
  });
  let tail = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      process.stderr.write(text);
      tail = (tail + text).slice(-4_000);
    });
  }
  const outcome = await new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(`could not start: ${error.message}`));
    child.once('close', (code, signal) => resolve(code === 0 ? '' : `ended with ${code ?? signal}`));
  });
  if (outcome === '') return;
  const command = [program, ...args].join(' ');
  throw new Error(
    `Installing the tools for the tests of the problem parsers failed: "${command}" in ${cwd} ${outcome}. It needs ` +
      'npm, Python 3.11 or newer with venv (Debian: python3-venv) and access to the package registries. ' +
      `The end of its output:\n${tail}`,
  );
}

/** A folder is the lock, as making one is atomic; it names its process, so that a lock of a dead one is taken over. */
async function withLock(lock: string, action: () => Promise<void>): Promise<void> {
  const deadline = performance.now() + longest;
  while (!(await tryLock(lock))) {
    if (performance.now() > deadline) {
      throw new Error(
        `Another process has held ${lock} for ${longest / 60_000} minutes. Remove it if none is installing.`,
      );
    }
    await delay(250);
  }
  try {
    await action();
  } finally {
    await rm(lock, { recursive: true, force: true });
  }
}

async function tryLock(lock: string): Promise<boolean> {
  try {
    await mkdir(lock);
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
    await removeIfAbandoned(lock);
    return false;
  }
  await writeFile(join(lock, 'pid'), `${process.pid}`);
  return true;
}

async function removeIfAbandoned(lock: string): Promise<void> {
  const owner = await readFile(join(lock, 'pid'), 'utf8').catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) return ''; // Just made, or just removed.
    throw error;
  });
  if (owner === '' || isRunning(Number(owner))) return;
  // Renaming is atomic: of several processes that see the lock abandoned one moves it away.
  const moved = `${lock}.${process.pid}`;
  await rename(lock, moved).catch((error: unknown) => {
    if (!hasCode(error, 'ENOENT')) throw error;
  });
  await rm(moved, { recursive: true, force: true });
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !hasCode(error, 'ESRCH');
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

function say(text: string): void {
  process.stderr.write(`problem tools: ${text}\n`);
}
