import type { Environment } from '../runtime/environment.ts';
import { readTextFile } from '../runtime/files.ts';
import { isMap } from '../runtime/yaml.ts';
import type { TagFacts } from './expressions.ts';
import type { LabelFacts } from './labels.ts';

/** What of the run decides about tags and labels. */
export interface RunFacts {
  readonly tags: TagFacts;
  /** Without the title. */
  readonly labels: Omit<LabelFacts, 'title'>;
  /** Whether GitHub says that the repository is private; false where it says nothing. */
  readonly isPrivate: boolean;
}

/** Largest payload read, in bytes: GitHub's limit for one is 25 MiB. */
const LARGEST = 25 * 1024 * 1024;

/**
 * Facts of the run from the variables that GitHub sets and from the event's payload (docs.github.com, "Webhook events and
 * payloads"); the payload is foreign text, of which only texts of the expected kind are used.
 *
 * @param commitTime seconds since the epoch
 */
export async function runFacts(environment: Environment, commitTime: string | undefined): Promise<RunFacts> {
  const payload = await payloadOf(environment['GITHUB_EVENT_PATH'] ?? '');
  const repository = mapIn(payload, 'repository');
  const pullRequest = mapIn(payload, 'pull_request');
  const commitDate = commitTime === undefined ? undefined : new Date(Number(commitTime) * 1_000);
  const server = environment['GITHUB_SERVER_URL'] || 'https://github.com';
  const page = environment['GITHUB_REPOSITORY'] ? `${server}/${environment['GITHUB_REPOSITORY']}` : undefined;
  const sha = environment['GITHUB_SHA'] ?? '';
  const base = textIn(mapIn(pullRequest, 'base'), 'ref') ?? textIn(payload, 'base_ref')?.replace(/^refs\/heads\//, '');
  return {
    tags: {
      eventName: environment['GITHUB_EVENT_NAME'] ?? '',
      ref: environment['GITHUB_REF'] ?? '',
      sha,
      defaultBranch: textIn(repository, 'default_branch'),
      baseRef: base,
      now: new Date(),
      commitDate,
    },
    labels: {
      description: textIn(repository, 'description'),
      url: textIn(repository, 'homepage') || page,
      source: page,
      created: commitDate,
      revision: sha === '' ? undefined : sha,
      licenses: textIn(mapIn(repository, 'license'), 'spdx_id'),
    },
    isPrivate: repository['private'] === true,
  };
}

async function payloadOf(path: string): Promise<Readonly<Record<string, unknown>>> {
  const text = path === '' ? undefined : await readTextFile(path, LARGEST);
  if (text === undefined || text.trim() === '') return {};
  const value: unknown = JSON.parse(text);
  return isMap(value) ? value : {};
}

function mapIn(value: Readonly<Record<string, unknown>>, name: string): Readonly<Record<string, unknown>> {
  const found = value[name];
  return isMap(found) ? found : {};
}

function textIn(value: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const found = value[name];
  return typeof found === 'string' && found !== '' && found.length <= 4_096 ? found : undefined;
}
