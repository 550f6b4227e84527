import { PERMISSION_MISSING } from '../github/answers.ts';
import { hasCode } from '../github/ask.ts';
import type { GitHub } from '../github/client.ts';
import {
  type Comment,
  createComment,
  deleteComment,
  headOf,
  listComments,
  loginOf,
  updateComment,
} from '../github/comments.ts';
import { isLater } from '../github/run.ts';
import { OutsideFault } from '../runtime/errors.ts';
import { type Marker, type MarkerKey, markerLine, markerOf } from './marker.ts';

/** What became of the comment. */
export type Publication =
  | { readonly kind: 'created' | 'updated' | 'unchanged'; readonly comment: number }
  /** A newer run has written already. */
  | { readonly kind: 'newer'; readonly run: number }
  /** The pull request has a newer commit: its own run will write. */
  | { readonly kind: 'outdated'; readonly sha: string }
  /** There was none to keep up to date, and a new one is not wanted. */
  | { readonly kind: 'none' }
  /** Other runs kept changing it. */
  | { readonly kind: 'contested' };

export interface PublishRequest {
  readonly github: GitHub;
  readonly pullRequest: number;
  readonly key: MarkerKey;
  /** The run that writes, with the head commit of the pull request that it ran for. */
  readonly writer: Marker;
  /** The comment without its marker. */
  readonly text: string;
  /** Whether to write a comment where there is none. */
  readonly creates: boolean;
}

/** How often it looks, writes and looks again. */
const ROUNDS = 5;

/**
 * Writes the one comment that a report has on a pull request: updated where it is there, created where not.
 *
 * GitHub has no conditional update, so runs that write at the same time are kept apart by order. Before it changes a
 * comment a run looks at who wrote it last and at the pull request's head: it does not touch what a newer run wrote, nor
 * a comment of a pull request that has a newer commit. Afterwards it looks again: an older run that came in between is
 * overwritten, and of several comments only the newest run's stays. Only comments whose author is the token's own
 * identity are considered; anybody can copy a marker.
 *
 * Throws as the functions of src/github/comments.ts do.
 */
export async function publish(request: PublishRequest): Promise<Publication> {
  const body = `${markerLine(request.key, request.writer)}\n${request.text}`;
  const own: Own = { body, stored: body, identity: undefined, done: undefined };
  for (let round = 1; round <= ROUNDS; round += 1) {
    const [comments, head] = await look(request);
    const marked = markedComments(comments, request.key);
    // Who we are is asked only where it matters: often there is no comment yet.
    if (marked.length > 0) own.identity ??= await loginOf(request.github);
    const [newest, ...older] = newestFirst(marked.filter(({ comment }) => comment.author === own.identity));
    await remove(older, request.github);
    const answer = answerTo(newest, head, request, own);
    if (answer !== undefined) return answer;
    const comment = await write(newest?.comment, body, request);
    if (comment === undefined) continue;
    own.identity ??= comment.author;
    own.stored = comment.body;
    own.done ??= newest === undefined ? 'created' : 'updated';
  }
  return { kind: 'contested' };
}

/** What this run knows of itself and has done so far. */
interface Own {
  readonly body: string;
  /** The body as GitHub keeps it. */
  stored: string;
  /** Login of whom the token stands for. */
  identity: string | undefined;
  done: 'created' | 'updated' | undefined;
}

/** Whether there is nothing (more) to write, and why. */
function answerTo(
  newest: Marked | undefined,
  head: string,
  request: PublishRequest,
  own: Own,
): Publication | undefined {
  if (newest === undefined) return request.creates ? undefined : { kind: 'none' };
  const { comment, marker } = newest;
  if (isLater(marker, request.writer)) return { kind: 'newer', run: marker.id };
  if (comment.body === own.body || comment.body === own.stored) {
    return { kind: own.done ?? 'unchanged', comment: comment.id };
  }
  return head === request.writer.sha ? undefined : { kind: 'outdated', sha: head };
}

function look({ github, pullRequest }: PublishRequest): Promise<readonly [readonly Comment[], string]> {
  return Promise.all([listComments(github, pullRequest), headOf(github, pullRequest)]);
}

interface Marked {
  readonly comment: Comment;
  readonly marker: Marker;
}

function markedComments(comments: readonly Comment[], key: MarkerKey): readonly Marked[] {
  return comments.flatMap((comment) => {
    const marker = markerOf(comment.body, key);
    return marker === undefined ? [] : [{ comment, marker }];
  });
}

/** By run, the latest first; comments of one run stay oldest first, so that every run keeps the same one. */
function newestFirst(marked: readonly Marked[]): readonly Marked[] {
  return [...marked].sort((a, b) => Number(isLater(b.marker, a.marker)) - Number(isLater(a.marker, b.marker)));
}

/** Removes what a race left behind: comments of our identity and this report that a newer one stands beside. */
async function remove(older: readonly Marked[], github: GitHub): Promise<void> {
  for (const { comment } of older) {
    try {
      await deleteComment(github, comment.id);
    } catch (error) {
      // The other run was quicker.
      if (!hasCode(error, 'PIPE-GITHUB-003')) throw error;
    }
  }
}

/** @returns undefined when it is not known whether it was written: the next look tells */
async function write(
  existing: Comment | undefined,
  body: string,
  { github, pullRequest }: PublishRequest,
): Promise<Comment | undefined> {
  try {
    return existing === undefined
      ? await createComment(github, pullRequest, body)
      : await updateComment(github, existing.id, body);
  } catch (error) {
    if (hasCode(error, PERMISSION_MISSING)) throw error;
    // Gone since we looked, or an answer that was lost on the way: it may have been written all the same.
    const isGone = existing !== undefined && hasCode(error, 'PIPE-GITHUB-003');
    if (isGone || (error instanceof OutsideFault && hasCode(error, 'PIPE-GITHUB-005'))) return undefined;
    throw error;
  }
}
