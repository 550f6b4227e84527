import { spawn } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from '../../tools/install/root.ts';
import { COMPILE_CACHE } from '../support/compile-cache.ts';
import { machine } from '../support/run-dist.ts';
import { temporaryFolder } from '../support/temporary.ts';

export interface StepWish {
  /** Name of the action, which is also its room in src. */
  readonly action: 'health' | 'smoke';
  readonly inputs: Readonly<Record<string, string>>;
  readonly environment?: Readonly<Record<string, string>>;
  /** The checked-out repository; an empty folder when left out. */
  readonly workspace?: string;
  /** Sends SIGINT, as the runner does on cancel, when this comes in the log. */
  readonly cancelWhen?: RegExp;
  readonly state?: Readonly<Record<string, string>>;
}

export interface Step {
  readonly exitCode: number | null;
  /** Everything the runner would see, with what was folded. */
  readonly log: string;
  /** The same without the lines that tell the runner what to mask. */
  readonly shown: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
  readonly state: Readonly<Record<string, string>>;
  /** The folder that the runner empties after the job. */
  readonly temp: string;
}

/** Runs an action from its source, in a process of its own, as the runner starts it. */
export async function runAction(wish: StepWish): Promise<Step> {
  const folder = await temporaryFolder();
  const temp = join(folder, 'temp');
  const workspace = wish.workspace ?? join(folder, 'work');
  const source = (path: string) => pathToFileURL(join(root, 'src', path)).href;
  await mkdir(join(folder, 'dist'));
  await mkdir(temp);
  await mkdir(workspace, { recursive: true });
  await writeFile(join(folder, 'dist/package.json'), '{"type":"module"}');
  const stub = `import { runAction } from '${source('runtime/run.ts')}';\nimport { action } from '${source(`${wish.action}/action.ts`)}';\nawait runAction(action);\n`;
  await writeFile(join(folder, 'dist', `${wish.action}.js`), stub);
  const file = (name: string) => join(folder, name);
  for (const name of ['output', 'summary', 'state', 'env', 'path']) await writeFile(file(name), '');
  const inputs = Object.entries(wish.inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]);
  const state = Object.entries(wish.state ?? {}).map(([name, value]) => [`STATE_${name}`, value]);
  const child = spawn(process.execPath, [join(folder, 'dist', `${wish.action}.js`)], {
    cwd: workspace,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...machine(),
      ...COMPILE_CACHE,
      PATH: [dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter),
      GITHUB_ACTIONS: 'true',
      GITHUB_WORKSPACE: workspace,
      RUNNER_TEMP: temp,
      RUNNER_TOOL_CACHE: join(folder, 'tools'),
      GITHUB_OUTPUT: file('output'),
      GITHUB_STATE: file('state'),
      GITHUB_ENV: file('env'),
      GITHUB_PATH: file('path'),
      GITHUB_STEP_SUMMARY: file('summary'),
      ...wish.environment,
      ...Object.fromEntries(inputs),
      ...Object.fromEntries(state),
    },
  });
  let log = '';
  let isCancelled = false;
  const hear = (chunk: Buffer) => {
    log += chunk.toString('utf8');
    if (isCancelled || wish.cancelWhen?.test(log) !== true) return;
    isCancelled = true;
    child.kill('SIGINT');
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  return {
    exitCode,
    log,
    shown: log.replace(/^::add-mask::.*$/gm, ''),
    outputs: pairsOf(await readFile(file('output'), 'utf8')),
    summary: await readFile(file('summary'), 'utf8'),
    state: pairsOf(await readFile(file('state'), 'utf8')),
    temp,
  };
}

/** The files of the runner: `name<<delimiter`, lines, delimiter. */
function pairsOf(text: string): Readonly<Record<string, string>> {
  const pairs = [...text.matchAll(/^(.+?)<<(\S+)\n([\s\S]*?)\n?\2$/gm)];
  return Object.fromEntries(pairs.map(([, name = '', , value = '']) => [name, value]));
}
