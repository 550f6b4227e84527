import type { RunOrder } from '../github/run.ts';

/** What tells one report of a pull request from another. */
export interface MarkerKey {
  /** The caller's workflow file, or its name. */
  readonly caller: string;
  /** The pipeline workflow that reports, `node-service`. */
  readonly workflow: string;
  /** Folder from the repository's root. */
  readonly folder: string;
  readonly service: string;
  readonly environment: string;
}

/** Which run wrote a comment. */
export interface Marker extends RunOrder {
  /** Commit that it was written for. */
  readonly sha: string;
}

const START = '<!-- pipelines-report';

/** The comment's first line: nobody sees it, and the next run finds its comment by it. */
export function markerLine(key: MarkerKey, { id, attempt, sha }: Marker): string {
  return `${START} ${fieldsOf(key)} run=${id} attempt=${attempt} sha=${sha} -->`;
}

/**
 * The marker on the first line of a comment's body.
 *
 * @returns undefined when there is none of this key: another report's, a quoted one, or one that is not whole
 */
export function markerOf(body: string, key: MarkerKey): Marker | undefined {
  const [line = ''] = body.split(/\r?\n/, 1);
  const prefix = `${START} ${fieldsOf(key)} `;
  if (!line.startsWith(prefix)) return undefined;
  const rest = /^run=(\d{1,15}) attempt=(\d{1,6}) sha=([0-9a-f]{0,64}) -->$/.exec(line.slice(prefix.length).trimEnd());
  if (rest === null) return undefined;
  return { id: Number(rest[1]), attempt: Number(rest[2]), sha: rest[3] ?? '' };
}

function fieldsOf(key: MarkerKey): string {
  const { caller, workflow, folder, service, environment } = key;
  return Object.entries({ caller, workflow, folder, service, environment })
    .map(([name, value]) => `${name}=${escaped(value)}`)
    .join(' ');
}

/** Percent-encoded so that no field can end the comment, hold a space or pose as another field. */
function escaped(value: string): string {
  const wellFormed = Buffer.from(value, 'utf8').toString('utf8');
  return encodeURIComponent(wellFormed).replace(/[!'()*~]|-(?=-|$)/g, (character) => {
    return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
  });
}
