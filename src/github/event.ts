import type { Environment } from '../runtime/environment.ts';
import { ConfigurationError, shown } from '../runtime/errors.ts';
import { readTextFile } from '../runtime/files.ts';
import { isMap } from '../runtime/yaml.ts';

/** A side of a pull request. */
export interface Side {
  /** Commit, 40 or 64 hexadecimal digits. */
  readonly sha: string;
  /** Branch, without `refs/heads/`. */
  readonly ref: string;
  /** `owner/name`; undefined when a fork was deleted. */
  readonly repository: string | undefined;
}

export interface PullRequestEvent {
  readonly kind: 'pull_request';
  /** `opened`, `synchronize`, `reopened`, `closed`… */
  readonly action: string;
  readonly number: number;
  readonly head: Side;
  readonly base: Side;
  readonly isDraft: boolean;
  readonly isMerged: boolean;
  /** The head is in another repository: read-only token, no secrets. */
  readonly isFork: boolean;
  /** Dependabot started the run: read-only token, no secrets but Dependabot's own. */
  readonly isDependabot: boolean;
}

/** What started a run, from the payload that GitHub hands over (docs.github.com, "Webhook events and payloads"). */
export type Event =
  | {
      readonly kind: 'push';
      /** `refs/heads/main`, `refs/tags/v1`. */
      readonly ref: string;
      /** Branch; undefined for a tag. */
      readonly branch: string | undefined;
      readonly before: string;
      readonly after: string;
      /** The ref was removed by this push. */
      readonly isDeleted: boolean;
    }
  | PullRequestEvent
  | { readonly kind: 'merge_group'; readonly action: string; readonly head: MergeSide; readonly base: MergeSide }
  | {
      readonly kind: 'workflow_dispatch';
      readonly ref: string;
      readonly inputs: ReadonlyMap<string, string>;
    }
  | { readonly kind: 'schedule'; readonly cron: string }
  | {
      readonly kind: 'release';
      readonly action: string;
      readonly tag: string;
      readonly isDraft: boolean;
      readonly isPrerelease: boolean;
    }
  | { readonly kind: 'other'; readonly name: string };

interface MergeSide {
  readonly sha: string;
  readonly ref: string;
}

/** GitHub cuts webhook payloads at 25 MB. */
const LARGEST = 26 * 1024 * 1024;

/**
 * Reads the event from GITHUB_EVENT_NAME and the file of GITHUB_EVENT_PATH. Texts in it are foreign: names of branches,
 * inputs and titles are whatever somebody typed.
 *
 * @throws ConfigurationError PIPE-GITHUB-009 no such file, not JSON, or fields missing; PIPE-FILE-… not readable as text
 */
export async function readEvent(environment: Environment): Promise<Event> {
  const name = environment['GITHUB_EVENT_NAME'] ?? '';
  const path = environment['GITHUB_EVENT_PATH'] ?? '';
  if (name === '' || path === '') throw notAnEvent('GITHUB_EVENT_NAME or GITHUB_EVENT_PATH is not set', 'nothing');
  const text = await readTextFile(path, LARGEST);
  if (text === undefined) throw notAnEvent('the file of GITHUB_EVENT_PATH does not exist', shown(path, 200));
  let payload: unknown;
  try {
    payload = JSON.parse(text);
  } catch (error) {
    throw notAnEvent('the file of GITHUB_EVENT_PATH is not JSON', shown(text, 60), error);
  }
  return eventOf(name, payload);
}

/**
 * The event of that name with that payload.
 *
 * @throws ConfigurationError PIPE-GITHUB-009 a field that GitHub always sends is missing or of another type
 */
export function eventOf(name: string, payload: unknown): Event {
  if (!isMap(payload)) throw notAnEvent('the payload is not an object', shown(payload, 60));
  switch (name) {
    case 'push':
      return pushOf(payload);
    case 'pull_request':
      return pullRequestOf(payload);
    case 'merge_group': {
      const group = mapAt(payload, 'merge_group');
      const head = { sha: commitAt(group, 'head_sha'), ref: textAt(group, 'head_ref') };
      const base = { sha: commitAt(group, 'base_sha'), ref: textAt(group, 'base_ref') };
      return { kind: 'merge_group', action: textAt(payload, 'action'), head, base };
    }
    case 'workflow_dispatch':
      return {
        kind: 'workflow_dispatch',
        ref: textAt(payload, 'ref'),
        inputs: inputsOf(optionalMapAt(payload, 'inputs')),
      };
    case 'schedule':
      return { kind: 'schedule', cron: textAt(payload, 'schedule') };
    case 'release': {
      const release = mapAt(payload, 'release');
      return {
        kind: 'release',
        action: textAt(payload, 'action'),
        tag: textAt(release, 'tag_name'),
        isDraft: flagAt(release, 'draft'),
        isPrerelease: flagAt(release, 'prerelease'),
      };
    }
    default:
      return { kind: 'other', name };
  }
}

type Fields = Readonly<Record<string, unknown>>;

function pushOf(payload: Fields): Event {
  const ref = textAt(payload, 'ref');
  return {
    kind: 'push',
    ref,
    branch: ref.startsWith('refs/heads/') ? ref.slice('refs/heads/'.length) : undefined,
    before: commitAt(payload, 'before'),
    after: commitAt(payload, 'after'),
    isDeleted: flagAt(payload, 'deleted'),
  };
}

function pullRequestOf(payload: Fields): PullRequestEvent {
  const pull = mapAt(payload, 'pull_request');
  const head = sideOf(mapAt(pull, 'head'));
  const base = sideOf(mapAt(pull, 'base'));
  return {
    kind: 'pull_request',
    action: textAt(payload, 'action'),
    number: numberAt(pull, 'number'),
    head,
    base,
    isDraft: flagAt(pull, 'draft'),
    isMerged: flagAt(pull, 'merged'),
    // A deleted fork has no repository any more.
    isFork: head.repository !== base.repository,
    // GitHub restricts the token by who triggered the run, not by whose pull request it is.
    isDependabot: optionalMapAt(payload, 'sender')?.['login'] === 'dependabot[bot]',
  };
}

function sideOf(side: Fields): Side {
  const repository = optionalMapAt(side, 'repo');
  return {
    sha: commitAt(side, 'sha'),
    ref: textAt(side, 'ref'),
    repository: repository === undefined ? undefined : textAt(repository, 'full_name'),
  };
}

function inputsOf(inputs: Fields = {}): ReadonlyMap<string, string> {
  const entries = Object.entries(inputs).filter(([, value]) => value !== null);
  return new Map(entries.map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]));
}

function mapAt(fields: Fields, key: string): Fields {
  const value = fields[key];
  if (!isMap(value)) throw notAField(key, 'an object', value);
  return value;
}

function optionalMapAt(fields: Fields, key: string): Fields | undefined {
  const value = fields[key];
  return value === undefined || value === null ? undefined : mapAt(fields, key);
}

function textAt(fields: Fields, key: string): string {
  const value = fields[key];
  if (typeof value !== 'string' || value.length > 1_024)
    throw notAField(key, 'a text of at most 1,024 characters', value);
  return value;
}

function commitAt(fields: Fields, key: string): string {
  const value = fields[key];
  if (typeof value !== 'string' || !/^([0-9a-f]{40}|[0-9a-f]{64})$/.test(value))
    throw notAField(key, 'a commit', value);
  return value;
}

function numberAt(fields: Fields, key: string): number {
  const value = fields[key];
  if (!Number.isSafeInteger(value) || Number(value) < 1) throw notAField(key, 'a number above 0', value);
  return Number(value);
}

/** False where GitHub leaves it out. */
function flagAt(fields: Fields, key: string): boolean {
  return fields[key] === true;
}

function notAField(key: string, accepted: string, value: unknown): ConfigurationError {
  return notAnEvent(`\`${key}\` is not ${accepted}`, shown(value, 60));
}

function notAnEvent(what: string, given: string, cause?: unknown): ConfigurationError {
  return new ConfigurationError(
    {
      code: 'PIPE-GITHUB-009',
      what: `the event that started the run can’t be read: ${what}`,
      given,
      accepted: 'the payload that GitHub writes into the file of GITHUB_EVENT_PATH',
      remedy: 'leave GITHUB_EVENT_NAME and GITHUB_EVENT_PATH as GitHub set them; a local run needs a whole payload',
    },
    { cause },
  );
}
