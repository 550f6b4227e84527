import type { Environment } from '../runtime/environment.ts';
import { OutsideFault, PipelineError } from '../runtime/errors.ts';
import type { Definition } from './definition.ts';
import type { Line } from './line.ts';
import { plain } from './plain.ts';
import type { Subject } from './render.ts';
import { headlineOf, placeOf } from './verdict.ts';

/** What people are told without having asked. */
export type News = 'failure' | 'recovery' | 'release' | 'rollback';

/** How the run before this one ended; undefined when there was none, or nobody may know. */
export type Before = 'success' | 'failure' | undefined;

/**
 * Whether a run is news. A pull request has a comment of its own and is none; a green run is news when it released
 * something, took a release back by hand, or when the one before it on the branch was red.
 *
 * @param event what started the run: `push`, `workflow_dispatch`…
 */
export function newsOf(definition: Definition, event: string, before: Before): News | undefined {
  if (event === 'pull_request' || event === 'pull_request_target' || event === 'merge_group') return undefined;
  if (!definition.isDone) return 'failure';
  if (before === 'failure') return 'recovery';
  if (definition.lines.some(isReleased)) return 'release';
  // In a run of its own: one that rolled itself back is red.
  return definition.lines.some(isRolledBack) ? 'rollback' : undefined;
}

/** Traffic was moved: by a job of its own, or by the one that deploys by hand. */
function isReleased({ name, state, job }: Line): boolean {
  return state === 'done' && (name === 'promotion' || (name === 'deployment' && job === 'deploy'));
}

function isRolledBack({ name, state }: Line): boolean {
  return name === 'rollback' && state === 'done';
}

const SAID: Readonly<Record<News, string>> = {
  failure: 'Red',
  recovery: 'Green again',
  release: 'Released',
  rollback: 'Rolled back',
};

/** Longest message in characters; Slack cuts a text at 40,000 and shows few of them. */
const LONGEST = 3_000;

/**
 * The message in the form that Slack's incoming webhooks take, and Mattermost, Rocket.Chat and Discord (`/slack`) with
 * them (docs.slack.dev, "Sending messages using incoming webhooks", "Formatting message text").
 *
 * @param first lines that come before everything else: what serves now, and what to do
 */
export function messageOf(news: News, definition: Definition, subject: Subject, first: readonly string[]): string {
  const name = subject.name === '' ? '' : ` ${escaped(plain(subject.name, 200))}`;
  const failed = definition.lines
    .filter(({ state }) => state === 'failed')
    .map((line) => `• ${escaped(plain(line.name, 60))}: ${escaped(plain(whyOf(line), 300))}`);
  const commit = subject.sha === '' ? '' : `commit ${subject.sha.slice(0, 7)}, `;
  const run = `run ${subject.runNumber}`;
  const last = `${commit}${subject.page === undefined ? run : `<${subject.page}|${run}>`}`;
  const served = definition.lines
    .filter((line) => isReleased(line) || isRolledBack(line))
    .map((line) => `• ${[line.detail, line.address ?? ''].filter((part) => part !== '').join(', ')}`);
  const lines = [
    `*${SAID[news]}:*${name} — ${escaped(plain(headlineOf(definition), 400))}`,
    ...first.map((line) => escaped(plain(line, 500))),
    ...(news === 'failure' ? failed.slice(0, 10) : served.map((line) => escaped(plain(line, 500)))),
    last,
  ];
  const text = lines.join('\n');
  return JSON.stringify({ text: text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text });
}

/** The first error with its place, or what the line says of itself. */
function whyOf({ detail, failing = [] }: Line): string {
  const [problem] = failing.flatMap(({ problems }) => problems);
  return problem === undefined ? detail : `${placeOf(problem)} ${problem.message}`;
}

/** Slack reads three characters in its own way. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

export interface Delivery {
  /** A secret: it is neither logged nor part of an error. */
  readonly address: string;
  readonly body: string;
  readonly environment: Environment;
  readonly signal: AbortSignal;
}

/**
 * Sends a message, at most three times.
 *
 * @returns why it did not arrive, without the address; undefined when it did
 */
export async function deliver({ address, body, environment, signal }: Delivery): Promise<string | undefined> {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const isLocal = url !== undefined && /^(127\.0\.0\.1|localhost|\[::1\])$/.test(url.hostname);
  if (url === undefined || (url.protocol !== 'https:' && !(isLocal && url.protocol === 'http:'))) {
    return 'the secret `webhook-url` holds no address with https://';
  }
  const { createHttp } = await import('../runtime/http.ts');
  const http = createHttp({ environment, service: 'the webhook', code: 'PIPE-REPORT-007' });
  try {
    const headers = { 'content-type': 'application/json' };
    // Told twice is better than not told.
    const request = { method: 'POST', url: address, headers, body, idempotent: true, tries: 3 } as const;
    const { status } = await http.send({ ...request, timeout: 10_000, deadline: 60_000, signal, limit: 65_536 });
    return status >= 200 && status < 300 ? undefined : `it answered with status ${status}`;
  } catch (error) {
    if (!(error instanceof PipelineError) || signal.aborted) throw error;
    // Its own sentence names the host, which is part of the secret.
    return error instanceof OutsideFault ? `it did not answer (${error.details.tries} tries)` : 'it could not be asked';
  } finally {
    http.close();
  }
}
