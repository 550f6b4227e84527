import { nearest, shown } from '../runtime/errors.ts';
import { formatDate } from './date-format.ts';

/** What started the run, as far as tags and labels depend on it. */
export interface TagFacts {
  /** GITHUB_EVENT_NAME. */
  readonly eventName: string;
  /** `refs/heads/main`, `refs/tags/v1.2.3`, `refs/pull/7/merge`. */
  readonly ref: string;
  /** The commit, 40 or 64 hexadecimal digits. */
  readonly sha: string;
  readonly defaultBranch: string | undefined;
  /** The branch that a pull request goes into, or from which a tag was pushed; without `refs/heads/`. */
  readonly baseRef?: string | undefined;
  readonly now: Date;
  readonly commitDate?: Date | undefined;
}

/** What an expression in double braces stands for, by its name. */
export type Values = Readonly<Record<string, string>>;

/** Digits of a commit in short. */
const SHORT = 7;

/** What is left of a ref behind `refs/heads/` or another start; undefined for another kind of ref. */
export function refBehind(ref: string, start: 'refs/heads/' | 'refs/tags/' | 'refs/pull/'): string | undefined {
  return ref.startsWith(start) ? ref.slice(start.length) : undefined;
}

export function shortSha(sha: string): string {
  return sha.slice(0, SHORT);
}

/** The expressions that docker/metadata-action calls global, but for the dates. */
export function globalValues(facts: TagFacts): Values {
  const branch = refBehind(facts.ref, 'refs/heads/');
  const isDefault = branch !== undefined && branch === facts.defaultBranch;
  return {
    branch: branch ?? '',
    tag: refBehind(facts.ref, 'refs/tags/') ?? '',
    sha: shortSha(facts.sha),
    base_ref: facts.baseRef ?? '',
    is_default_branch: String(isDefault),
    is_not_default_branch: String(!isDefault),
  };
}

export type Expanded = { readonly text: string } | { readonly problem: string };

const EXPRESSION = /\{\{\s*([^{}]*?)\s*\}\}/g;
const DATE = /^(date|commit_date)\s+(?:'([^']*)'|"([^"]*)")(?:\s+tz=(?:'([^']*)'|"([^"]*)"))?$/;

/** A text whose expressions in double braces are replaced, or what is wrong with the first one that means nothing. */
export function expand(text: string, values: Values, facts: TagFacts): Expanded {
  let problem: string | undefined;
  const expanded = text.replace(EXPRESSION, (_, expression: string) => {
    const value = Object.hasOwn(values, expression) ? values[expression] : dateOf(expression, facts);
    if (value !== undefined) return value;
    problem ??= unknown(expression, values);
    return '';
  });
  return problem === undefined ? { text: expanded } : { problem };
}

function dateOf(expression: string, facts: TagFacts): string | undefined {
  const [, name, single, double, zone, otherZone] = DATE.exec(expression) ?? [];
  const date = name === 'date' ? facts.now : facts.commitDate;
  if (name === undefined || date === undefined) return undefined;
  return formatDate(date, single ?? double ?? '', zone ?? otherZone ?? 'UTC');
}

function unknown(expression: string, values: Values): string {
  if (/^(date|commit_date)\b/.test(expression)) {
    return `{{${shown(expression)}}} is not a date in a format of digits, like {{date 'YYYYMMDD-HHmmss' tz='UTC'}}`;
  }
  const names = Object.keys(values);
  const near = nearest(expression, names);
  return `{{${shown(expression)}}} is none of ${names.join(', ')}${near === undefined ? '' : `; meant is perhaps ${near}`}`;
}
