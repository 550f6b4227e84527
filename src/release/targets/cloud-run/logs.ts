import type { GoogleClient } from '../../../google/client.ts';
import type { Environment } from '../../../runtime/environment.ts';
import { PipelineError } from '../../../runtime/errors.ts';
import { readTextFile } from '../../../runtime/files.ts';
import { jsonMap } from '../../../runtime/json.ts';
import type { Log } from '../../../runtime/log.ts';
import { isMap } from '../../../runtime/yaml.ts';
import type { Place } from './place.ts';

const MOST_LINES = 30;
const LONGEST_LINE = 2_000;

/**
 * Shows the last lines that a revision's container wrote (Cloud Logging API v2, entries.list). A log that can't be read
 * fails nothing: it is said what is missing.
 */
export async function showLastLines(
  client: GoogleClient,
  place: Place,
  revision: string,
  log: Pick<Log, 'info' | 'group'>,
): Promise<void> {
  const filter = [
    'resource.type="cloud_run_revision"',
    `resource.labels.service_name="${place.service}"`,
    `resource.labels.location="${place.region}"`,
    `resource.labels.revision_name="${revision}"`,
  ].join('\n');
  const body = {
    resourceNames: [`projects/${place.project}`],
    filter,
    orderBy: 'timestamp desc',
    pageSize: MOST_LINES,
  };
  try {
    const url = 'https://logging.googleapis.com/v2/entries:list';
    const answer = await client.send({ method: 'POST', url, body, idempotent: true });
    if (answer.status !== 200) {
      log.info(
        `The log of ${revision} can't be read (status ${answer.status}): roles/logging.viewer lets this job read it.`,
      );
      return;
    }
    const lines = linesOf(answer.body['entries']);
    if (lines.length === 0) log.info(`The container of ${revision} wrote nothing that has reached the log.`);
    else
      log.group(
        `Last lines of ${revision}`,
        lines.map((line) => `${line}\n`),
      );
  } catch (error) {
    // The deployment has failed for a reason of its own, which is what the reader needs.
    if (!(error instanceof PipelineError)) throw error;
    log.info(`The log of ${revision} can't be read: ${error.message}`);
  }
}

function linesOf(entries: unknown): readonly string[] {
  if (!Array.isArray(entries)) return [];
  return entries.filter(isMap).map(lineOf).reverse();
}

function lineOf({ textPayload, jsonPayload }: Readonly<Record<string, unknown>>): string {
  const message = isMap(jsonPayload) ? (jsonPayload['message'] ?? JSON.stringify(jsonPayload)) : textPayload;
  return String(message ?? '').slice(0, LONGEST_LINE);
}

/** An event's payload is at most this large, in bytes. */
const LARGEST_EVENT = 26 * 1024 * 1024;

/** Whether the repository of the run is private, as the event says; false when it does not say. */
export async function isPrivateRepository(environment: Environment): Promise<boolean> {
  const path = environment['GITHUB_EVENT_PATH'] ?? '';
  if (path === '') return false;
  const text = await readTextFile(path, LARGEST_EVENT);
  // What is no event says nothing: the repository counts as public.
  const repository = jsonMap(text ?? '')?.['repository'];
  return isMap(repository) && repository['private'] === true;
}
