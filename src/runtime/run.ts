import { appendFileSync } from 'node:fs';
import { addPath, exportVariable, getState, saveState, setOutput, setSecret } from '@actions/core';
import type { Action, ActionContext } from './action.ts';
import { type Environment, environmentOf } from './environment.ts';
import { describeFault, PipelineError } from './errors.ts';
import { readInputs } from './inputs.ts';
import { createLog } from './log.ts';
import { cut, type Markdown } from './markdown.ts';
import { writtenOutputs } from './outputs.ts';
import { createSecrets, type Secrets } from './secrets.ts';

/** GitHub's limit for the summary of a step, in bytes, with room for a closing line. */
const SUMMARY_LIMIT = 1_048_576 - 4_096;

const MAIN_RAN = 'pipelines-main-ran';

/**
 * Runs an action as GitHub starts it: inputs from the environment, outputs to the runner's files, exit status 1 when it
 * failed. Started again after the job, it runs `post`.
 */
export async function runAction(action: Action): Promise<void> {
  const environment = environmentOf(process.env);
  const log = createLog((text) => process.stdout.write(text));
  const secrets = createSecrets(setSecret);
  const cancellation = new AbortController();
  const cancel = () => cancellation.abort();
  process.once('SIGINT', cancel);
  process.once('SIGTERM', cancel);
  const context: ActionContext = {
    log,
    environment,
    workspace: environment['GITHUB_WORKSPACE'] ?? process.cwd(),
    temp: environment['RUNNER_TEMP'] ?? '',
    signal: cancellation.signal,
    secrets,
    summarize: createSummary(environment, secrets),
    addPath,
    exportVariable,
    saveState,
    state: getState,
  };
  try {
    if (getState(MAIN_RAN) === '') await runMain(action, context);
    else await action.post?.(await readInputs(action.inputs, environment, context, secrets), context);
  } catch (error) {
    fail(error, context, action.name);
  } finally {
    process.removeListener('SIGINT', cancel);
    process.removeListener('SIGTERM', cancel);
  }
}

async function runMain(action: Action, context: ActionContext): Promise<void> {
  if (action.post !== undefined) saveState(MAIN_RAN, 'true');
  const inputs = await readInputs(action.inputs, context.environment, context, context.secrets);
  const { outputs, failure } = await action.run(inputs, context);
  for (const [name, value] of writtenOutputs(action.outputs, outputs, context.secrets)) setOutput(name, value);
  if (failure !== undefined) fail(failure, context, action.name);
}

/** Ends the step as failed: each fault is one annotation of the run, without a stack trace. */
function fail(error: unknown, { log, secrets }: ActionContext, name: string): void {
  process.exitCode = 1;
  if (error instanceof PipelineError) {
    for (const fault of error.faults)
      log.annotate('error', secrets.redact(describeFault(fault)), { title: fault.code });
    return;
  }
  const [message = 'unknown', ...stack] = (
    error instanceof Error ? (error.stack ?? error.message) : String(error)
  ).split('\n');
  const what = `the action \`${name}\` met a case that it does not know: ${message}`;
  const remedy = 'this is a fault of the bundle: report it with the lines of the group below';
  const fault = describeFault({ code: 'PIPE-INTERNAL-001', what, remedy, state: 'the step ended where it was' });
  log.annotate('error', secrets.redact(fault), { title: 'PIPE-INTERNAL-001' });
  log.group('For the report', [secrets.redact(stack.join('\n'))]);
}

function createSummary(environment: Environment, secrets: Secrets): (part: Markdown) => void {
  const file = environment['GITHUB_STEP_SUMMARY'] ?? '';
  let room = SUMMARY_LIMIT;
  return (part) => {
    if (file === '' || room <= 0) return;
    const written = cut(secrets.redact(part) as Markdown, room);
    room -= Buffer.byteLength(written) + 1;
    appendFileSync(file, `${written}\n`);
  };
}
