import { durationText } from '../runtime/kinds.ts';
import { code, codeBlock, details, type Markdown, markdown, paragraphs, table, text } from '../runtime/markdown.ts';
import { countsOf, nameOf, type Outcome, type TestOutcome } from './outcome.ts';

export interface SummaryFacts {
  readonly url: string;
  readonly duration: number;
  /** What failed, in one sentence; undefined when nothing did. */
  readonly failure: string | undefined;
  readonly evidenceOf: (test: TestOutcome) => readonly string[];
  /** Where the evidence is, or why it is nowhere. */
  readonly evidence: Markdown;
}

/** Tests that the table shows. */
const MOST = 50;

/** What a red or flaky run shows: every test that did not pass at once, with its error and where its evidence is. */
export function smokeSummary(outcome: Outcome, facts: SummaryFacts): Markdown {
  const { passed, failed, flaky, skipped } = countsOf(outcome.tests);
  const counted = outcome.isCounted
    ? `${passed} passed, ${failed} failed, ${flaky} flaky, ${skipped} skipped in ${durationText(facts.duration)}`
    : `${durationText(facts.duration)}`;
  const listed = outcome.tests.filter(({ outcome: how }) => how === 'failed' || how === 'flaky');
  const rows = listed.slice(0, MOST).map((test) => {
    const place = test.file === undefined ? '' : `${test.file}${test.line === undefined ? '' : `:${test.line}`}`;
    return [
      text(test.outcome),
      text(nameOf(test)),
      place === '' ? text('') : code(place),
      facts.evidenceOf(test).length === 0 ? text('') : markdown(facts.evidenceOf(test).map(code).join(' ')),
    ];
  });
  const errors = listed.slice(0, MOST).filter(({ error }) => error !== '');
  return paragraphs([
    markdown('### Smoke'),
    ...(facts.failure === undefined ? [] : [markdown(`**${text(facts.failure)}**`)]),
    markdown(`${code(facts.url)}: ${text(`${counted}; ${outcome.how}`)}`),
    rows.length === 0 ? markdown('') : table(['', 'test', 'place', 'evidence'].map(markdown), rows),
    ...errors.map((test) => details(text(nameOf(test)), codeBlock(test.error))),
    facts.evidence,
  ]);
}
