import { PERMISSION_MISSING } from '../github/answers.ts';
import { hasCode } from '../github/ask.ts';
import { createGitHub } from '../github/client.ts';
import { LONGEST_COMMENT } from '../github/comments.ts';
import type { PullRequestEvent } from '../github/event.ts';
import type { RunIdentity } from '../github/run.ts';
import type { ActionContext } from '../runtime/action.ts';
import { describeFault, PipelineError } from '../runtime/errors.ts';
import type { Markdown } from '../runtime/markdown.ts';
import type { MarkerKey } from './marker.ts';
import { type Publication, publish } from './publish.ts';

export interface CommentRequest {
  readonly event: PullRequestEvent;
  readonly run: RunIdentity;
  /** Whether to write a comment where there is none. */
  readonly creates: boolean;
  /** Empty when none was given. */
  readonly token: string;
  readonly key: MarkerKey;
  /** The comment's text in at most that many bytes. */
  readonly render: (limit: number) => Markdown;
}

type Surroundings = Pick<ActionContext, 'environment' | 'log' | 'secrets' | 'signal'>;

/** Room for the marker, whose fields are at most 255 characters, percent-encoded. */
const MARKER_ROOM = 12_000;

/**
 * Puts the comment on the pull request of the run. That it can't be written is said, and changes nothing of the
 * verdict: a notice where the token may not, a warning where GitHub failed.
 */
export async function commentOn(request: CommentRequest, surroundings: Surroundings): Promise<void> {
  const { event } = request;
  const { log, secrets } = surroundings;
  if (event.action === 'closed') return log.info('No comment: the pull request is closed.');
  const reason = whyNot(event, request.token);
  if (reason !== undefined) return log.annotate('notice', `No comment on the pull request: ${reason}.`);
  try {
    log.info(sentenceOf(await publishComment(request, surroundings)));
  } catch (error) {
    if (!(error instanceof PipelineError)) throw error;
    const level = hasCode(error, PERMISSION_MISSING) ? 'notice' : 'warning';
    const why = error.faults.map(describeFault).join(' ');
    const message = `The comment on the pull request was not written; the verdict does not depend on it. ${why}`;
    log.annotate(level, secrets.redact(message));
  }
}

/** Why this run can't comment although it is one of a pull request. */
function whyNot(event: PullRequestEvent, token: string): string | undefined {
  if (event.isFork) return 'it comes from a fork, and GitHub gives such runs a token that only reads';
  if (event.isDependabot) return 'Dependabot started the run, and GitHub gives such runs a token that only reads';
  return token === '' ? 'the input `github-token` is empty' : undefined;
}

async function publishComment(
  { event, run, key, creates, token, render }: CommentRequest,
  { environment, signal }: Surroundings,
): Promise<Publication> {
  const github = createGitHub({ environment, token, signal });
  try {
    return await publish({
      github,
      pullRequest: event.number,
      key,
      writer: { id: run.id, attempt: run.attempt, sha: event.head.sha },
      text: render(LONGEST_COMMENT - MARKER_ROOM),
      creates,
    });
  } finally {
    github.close();
  }
}

function sentenceOf(publication: Publication): string {
  switch (publication.kind) {
    case 'created':
      return 'The comment on the pull request was written.';
    case 'updated':
      return 'The comment on the pull request was brought up to date.';
    case 'unchanged':
      return 'The comment on the pull request says this already.';
    case 'newer':
      return `The comment on the pull request stays as it is: the newer run ${publication.run} wrote it.`;
    case 'outdated':
      return `The comment on the pull request stays as it is: the newer commit ${publication.sha} is there.`;
    case 'none':
      return 'No comment: everything is done, and there was none to bring up to date.';
    case 'contested':
      return 'The comment on the pull request is left to the other runs that keep changing it.';
  }
}
