import { realpath } from 'node:fs/promises';
import { relative, sep } from 'node:path';
import { type Event, readEvent } from '../github/event.ts';
import { type RunIdentity, runIdentityOf } from '../github/run.ts';
import { type ActionContext, defineAction } from '../runtime/action.ts';
import { list } from '../runtime/collections.ts';
import { PipelineError } from '../runtime/errors.ts';
import { enumeration, secret, string, workspacePath } from '../runtime/kinds.ts';
import { redactMarkdown } from '../runtime/summary.ts';
import { definitionOfDone } from './definition.ts';
import type { MarkerKey } from './marker.ts';
import { needsKind } from './needs.ts';
import { rendered, type Subject } from './render.ts';
import { failureOf, logLines } from './verdict.ts';

const COMMENT_MODES = ['always', 'failure', 'never'] as const;

/** GitHub's limit for a summary, with room for what else the job writes. */
const SUMMARY_LIMIT = 900_000;

export const action = defineAction({
  name: 'report',
  description: 'The Definition of Done: one table in the summary and one comment on the pull request.',
  inputs: {
    needs: {
      kind: needsKind(),
      description: 'The jobs that this one needs, as `toJSON(needs)` gives them; 64 KiB at most.',
      required: true,
    },
    require: {
      kind: list(string({ example: 'test', limit: 100 }), { example: 'test\ndeployment', max: 100 }),
      description:
        'Lines that have to have a result beside those that the plan promises, such as `test`, `image`, `deployment`.',
    },
    comment: {
      kind: enumeration(COMMENT_MODES),
      description:
        'Whether to comment on the pull request: `always`; on `failure` only, then kept up to date; or `never`.',
      default: 'always',
    },
    workflow: {
      kind: string({ example: 'node-service', limit: 255 }),
      description: 'Name of the pipeline workflow that reports; each has a comment of its own.',
      default: 'pipeline',
    },
    'working-directory': {
      kind: workspacePath({ example: 'apps/api' }),
      description: 'Folder of the project, from the root of the repository; each has a comment of its own.',
      default: '.',
    },
    service: {
      kind: string({ example: 'api', limit: 255 }),
      description: 'Name of the service; each has a comment of its own.',
    },
    environment: {
      kind: string({ example: 'staging', limit: 255 }),
      description: 'Name of the environment that is deployed to; each has a comment of its own.',
    },
    'github-token': {
      kind: secret({ example: '${{ github.token }}' }),
      description: 'Token with `pull-requests: write` for the comment.',
      expression: '${{ github.token }}',
    },
  },
  outputs: {
    done: { kind: 'boolean', description: 'Whether everything required has a good result.' },
    missing: { kind: 'json', description: 'Names of the required lines that have no result, as a JSON list.' },
  },
  async run(inputs, context) {
    const { service = '', environment = '', workflow, comment: mode, githubToken: token = '' } = inputs;
    const definition = definitionOfDone(inputs.needs, inputs.require ?? []);
    const folder = await folderOf(inputs.workingDirectory, context.workspace);
    const run = runIdentityOf(context.environment);
    const event = await eventOfRun(context);
    const subject = subjectOf({ workflow, service, environment, folder }, run, event);
    context.summarize(rendered(definition, subject, SUMMARY_LIMIT));
    for (const line of logLines(definition)) context.log.info(line);
    if (event.kind === 'pull_request' && mode !== 'never') {
      const key = { caller: run.workflow, workflow, folder, service, environment };
      // The runner masks what is printed, not what goes to GitHub's API.
      const render = (limit: number) => redactMarkdown(rendered(definition, subject, limit), context.secrets);
      const creates = mode === 'always' || !definition.isDone;
      // Only here: what speaks HTTP costs more to load than all the rest.
      const { commentOn } = await import('./comment.ts');
      await commentOn({ event, run, creates, token, key, render }, context);
    }
    return { outputs: { done: definition.isDone, missing: definition.missing }, failure: failureOf(definition) };
  },
});

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
    log.annotate('warning', error.message, { title: error.code });
    return { kind: 'other', name: '' };
  }
}

/** What the table is about: "api", "apps/web → staging"; the commit that people know. */
function subjectOf(
  { workflow, service, environment, folder }: Omit<MarkerKey, 'caller'>,
  run: RunIdentity,
  event: Event,
): Subject {
  const place = service === '' ? (folder === '.' ? '' : folder) : service;
  return {
    name: environment === '' ? place : `${place === '' ? '' : `${place} `}→ ${environment}`,
    workflow,
    sha: event.kind === 'pull_request' ? event.head.sha : run.sha,
    runNumber: run.number,
    attempt: run.attempt,
    repositoryPage: run.repositoryPage,
    page: run.page,
  };
}
