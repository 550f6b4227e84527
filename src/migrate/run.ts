import { realpath } from 'node:fs/promises';
import { dirname } from 'node:path';
import { readEvent } from '../github/event.ts';
import type { ActionContext, ActionResult } from '../runtime/action.ts';
import { PipelineError, printable } from '../runtime/errors.ts';
import { annotateFindings } from './annotations.ts';
import { applyStep } from './apply-step.ts';
import type { MigrateInputs, outputs } from './inputs.ts';
import { createParser, type SqlParser } from './parser.ts';
import { packedParser } from './parser-bytes.ts';
import { type MigrationPlan, planMigrations } from './plan.ts';
import { scriptStep } from './script-step.ts';
import { applySummary, planLog, planSummary, reportedMigrations, reportedNames } from './summary.ts';
import { isDestructive, planFailure, verdicts } from './verdict.ts';

/** Says what the new migrations do, or applies them. */
export async function run(given: MigrateInputs, context: ActionContext): Promise<ActionResult<typeof outputs>> {
  const [, program = '.'] = context.program('migrate');
  const parser = createParser(() => packedParser(dirname(program)));
  return given.mode === 'apply' ? await apply(given, context, parser) : await plan(given, context, parser);
}

async function plan(
  given: MigrateInputs,
  context: ActionContext,
  parser: SqlParser,
): Promise<ActionResult<typeof outputs>> {
  const { environment, signal, log } = context;
  const found = await planMigrations({
    workspace: await realpath(context.workspace),
    directory: given.workingDirectory,
    tool: given.tool,
    place: given.tool === 'script' ? given.scripts : given.schema,
    event: await readEvent(environment),
    changedSince: given.changedSince,
    allowDestructive: given.allowDestructive,
    environment,
    signal,
    parser,
  });
  for (const line of planLog(found)) log.info(line);
  annotateFindings(found, log);
  const failure = planFailure(found);
  if (isWorthASummary(found)) context.summarize(planSummary(found, failure));
  const destructive = found.migrations.some(isDestructive);
  const pending = found.migrations.length;
  return {
    outputs: {
      status: destructive ? 'destructive' : pending > 0 ? 'pending' : 'none',
      pending,
      applied: undefined,
      destructive,
      backup: undefined,
      verdicts: verdicts(found),
      'failed-migration': undefined,
      'failed-statement': undefined,
      migrations: reportedMigrations(found),
      'last-migration': found.last,
    },
    failure,
  };
}

async function apply(
  given: MigrateInputs,
  context: ActionContext,
  parser: SqlParser,
): Promise<ActionResult<typeof outputs>> {
  try {
    const step = given.tool === 'script' ? scriptStep : applyStep;
    const done = await step(given, context, parser);
    const { applied, failure } = done;
    for (const name of applied) context.log.info(printable(`applied: ${name}`));
    if (failure !== undefined) context.summarize(applySummary(failure, applied));
    return {
      outputs: {
        status: failure !== undefined ? 'failed' : applied.length > 0 ? 'applied' : 'none',
        pending: done.pending.length,
        applied: applied.length,
        destructive: done.destructive.size > 0,
        backup: done.backup,
        verdicts: undefined,
        'failed-migration': done.failed?.name,
        'failed-statement': done.failed?.statement,
        migrations: reportedNames(done, done.destructive),
        'last-migration': done.last,
      },
      failure,
    };
  } catch (error) {
    context.signal.throwIfAborted();
    if (error instanceof PipelineError) context.summarize(applySummary(error, []));
    throw error;
  }
}

function isWorthASummary({ migrations, edited, removed, differences }: MigrationPlan): boolean {
  return migrations.length + edited.length + removed.length + differences.length > 0;
}
