import type { TestOutcome } from '../outcome.ts';
import { type FailedRequest, isVisible, type PageError, type Visit, withoutQuery } from './visit.ts';

/** One thing that a page has to do. */
export interface Check {
  readonly title: string;
  /** What is wrong, one thing a line; empty when nothing is. */
  readonly error: string;
  /** What was seen and is not counted. */
  readonly notes: readonly string[];
}

/** What a visit of a page comes to. @param ignore texts; a thing that contains one is a note */
export function checksOf(visit: Visit, origin: string, ignore: readonly string[]): readonly Check[] {
  const isIgnored = (text: string) => ignore.some((part) => text.includes(part));
  const [errors, ignoredErrors] = parted(visit.errors, (error) => !isIgnored(`${error.text} ${error.place}`));
  const [requests, others] = parted(visit.requests, (request) => counts(request, origin) && !isIgnored(request.url));
  return [
    { title: 'the page answers', error: answerError(visit), notes: [] },
    {
      title: 'no errors in the console',
      error: errors.map(errorText).join('\n'),
      notes: ignoredErrors.map(errorText),
    },
    { title: 'no failed requests', error: requests.map(requestText).join('\n'), notes: others.map(requestText) },
    {
      title: 'something is visible',
      error: visit.failure === '' ? contentError(visit) : 'there is no page',
      notes: [],
    },
  ];
}

function parted<T>(items: readonly T[], test: (item: T) => boolean): readonly [readonly T[], readonly T[]] {
  return [items.filter(test), items.filter((item) => !test(item))];
}

/**
 * Whether a failed request says that the application is broken: anything of its own origin, but not that a visitor who
 * is not signed in may not fetch something; of others what the page is made of, not what counts its visitors.
 */
function counts({ url, type, status }: FailedRequest, origin: string): boolean {
  const isOwn = URL.canParse(url) && new URL(url).origin === origin;
  if (isOwn) return !((type === 'Fetch' || type === 'XHR') && (status === 401 || status === 403));
  return type === 'Script' || type === 'Stylesheet' || type === 'Document';
}

function answerError({ failure, status }: Visit): string {
  if (failure !== '') return failure;
  if (status === undefined) return 'no answer came for the page itself';
  return status >= 200 && status < 400 ? '' : `status ${status}`;
}

function contentError({ content }: Visit): string {
  if (isVisible(content)) return '';
  if (content === undefined) return 'the page does not respond: its script is busy for ever';
  if (content.emptyRoot !== '') return `${content.emptyRoot} stays empty: the application did not start`;
  return 'no text, picture, button or input has a size';
}

const KINDS: Readonly<Record<PageError['kind'], string>> = {
  console: 'console',
  exception: 'uncaught',
  policy: 'blocked by a policy',
};

function errorText({ kind, text, place }: PageError): string {
  const [line = ''] = text.split('\n');
  return `${KINDS[kind]}: ${line.slice(0, 500)}${place === '' ? '' : ` (${place})`}`;
}

function requestText({ url, type, why }: FailedRequest): string {
  return `${why}: ${type.toLowerCase()} ${withoutQuery(url)}`;
}

/** The checks of one or more visits as tests: what is wrong the first time and not the last is flaky. */
export function testsOf(visits: readonly (readonly Check[])[], evidence: TestOutcome['evidence']): TestOutcome[] {
  const last = visits.at(-1) ?? [];
  return last.map(({ title, error }, index) => {
    const earlier = visits.map((checks) => checks[index]?.error ?? '').findLast((text) => text !== '') ?? '';
    const outcome = error !== '' ? 'failed' : earlier !== '' ? 'flaky' : 'passed';
    return {
      title,
      project: '',
      file: undefined,
      line: undefined,
      outcome,
      duration: 0,
      tries: visits.length,
      error: (error || earlier).slice(0, 4_000),
      evidence: outcome === 'passed' ? [] : evidence,
    };
  });
}
