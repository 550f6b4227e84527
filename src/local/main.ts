import { existsSync, realpathSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { workflowNames } from './copy.ts';
import { createDisplay, type Display } from './display.ts';
import { type Flags, helpText, parseFlags } from './flags.ts';
import { runWorkflow } from './run.ts';
import type { RunEvent, RunOptions } from './run-types.ts';
import { UsageError } from './usage-error.ts';

/** The local runner behind `npm start`. Exit status: 0 green, 1 red, 2 the run could not start, 130 interrupted. */
export async function main(): Promise<void> {
  try {
    process.exitCode = await start(process.argv.slice(2));
  } catch (error) {
    const isUsage = error instanceof UsageError;
    // Anything else is a fault of this program: its trace is what a report needs.
    const text = isUsage ? error.message.replaceAll(/\s+/g, ' ') : error instanceof Error ? error.stack : String(error);
    process.stderr.write(`${isUsage ? 'error: ' : ''}${text}\n`);
    process.exitCode = isUsage ? 2 : 1;
  }
}

async function start(args: readonly string[]): Promise<number> {
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
  const interruption = new AbortController();
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
