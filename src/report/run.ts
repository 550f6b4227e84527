import { realpath } from 'node:fs/promises';
import { relative, sep } from 'node:path';
import { type Event, readEvent } from '../github/event.ts';
import { type RunIdentity, runIdentityOf } from '../github/run.ts';
import type { ActionContext, ActionResult } from '../runtime/action.ts';
import { PipelineError } from '../runtime/errors.ts';
import { exists } from '../runtime/files.ts';
import { redactMarkdown } from '../runtime/summary.ts';
import { type Definition, definitionOfDone } from './definition.ts';
import type { outputs, ReportInputs } from './inputs.ts';
import { inOrder, type Line } from './line.ts';
import type { MarkerKey } from './marker.ts';
import type { Needs } from './needs.ts';
import type { NightLine } from './night.ts';
import { plain } from './plain.ts';
import { rendered, type Subject } from './render.ts';
import { failureOf, logLines } from './verdict.ts';

/** GitHub's limit for a summary, with room for what else the job writes. */
const SUMMARY_LIMIT = 900_000;

/** Writes the Definition of Done: the table in the summary, the comment, the page, and the message. */
export async function run(inputs: ReportInputs, context: ActionContext): Promise<ActionResult<typeof outputs>> {
  const { service = '', environment = '', workflow, comment: mode, githubToken: token = '' } = inputs;
  const event = await eventOfRun(context);
  const alerts = await alertsOfRun(inputs, event, context);
  const judged = definitionOfDone(inputs.needs, inputs.require ?? [], alerts);
  const definition = inputs.needs.has('verify') ? await withApproval(judged, token, context) : judged;
  const folder = await folderOf(inputs.workingDirectory, context.workspace);
  const run = runIdentityOf(context.environment);
  const key = { caller: run.workflow, workflow, folder, service, environment };
  const night = await nightOfRun(inputs.needs, definition, run);
  const artifact = inputs.page ? await artifactOf(key) : undefined;
  const subject: Subject = { ...subjectOf(key, run, event, inputs.commit), night, artifact };
  context.summarize(rendered(definition, subject, SUMMARY_LIMIT));
  for (const [name, line] of night) context.log.info(`${name}: ${plain(line, 1_000)}`);
  for (const line of logLines(definition)) context.log.info(line);
  if (event.kind === 'pull_request' && mode !== 'never') {
    // The runner masks what is printed, not what goes to GitHub's API.
    const render = (limit: number) => redactMarkdown(rendered(definition, subject, limit), context.secrets);
    const creates = mode === 'always' || !definition.isDone;
    // Only here: what speaks HTTP costs more to load than all the rest.
    const { commentOn } = await import('./comment.ts');
    await commentOn({ event, run, creates, token, key, render }, context);
  }
  if (inputs.findings !== undefined && (await exists(inputs.findings))) {
    const { handOverFindings } = await import('./findings.ts');
    await handOverFindings({ folder: inputs.findings, event, run, token }, context);
  }
  if (inputs.webhookUrl !== undefined) await notify(inputs.webhookUrl, definition, subject, { run, token }, context);
  const { written } = await import('./written.ts');
  const files = await written({ definition, subject, run, token, artifact }, context);
  const { isDone: done, missing } = definition;
  return { outputs: { done, missing, ...files, artifact: artifact ?? '' }, failure: failureOf(definition, night) };
}

/** What the alerts say; nothing on pull requests, where nothing serves, and where nobody asked. */
async function alertsOfRun(
  { alerts, alertsToken: token = '', service = '', needs }: ReportInputs,
  event: Event,
  context: ActionContext,
): Promise<Line | 'later' | undefined> {
  if (alerts === undefined || alerts === 'off') return undefined;
  if (event.kind === 'pull_request' || event.kind === 'merge_group') return undefined;
  // The room that asks is loaded only where it does.
  const { alertsLine, hasServed } = await import('./alerts-line.ts');
  return hasServed(needs) ? await alertsLine({ alerts, service, token }, context) : 'later';
}

/** Two calls in one caller have artifacts of their own. */
async function artifactOf({ workflow, folder, service, environment }: MarkerKey): Promise<string> {
  const { artifactName } = await import('../github/artifact-name.ts');
  const name = [service, environment].filter((part) => part !== '').join(' ');
  return artifactName('report', { workflow, folder, service: name });
}

/** A release by hand says who agreed to it. */
async function withApproval(
  definition: Definition,
  token: string,
  { environment, signal }: ActionContext,
): Promise<Definition> {
  const { approvalsOfRun, approvalText } = await import('../github/approvals.ts');
  const approvals = await approvalsOfRun({ environment, token, signal });
  const line: Line =
    typeof approvals === 'string'
      ? { name: 'approval', state: 'not-checked', detail: approvals }
      : approvals.length === 0
        ? { name: 'approval', state: 'not-configured', detail: 'nobody was asked' }
        : { name: 'approval', state: 'done', detail: approvalText(approvals) };
  return { ...definition, lines: inOrder([...definition.lines, line]) };
}

/** What comes first when a delivery has failed; the room that knows is loaded only then. */
async function nightOfRun(needs: Needs, definition: Definition, run: RunIdentity): Promise<readonly NightLine[]> {
  const isTold = [...needs.values()].some(({ outputs }) => (outputs.get('night') ?? '') !== '');
  const told = isTold ? (await import('./night.ts')).nightLinesOf(needs) : [];
  if (told.length > 0 || definition.isDone) return told;
  return (await import('./night-composed.ts')).composedNight(needs, definition, run);
}

/** Tells who wants to know, where there is news; that it can't changes nothing of the verdict. */
async function notify(
  address: string,
  definition: Definition,
  subject: Subject,
  { run, token }: { readonly run: RunIdentity; readonly token: string },
  { environment, log, signal }: ActionContext,
): Promise<void> {
  const { deliver, messageOf, newsOf } = await import('./notify.ts');
  const before = definition.isDone
    ? await (await import('./before.ts')).endOfRunBefore(run, { environment, token, signal })
    : undefined;
  const news = newsOf(definition, environment['GITHUB_EVENT_NAME'] ?? '', before);
  if (news === undefined) return;
  const first = subject.night.map(([name, line]) => `${name}: ${line}`);
  const body = messageOf(news, definition, subject, first);
  const reason = await deliver({ address, body, environment, signal });
  if (reason === undefined) log.info(`The webhook was told: ${news}.`);
  else log.annotate('notice', `PIPE-REPORT-007: the webhook was not told of this ${news}: ${reason}.`);
}

/** The folder of the project from the repository's root, `.` for it. */
async function folderOf(workingDirectory: string, workspace: string): Promise<string> {
  return (
    relative(await realpath(workspace), workingDirectory)
      .split(sep)
      .join('/') || '.'
  );
}

/** The event; one that can't be read costs the comment, not the table. */
async function eventOfRun({ environment, log }: ActionContext): Promise<Event> {
  try {
    return await readEvent(environment);
  } catch (error) {
    if (!(error instanceof PipelineError)) throw error;
    log.annotate('warning', error.message);
    return { kind: 'other', name: '' };
  }
}

/** What the table is about: "api", "apps/web → staging"; the commit that people know. */
function subjectOf(
  { workflow, service, environment, folder }: Omit<MarkerKey, 'caller'>,
  run: RunIdentity,
  event: Event,
  commit: string | undefined,
): Omit<Subject, 'night'> {
  const place = service === '' ? (folder === '.' ? '' : folder) : service;
  return {
    name: environment === '' ? place : `${place === '' ? '' : `${place} `}→ ${environment}`,
    workflow,
    sha: commit ?? (event.kind === 'pull_request' ? event.head.sha : run.sha),
    runNumber: run.number,
    attempt: run.attempt,
    repositoryPage: run.repositoryPage,
    page: run.page,
  };
}
