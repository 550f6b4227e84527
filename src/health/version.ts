import { shown } from '../runtime/errors.ts';
import type { Answer } from './answer.ts';
import { jsonOf, pathOf, valueAt } from './json-condition.ts';

/** Where an answer says which version it comes from. */
export type VersionPlace =
  | { readonly kind: 'header'; readonly name: string }
  | { readonly kind: 'meta'; readonly name: string }
  | { readonly kind: 'json'; readonly path: string }
  | { readonly kind: 'body' };

/** The version that has to answer. */
export interface VersionWish {
  /** A version, tag or commit; `v1.2.3` and `1.2.3` are one, and so are a commit and its first 7 or more digits. */
  readonly value: string;
  /** Left out: the usual places are looked at, see {@link wrongVersion}. */
  readonly from: VersionPlace | undefined;
}

export const PLACE = /^(?:body|(?:header|meta):[A-Za-z0-9][\w:.-]{0,63}|json:[A-Za-z_$][\w$.[\]-]{0,200})$/;

/** `header:x-version`, `json:build.commit`, `meta:version` or `body`; undefined when it is something else. */
export function parsePlace(text: string): VersionPlace | undefined {
  if (!PLACE.test(text)) return undefined;
  const [kind = '', rest = ''] = [text.split(':', 1)[0], text.slice(text.indexOf(':') + 1)];
  if (kind === 'body') return { kind };
  if (kind === 'json') return { kind, path: rest };
  return kind === 'header' || kind === 'meta' ? { kind, name: rest.toLowerCase() } : undefined;
}

const NAMES = ['version', 'app-version', 'release', 'commit', 'revision', 'sha', 'git-sha', 'git-commit', 'build'];

/**
 * Says what is wrong with the version that answered. Without a place these are looked at: headers `x-version` (and its
 * kin), members of that name in a JSON body, `<meta name="version">` in HTML, then the body's text as a whole.
 *
 * @returns undefined when the right one answered
 */
export function wrongVersion(answer: Answer, { value, from }: VersionWish): string | undefined {
  if (from === undefined) {
    const said = NAMES.flatMap((name) => [header(answer, `x-${name}`), header(answer, name), ...inBody(answer, name)]);
    const versions = said.filter((text) => text !== undefined);
    if (versions.some((text) => isSame(text, value)) || hasWord(answer.text, value)) return undefined;
    return versions[0] === undefined ? 'no version said' : `version ${shown(versions[0])}`;
  }
  if (from.kind === 'body') return hasWord(answer.text, value) ? undefined : `version ${shown(value)} not in the body`;
  const said = saidAt(answer, from);
  if (said === undefined) return 'no version said';
  return isSame(said, value) ? undefined : `version ${shown(said)}`;
}

function saidAt(answer: Answer, from: VersionPlace): string | undefined {
  if (from.kind === 'header') return header(answer, from.name);
  if (from.kind === 'meta') return metaContent(answer.text, from.name);
  if (from.kind === 'body') return undefined;
  return scalarText(valueAt(jsonOf(answer.text)?.value, pathOf(from.path)));
}

function header({ headers }: Answer, name: string): string | undefined {
  const value = Object.hasOwn(headers, name) ? headers[name]?.trim() : '';
  return value === '' ? undefined : value;
}

function inBody({ text }: Answer, name: string): (string | undefined)[] {
  if (/^\s*\{/.test(text)) {
    const camel = name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
    const value = jsonOf(text)?.value;
    return [name, camel].map((key) => scalarText(valueAt(value, [key])));
  }
  return [metaContent(text, name)];
}

function scalarText(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

/** `content` of the first `<meta>` with that name (or property), attributes in any order. */
function metaContent(html: string, name: string): string | undefined {
  for (const [tag] of html.slice(0, 262_144).matchAll(/<meta\s[^>]{0,2000}>/gi)) {
    const attributes = new Map(
      [...tag.matchAll(/([a-z:-]{1,40})\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/gi)].map(
        ([, key = '', double, single, bare]) => [key.toLowerCase(), double ?? single ?? bare ?? ''] as const,
      ),
    );
    const named = attributes.get('name') ?? attributes.get('property') ?? '';
    if (named.toLowerCase() === name) return attributes.get('content')?.trim();
  }
  return undefined;
}

function isSame(said: string, wanted: string): boolean {
  const [left, right] = [plain(said), plain(wanted)];
  if (left === right) return true;
  const isCommit = /^[0-9a-f]{7,40}$/;
  if (!isCommit.test(left) || !isCommit.test(right)) return false;
  return left.startsWith(right) || right.startsWith(left);
}

function plain(version: string): string {
  return version
    .trim()
    .toLowerCase()
    .replace(/^v(?=\d)/, '');
}

/** Whether a text contains a version that does not go on: `1.2.3` is not in `1.2.30`. */
function hasWord(text: string, wanted: string): boolean {
  for (let start = text.indexOf(wanted); start !== -1; start = text.indexOf(wanted, start + 1)) {
    const [before, after] = [text[start - 1] ?? ' ', text.slice(start + wanted.length, start + wanted.length + 2)];
    if (!/[\w.]/.test(before.replace('v', ' ')) && !/^(?:\w|[.-]\w)/.test(after)) return true;
  }
  return false;
}
