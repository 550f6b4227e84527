import { existsSync, realpathSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { workflowNames } from './copy.ts';
import { createDisplay, type Display } from './display.ts';
import { type Flags, helpText, parseFlags } from './flags.ts';
import { GitError } from './git.ts';
import { runWorkflow } from './run.ts';
import type { RunEvent, RunOptions } from './run-types.ts';
import { UsageError } from './usage-error.ts';

/** The local runner behind `npm start`. Exit status: 0 green, 1 red, 2 the run could not start, 130 interrupted. */
export async function main(): Promise<void> {
  try {
    process.exitCode = await start(process.argv.slice(2));
  } catch (error) {
    const refusal = refusalOf(error);
    // Anything else is a fault of this program: its trace is what a report needs.
    const text = refusal ?? (error instanceof Error ? error.stack : String(error));
    process.stderr.write(`${text}\n`);
    process.exitCode = refusal === undefined ? 1 : 2;
  }
}

/** Why a run could not start, in a line: by its call, by git, or by the system (no space, no permission). */
function refusalOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const isOfSystem = 'syscall' in error && 'path' in error;
  if (!isOfSystem && !(error instanceof UsageError) && !(error instanceof GitError)) return undefined;
  return `error: ${error instanceof GitError ? 'git: ' : ''}${error.message.replaceAll(/\s+/g, ' ')}`;
}

async function start(args: readonly string[]): Promise<number> {
  const interruption = new AbortController();
  // Whoever reads has gone (`| head`): nobody is told any more, and what nobody sees is not run to its end.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      interruption.abort();
    });
  }
  const bundle = bundleFolder(process.argv[1] ?? '.');
  // npm runs scripts in the package's folder; the shell's own is where the user typed.
  const place = process.env['INIT_CWD'] ?? process.cwd();
  const flags = parseFlags(args, process.env, place);
  if (flags.wantsHelp) {
    const names = (await workflowNames(bundle)).filter((name) => !name.startsWith('ci-'));
    process.stdout.write(`${helpText(names)}\n`);
    return 0;
  }
  const options = optionsOf(flags, bundle, place);
  const ending = new AbortController();
  const interrupt = (): void => {
    // A second one does not wait for steps that clean up.
    if (interruption.signal.aborted) ending.abort();
    else process.stderr.write('\nCancelling: steps that clean up still run. Once more ends everything.\n');
    interruption.abort();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupt);
  const display = flags.isJson ? jsonDisplay() : terminalDisplay(flags, options);
  try {
    const result = await runWorkflow({
      ...options,
      signal: interruption.signal,
      killSignal: ending.signal,
      onEvent: display.show,
    });
    display.close();
    if (result.folder !== undefined) process.stderr.write(`kept: ${result.folder}\n`);
    return result.exitCode;
  } catch (error) {
    display.close();
    if (interruption.signal.aborted) return 130;
    throw error;
  }
}

/** The folder of the bundle this program is part of: the nearest one above it that has workflows. */
function bundleFolder(program: string): string {
  let folder = dirname(realpathSync(program));
  while (!existsSync(join(folder, '.github', 'workflows'))) {
    if (folder === dirname(folder))
      throw new UsageError(`${program} stands in no bundle: no folder above has .github/workflows`);
    folder = dirname(folder);
  }
  return folder;
}

function optionsOf(flags: Flags, bundle: string, place: string): RunOptions {
  const given = flags.project;
  return {
    bundle,
    project: given === undefined ? join(bundle, 'examples', 'node-service') : resolve(place, given),
    workflow: flags.workflow,
    event: flags.event,
    inputs: flags.inputs,
    secrets: flags.secrets,
    variables: flags.variables,
    parallel: flags.isParallel,
    keep: flags.keeps,
    isFresh: flags.isFresh,
    ...(flags.caller === undefined ? {} : { caller: flags.caller }),
    ...(flags.repository === undefined ? {} : { repository: flags.repository }),
  };
}

function jsonDisplay(): Display {
  return { show: (event: RunEvent) => void process.stdout.write(`${JSON.stringify(event)}\n`), close: () => undefined };
}

function terminalDisplay(flags: Flags, options: RunOptions): Display {
  const { stdout, env } = process;
  const isTerminal = stdout.isTTY === true;
  const noColour = env['NO_COLOR'] !== undefined && env['NO_COLOR'] !== '';
  const project = relative(process.cwd(), options.project) || basename(options.project);
  const title = `${flags.caller ?? flags.workflow} on ${project}`;
  const hasColours = isTerminal && !noColour;
  return createDisplay({
    out: stdout,
    terminal: { width: Math.max(60, stdout.columns ?? 100), hasColours },
    isLive: isTerminal && env['TERM'] !== 'dumb',
    isVerbose: flags.isVerbose,
    title,
    now: Date.now,
  });
}

// In development this file is the program; in dist a stub calls main().
if (/[\\/]src[\\/]local[\\/]main\.ts$/.test(process.argv[1] ?? '')) await main();
