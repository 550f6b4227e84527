import type { Level } from './version.ts';

/** A commit as git has it. */
export interface Commit {
  readonly sha: string;
  /** Subject, body and footers. */
  readonly message: string;
}

/** A commit as Conventional Commits reads it (conventionalcommits.org, 1.0.0). */
export interface Change {
  readonly sha: string;
  /** `feat`, `fix`…; undefined for a subject of another form. */
  readonly type: string | undefined;
  readonly scope: string | undefined;
  readonly description: string;
  /** What breaks: the footer's text, else the description; undefined when nothing does. */
  readonly breaking: string | undefined;
}

const SUBJECT = /^([a-z]{1,20})(?:\(([^()\n]{1,60})\))?(!)?: +(.+)$/i;
/** A footer goes on until the next one or the end; `BREAKING-CHANGE` is the same. */
const FOOTER = /^BREAKING[ -]CHANGE: +([\s\S]+?)(?=\n[A-Za-z-]+(?:: | #)|(?![\s\S]))/m;

/** Types that change nothing for callers by themselves; what has another type, or none, is told of. */
const QUIET: ReadonlySet<string> = new Set(['build', 'chore', 'ci', 'docs', 'refactor', 'style', 'test']);

export function changeOf({ sha, message }: Commit): Change {
  const [subject = '', ...rest] = message.trim().split('\n');
  const [, type, scope, mark, description] = SUBJECT.exec(subject) ?? [];
  const footer = FOOTER.exec(rest.join('\n'))?.[1]?.replace(/\s+/g, ' ').trim();
  return {
    sha,
    type: type?.toLowerCase(),
    scope,
    description: (description ?? subject).trim(),
    breaking: footer ?? (mark === undefined ? undefined : (description ?? subject).trim()),
  };
}

/** How far a change raises the version; undefined when it says that callers do not notice it. */
export function levelOf({ type, breaking }: Change): Level | undefined {
  if (breaking !== undefined) return 'major';
  if (type === 'feat') return 'minor';
  return type !== undefined && QUIET.has(type) ? undefined : 'patch';
}
