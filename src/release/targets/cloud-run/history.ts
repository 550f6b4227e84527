import { createHash } from 'node:crypto';
import { shortName } from '../../../google/resource-name.ts';
import type { Mark, Reason } from '../../target.ts';
import type { Revision, Service, Template, Texts } from './resources.ts';

/** What this bundle writes on services and revisions. The API keeps annotations and does not read them. */
const ON_SERVICE = {
  serving: 'pipelines/serving',
  previous: 'pipelines/previous',
  since: 'pipelines/since',
  rolledBack: 'pipelines/rolled-back',
} as const;

const ON_REVISION = {
  commit: 'pipelines/commit',
  revision: 'pipelines/revision',
  lastMigration: 'pipelines/last-migration',
  run: 'pipelines/run',
} as const;

/** Labels can be searched for: `gcloud run revisions list --filter=metadata.labels.pipelines-commit=…`. */
const COMMIT_LABEL = 'pipelines-commit';
const FINGERPRINT_LABEL = 'pipelines-fingerprint';

const NO_MARK: Mark = { commit: '', fingerprint: '', lastMigration: '', run: '' };

/** How many rolled-back revisions are remembered. */
const MOST_REMEMBERED = 20;

/** A template with a mark on it. */
export function marked(template: Template, revision: string, mark: Mark): Template {
  return {
    ...template,
    revision,
    // A label holds 63 characters: the whole commit is in the annotation.
    labels: { ...template.labels, [COMMIT_LABEL]: mark.commit.slice(0, 40), [FINGERPRINT_LABEL]: mark.fingerprint },
    annotations: {
      ...template.annotations,
      [ON_REVISION.commit]: mark.commit,
      [ON_REVISION.revision]: revision,
      [ON_REVISION.lastMigration]: mark.lastMigration,
      [ON_REVISION.run]: mark.run,
    },
  };
}

/** A template without name and mark: what it is, whoever made it. */
export function unmarked({ revision: _, client: __, clientVersion: ___, ...template }: Template): Template {
  return {
    ...template,
    labels: without(template.labels, [COMMIT_LABEL, FINGERPRINT_LABEL]),
    annotations: without(template.annotations, Object.values(ON_REVISION)),
  };
}

function without(texts: Texts = {}, names: readonly string[]): Texts {
  return Object.fromEntries(Object.entries(texts).filter(([name]) => !names.includes(name)));
}

/**
 * The mark of a template or revision. Other programs copy labels and annotations to the next revision: a mark counts
 * for the revision whose name is in it.
 *
 * @param name of the revision, without a path
 */
export function markOf(
  { labels = {}, annotations = {} }: Pick<Template, 'labels' | 'annotations'>,
  name: string,
): Mark {
  if (name === '' || annotations[ON_REVISION.revision] !== name) return NO_MARK;
  return {
    commit: annotations[ON_REVISION.commit] ?? '',
    fingerprint: labels[FINGERPRINT_LABEL] ?? '',
    lastMigration: annotations[ON_REVISION.lastMigration] ?? '',
    run: annotations[ON_REVISION.run] ?? '',
  };
}

export function markOfRevision(revision: Revision): Mark {
  return markOf(revision, shortName(revision.name));
}

export interface History {
  /** Revision that had the traffic before; empty when nobody knows. */
  readonly previous: string;
  /** Milliseconds since the epoch; undefined when nobody knows. */
  readonly since: number | undefined;
  readonly rolledBack: readonly string[];
}

/** What was written when traffic was moved last; what somebody else moved since counts, and is not dated. */
export function historyOf({ annotations = {} }: Service, shares: ReadonlyMap<string, number>): History {
  const rolledBack = (annotations[ON_SERVICE.rolledBack] ?? '').split(',').filter((name) => name !== '');
  // What was rolled back is nothing to go back to.
  const usable = (name: string) => (rolledBack.includes(name) ? '' : name);
  const written = annotations[ON_SERVICE.serving] ?? '';
  if (written === textOf(shares)) {
    const since = Date.parse(annotations[ON_SERVICE.since] ?? '');
    return {
      previous: usable(annotations[ON_SERVICE.previous] ?? ''),
      since: Number.isNaN(since) ? undefined : since,
      rolledBack,
    };
  }
  const before = mostOf(sharesIn(written));
  return { previous: shares.has(before) ? '' : usable(before), since: undefined, rolledBack };
}

/** The annotations of a service after traffic moved, to be written together with it. */
export function annotationsAfter(
  service: Service,
  before: ReadonlyMap<string, number>,
  after: ReadonlyMap<string, number>,
  reason: Reason,
  now: number,
): Texts {
  const known = historyOf(service, before);
  const top = mostOf(after);
  // While traffic moves in steps the one that had it all stays the one to go back to.
  const previous = mostOf(before) === top ? known.previous : mostOf(before);
  const losers = reason === 'roll-back' ? [...before.keys()].filter((name) => !after.has(name)) : [];
  const rolledBack = [...new Set([...losers, ...known.rolledBack])].filter((name) => !after.has(name));
  return {
    ...service.annotations,
    [ON_SERVICE.serving]: textOf(after),
    [ON_SERVICE.previous]: previous === top ? '' : previous,
    [ON_SERVICE.since]: new Date(now).toISOString(),
    [ON_SERVICE.rolledBack]: rolledBack.slice(0, MOST_REMEMBERED).join(','),
  };
}

/** Guard against two hands on the traffic: what serves, and when that was written. */
export function guardOf(service: Service, shares: ReadonlyMap<string, number>): string {
  const since = service.annotations?.[ON_SERVICE.since] ?? '';
  return createHash('sha256')
    .update(`${textOf(shares)} ${since}`, 'utf8')
    .digest('hex')
    .slice(0, 16);
}

function textOf(shares: ReadonlyMap<string, number>): string {
  return [...shares]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([revision, percent]) => `${revision}=${percent}`)
    .join(',');
}

function sharesIn(text: string): ReadonlyMap<string, number> {
  return new Map(
    text.split(',').flatMap((pair): [string, number][] => {
      const [name = '', percent = ''] = pair.split('=');
      return name === '' ? [] : [[name, Number(percent)]];
    }),
  );
}

/** The revision with the largest share; of equal ones always the same. */
function mostOf(shares: ReadonlyMap<string, number>): string {
  const [first] = [...shares].sort(([left, more], [right, less]) => less - more || (left < right ? -1 : 1));
  return first?.[0] ?? '';
}
