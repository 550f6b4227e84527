import { spawn } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { CloudRequest } from '../support/cloud-proxy.ts';
import { machine } from '../support/run-dist.ts';
import { inputVariables, parseFileCommands } from '../support/step-process.ts';
import { temporaryFolder } from '../support/temporary.ts';
import type { ActionName } from './operations.ts';

type Texts = Readonly<Record<string, string>>;

/** An action that is watched. */
export interface Watched {
  readonly action: ActionName;
  /** The file that exports `target`. */
  readonly module: URL;
  readonly inputs: Texts;
  readonly environment: Texts;
  /** The folder of the repository; nothing in it is a secret. */
  readonly workspace: string;
}

/** Everything that left the process of an action, but by the network. */
export interface Traces {
  readonly exitCode: number | null;
  readonly outputs: Texts;
  /** Where something was left, and what. */
  readonly left: readonly (readonly [where: string, text: string])[];
}

/**
 * Runs an action as the runner does, and watches it: its log, the command line and environment of every process that it
 * starts (as it starts them, and as the system shows them), what it writes into files, and what lies in every folder
 * that it may write to when it has ended.
 */
export async function watched({ action, module, inputs, environment, workspace }: Watched): Promise<Traces> {
  const root = await temporaryFolder();
  const place = async (name: string) => {
    await mkdir(join(root, name));
    return join(root, name);
  };
  const commands = await place('commands');
  const files = ['OUTPUT', 'STATE', 'STEP_SUMMARY', 'ENV', 'PATH'].map((name) => [
    `GITHUB_${name}`,
    join(commands, name.toLowerCase()),
  ]);
  for (const [, path = ''] of files) await writeFile(path, '');
  const recording = join(await temporaryFolder(), 'recording');
  await writeFile(recording, '');
  const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));
  const child = spawn(process.execPath, [here('operation-process.ts'), action, fileURLToPath(module)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    cwd: workspace,
    env: {
      ...machine(),
      ...environment,
      HOME: await place('home'),
      TMPDIR: await place('tmp'),
      RUNNER_TEMP: await place('runner-temp'),
      RUNNER_TOOL_CACHE: await place('tool-cache'),
      GITHUB_WORKSPACE: workspace,
      NODE_OPTIONS: `--import ${new URL('recording.ts', import.meta.url).href}`,
      RECORDING: recording,
      ...Object.fromEntries(files),
      ...inputVariables(inputs),
    },
  });
  let log = '';
  const hear = (chunk: Buffer) => {
    log += chunk.toString('utf8');
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [exitCode, processes] = await Promise.all([ended, watchProcesses(child.pid ?? 0, ended)]);
  return {
    exitCode,
    outputs: parseFileCommands(await readFile(join(commands, 'output'), 'utf8')),
    left: [
      // What tells the runner to mask a value has to name it; the runner itself does not show it.
      ['log', log.replace(/^.*::add-mask::.*$/gm, '')],
      ['recording', await readFile(recording, 'utf8')],
      ...processes,
      ...(await filesIn(root)),
      ...(await filesIn(workspace)),
    ],
  };
}

type Left = readonly [where: string, text: string];

/** Command line and environment of every process below one, as the system shows them; of itself the command line. */
async function watchProcesses(pid: number, ended: Promise<unknown>): Promise<readonly Left[]> {
  const seen = new Map<number, readonly Left[]>();
  let isRunning = true;
  void ended.then(() => {
    isRunning = false;
  });
  while (isRunning) {
    for (const one of await below(pid)) {
      if (seen.has(one)) continue;
      const of = async (name: string) => `${await textAt(`/proc/${one}/${name}`)}`.replaceAll('\0', ' ');
      const left: Left[] = [[`command line of ${one}`, await of('cmdline')]];
      if (one !== pid) left.push([`environment of ${one}`, await of('environ')]);
      seen.set(one, left);
    }
    await delay(5);
  }
  return [...seen.values()].flat();
}

async function below(pid: number): Promise<readonly number[]> {
  const children = (await textAt(`/proc/${pid}/task/${pid}/children`)).split(' ').filter((one) => one !== '');
  const all = await Promise.all(children.map((one) => below(Number(one))));
  return [pid, ...all.flat()];
}

async function textAt(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    // It has ended meanwhile.
    return '';
  }
}

/** Names and contents of all files below a folder. */
async function filesIn(folder: string): Promise<readonly Left[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return await Promise.all(
    files.map(async (path): Promise<Left> => {
      const name = relative(folder, path);
      // As bytes, one character each: nothing of a binary file is lost.
      const content = await readFile(path);
      return [`file ${name}`, `${name}\n${content.toString('utf8')}\n${content.toString('latin1')}`];
    }),
  );
}

/** Tokens that went over the network: by them the secrets of a run are known that nobody has given it. */
export function sentTokens(requests: readonly CloudRequest[]): readonly string[] {
  const found = requests.flatMap(({ headers, body }) => {
    const basic = Object.values(headers).flatMap((value) => value.match(/(?<=Basic )\S{20,}/g) ?? []);
    return [
      ...Object.values(headers).flatMap((value) => value.match(/(?<=Bearer )\S{12,}/g) ?? []),
      ...basic.map((text) =>
        Buffer.from(text, 'base64')
          .toString('utf8')
          .replace(/^[^:]*:/, ''),
      ),
      ...(body.toString('utf8').match(/eyJ[\w-]+\.[\w-]+\.[\w-]+/g) ?? []),
    ];
  });
  return [...new Set(found)];
}

/** Where a secret was left, in any of the forms that programs give it; empty when it stayed where it belongs. */
export function leaks({ left }: Traces, secrets: readonly string[]): readonly string[] {
  return secrets.flatMap((secret, index) => {
    if (secret.length < 8) throw new RangeError(`secret ${index} is too short to be looked for`);
    const forms = formsOf(secret);
    return left.flatMap(([where, text]) => {
      const form = [...forms].find(([, value]) => text.includes(value));
      return form === undefined ? [] : [`secret ${index}, ${form[0]}, in ${where}`];
    });
  });
}

function formsOf(secret: string): ReadonlyMap<string, string> {
  const bytes = Buffer.from(secret, 'utf8');
  // What stands in base64 whatever is before and behind it.
  const inBase64 = [0, 1, 2].map((lead) => bytes.subarray(lead, lead + Math.floor((bytes.length - lead) / 3) * 3));
  const lines = secret.split('\n').filter((line) => line.length >= 20);
  return new Map([
    ['as it is', secret],
    ...lines.map((line, index): [string, string] => [`its line ${index + 1}`, line]),
    ['escaped as in JSON', JSON.stringify(secret).slice(1, -1)],
    ['encoded as in an address', encodeURIComponent(secret)],
    ['encoded as in a form', new URLSearchParams([['', secret]]).toString().slice(1)],
    ['in hexadecimal digits', bytes.toString('hex')],
    ...inBase64.flatMap((part, index): [string, string][] => [
      [`in base64 (${index})`, part.toString('base64')],
      [`in base64 for addresses (${index})`, part.toString('base64url')],
    ]),
  ]);
}
