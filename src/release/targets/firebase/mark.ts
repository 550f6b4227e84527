import type { Mark } from '../../target.ts';

/** Labels of a version, in which its mark is kept. */
export type Labels = Readonly<Record<string, string>>;

/** Longest value of a label in Google's APIs (cloud.google.com, "Requirements for labels"). */
const LONGEST = 63;

/** Parts that one value is spread over at most. */
const MOST_PARTS = 16;

const NAMES = {
  commit: 'pipelines-commit',
  fingerprint: 'pipelines-fingerprint',
  lastMigration: 'pipelines-migration',
  run: 'pipelines-run',
} as const satisfies Record<keyof Mark, string>;

const CHANNEL = 'pipelines-channel';

/**
 * A mark as labels. Values of labels hold lower-case letters, digits, `-` and `_` only: anything else is written as `_`
 * and four hex digits, and what is longer than one label goes on in the next (`pipelines-run-2`).
 *
 * @param channel the preview channel that the version is made for; empty for a candidate
 */
export function labelsOf(mark: Mark, channel: string): Labels {
  const entries = Object.entries(NAMES).flatMap(([field, name]) => spread(name, mark[field as keyof Mark]));
  return Object.fromEntries([['deployment-tool', 'pipelines'], ...entries, ...spread(CHANNEL, channel)]);
}

function spread(name: string, value: string): [string, string][] {
  const parts = escaped(value).match(new RegExp(`.{1,${LONGEST}}`, 'g')) ?? [];
  return parts.slice(0, MOST_PARTS).map((part, index) => [index === 0 ? name : `${name}-${index + 1}`, part]);
}

function escaped(value: string): string {
  return value.replace(/[^a-z0-9-]/g, (character) => {
    return `_${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

/** The mark of a version; all empty when something else made it. */
export function markOf(labels: Labels): Mark {
  return {
    commit: gathered(labels, NAMES.commit),
    fingerprint: gathered(labels, NAMES.fingerprint),
    lastMigration: gathered(labels, NAMES.lastMigration),
    run: gathered(labels, NAMES.run),
  };
}

/** The preview channel that a version was made for; empty for any other version. */
export function channelOf(labels: Labels): string {
  return gathered(labels, CHANNEL);
}

function gathered(labels: Labels, name: string): string {
  const parts = Array.from({ length: MOST_PARTS }, (_, index) => labels[index === 0 ? name : `${name}-${index + 1}`]);
  const end = parts.indexOf(undefined);
  const text = parts.slice(0, end === -1 ? MOST_PARTS : end).join('');
  return text.replace(/_([0-9a-f]{4})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** What a release's message says when traffic goes away from a version because it is bad. */
const ROLLED_BACK = 'rolled back from ';

/** @returns the message of a live release, at most 512 characters */
export function messageOf(reason: 'promote' | 'roll-back', version: string, from: string, mark: Mark): string {
  const commit = mark.commit === '' ? '' : `, commit ${mark.commit}`;
  const what = reason === 'promote' ? `promoted ${version}` : `${ROLLED_BACK}${from || 'nothing'} to ${version}`;
  return `${what}${commit}${mark.run === '' ? '' : `, ${mark.run}`}`.slice(0, 512);
}

/** The version that a release's message says was bad; undefined when it says nothing of the kind. */
export function rolledBackFrom(message: string): string | undefined {
  return message.startsWith(ROLLED_BACK) ? message.slice(ROLLED_BACK.length).split(' ', 1)[0] : undefined;
}
