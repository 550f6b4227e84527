import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Action, ActionContext } from './action.ts';
import { type Environment, environmentOf } from './environment.ts';
import { ConfigurationError, describeFault, type Fault, PipelineError } from './errors.ts';
import { createFileCommands, type FileCommands } from './file-commands.ts';
import { readInputs } from './inputs.ts';
import { createLog } from './log.ts';
import { checkedOutputs, LONGEST_FAILURE } from './outputs.ts';
import { createSecrets } from './secrets.ts';
import { standardOutput } from './standard-output.ts';
import { createSummary } from './summary.ts';

/** State by which the part after the job knows how far the main part came: '' (is the main part), started, running. */
const PROGRESS = 'pipelines-progress';

/**
 * Runs an action as GitHub starts it: inputs from the environment, outputs to the runner's files, exit status 1 when it
 * failed. Started again after the job, it runs `post`. The runner cancels with SIGINT, SIGTERM 7.5 s later and SIGKILL
 * after 2.5 s more (actions/runner, ProcessInvoker.cs): both signals abort the context's signal, neither ends the
 * process before it has cleaned up.
 */
export async function runAction(action: Action): Promise<void> {
  const cancellation = new AbortController();
  const environment = environmentOf(process.env);
  const commands = createFileCommands(environment);
  const cancel = () => cancellation.abort();
  const write = standardOutput(() => {
    // Nobody reads the log any more (the runner is gone): the work is not finished for nobody.
    process.exitCode = 1;
    cancel();
  });
  const context = createContext(environment, commands, cancellation.signal, write);
  const fail = createFailure(action.name, context, commands);
  const endedEarly = () => fail(new Error('it stopped before it had an answer'));
  process.on('SIGINT', cancel);
  process.on('SIGTERM', cancel);
  // Nothing waits any more, but the run has not ended: without this the step would be green.
  process.once('exit', endedEarly);
  // Stays until the process ends: what was started and not awaited must not print a stack trace either.
  process.on('uncaughtException', (error) => {
    fail(error);
    cancel();
  });
  try {
    await (commands.state(PROGRESS) === '' ? runMain(action, context, commands, fail) : runPost(action, context));
  } catch (error) {
    fail(error);
  } finally {
    process.removeListener('exit', endedEarly);
    process.removeListener('SIGINT', cancel);
    process.removeListener('SIGTERM', cancel);
  }
}

function createContext(
  environment: Environment,
  commands: FileCommands,
  signal: AbortSignal,
  write: (text: string) => void,
): ActionContext {
  const log = createLog(write);
  const secrets = createSecrets(log.mask);
  return {
    log,
    environment,
    workspace: environment['GITHUB_WORKSPACE'] || process.cwd(),
    temp: environment['RUNNER_TEMP'] || tmpdir(),
    signal,
    secrets,
    program: (name) => [process.execPath, join(dirname(process.argv[1] ?? '.'), `${name}.js`)],
    summarize: createSummary(environment['GITHUB_STEP_SUMMARY'] ?? '', secrets, log),
    addPath: commands.addPath,
    exportVariable: commands.exportVariable,
    saveState: commands.saveState,
    state: commands.state,
  };
}

async function runMain(
  action: Action,
  context: ActionContext,
  { saveState, setOutput }: FileCommands,
  fail: Fail,
): Promise<void> {
  if (action.post !== undefined) saveState(PROGRESS, 'started');
  const inputs = await readInputs(action.inputs, context.environment, context, context.secrets, action.name);
  if (action.post !== undefined) saveState(PROGRESS, 'running');
  const { outputs, failure } = await action.run(inputs, context);
  const { written, faults } = checkedOutputs(action.outputs, outputs, context.secrets);
  for (const [name, value] of written) setOutput(name, value);
  if (failure !== undefined) fail(failure);
  if (faults.length > 0) throw new ConfigurationError(faults);
}

async function runPost(action: Action, context: ActionContext): Promise<void> {
  // Inputs that were refused have been reported, and nothing was started that would have to be cleaned up.
  if (context.state(PROGRESS) === 'started') return;
  await action.post?.(
    await readInputs(action.inputs, context.environment, context, context.secrets, action.name),
    context,
  );
}

/** Ends the step as failed. */
type Fail = (error: unknown) => void;

/** Each fault is one annotation of the run, without a stack trace; the first is the output `failure`, too. */
function createFailure(name: string, { log, secrets, signal }: ActionContext, { setOutput }: FileCommands): Fail {
  let isFirst = true;
  const report = (fault: Fault): void => {
    log.annotate('error', secrets.redact(describeFault(fault)));
    if (isFirst) setOutput('failure', secrets.redact(`${fault.code}: ${fault.what}`).slice(0, LONGEST_FAILURE));
    isFirst = false;
  };
  return (error) => {
    process.exitCode = 1;
    if (error instanceof PipelineError) {
      for (const fault of error.faults) report(fault);
      return;
    }
    if (signal.aborted && (error === signal.reason || (error instanceof Error && error.name === 'AbortError'))) {
      log.info('Cancelled.');
      return;
    }
    const [message = 'unknown', ...stack] = textOf(error).split('\n');
    report({
      code: 'PIPE-INTERNAL-001',
      what: `the action \`${name}\` met a case that it does not know: ${message}`,
      remedy: 'this is a fault of the bundle: report it with the lines of the group below',
      state: 'the step ended where it was',
    });
    log.group('For the report', [secrets.redact(stack.join('\n'))]);
  };
}

function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
