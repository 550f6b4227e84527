import { shown } from '../runtime/errors.ts';
import type { Answer, ProbeKind } from './answer.ts';
import { type JsonCondition, unmetCondition } from './json-condition.ts';
import type { Redirects } from './redirect.ts';
import { type VersionWish, wrongVersion } from './version.ts';

/** Statuses from the first to the second, both included. */
export type StatusRange = readonly [from: number, to: number];

/** What makes an answer a good one; all of it has to hold. */
export interface Expectation {
  readonly status: readonly StatusRange[];
  /** Texts that the body has to contain. */
  readonly contains: readonly string[];
  readonly json: readonly JsonCondition[];
  readonly version: VersionWish | undefined;
  readonly redirects: Redirects;
}

/** Any answer of 200 to 299. */
export const ANY_SUCCESS: Expectation = {
  status: [[200, 299]],
  contains: [],
  json: [],
  version: undefined,
  redirects: 'same-host',
};

/** Compares an answer with what was expected; the first thing that is not so decides. */
export function judge(answer: Answer, wish: Expectation): { readonly kind: ProbeKind; readonly text: string } {
  const status = `status ${answer.status}`;
  if (!wish.status.some(([from, to]) => from <= answer.status && answer.status <= to)) {
    return { kind: 'status', text: status };
  }
  const missing = wish.contains.find((part) => !answer.text.includes(part));
  if (missing !== undefined) return { kind: 'content', text: `${status} without ${shown(missing)}` };
  const unmet = unmetCondition(answer.text, wish.json);
  if (unmet !== undefined) return { kind: 'content', text: `${status}, ${unmet}` };
  const version = wish.version === undefined ? undefined : wrongVersion(answer, wish.version);
  if (version !== undefined) return { kind: 'version', text: `${status}, ${version}` };
  return { kind: 'good', text: status };
}

/** `200`, `200-299`, `2xx`, several with commas or spaces between them; undefined when it is something else. */
export function statusRanges(text: string): readonly StatusRange[] | undefined {
  const parts = text.split(/[\s,]+/).filter((part) => part !== '');
  const ranges = parts.map((part): StatusRange | undefined => {
    if (/^[1-5]xx$/i.test(part)) return [Number(`${part[0]}00`), Number(`${part[0]}99`)];
    const [, from, to = from] = /^([1-5]\d\d)(?:-([1-5]\d\d))?$/.exec(part) ?? [];
    return from === undefined || Number(to) < Number(from) ? undefined : [Number(from), Number(to)];
  });
  const accepted = ranges.filter((range) => range !== undefined);
  return accepted.length === parts.length && parts.length > 0 ? accepted : undefined;
}
