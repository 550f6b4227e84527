import type { Fault } from '../runtime/errors.ts';
import { durationText } from '../runtime/kinds.ts';
import { code, codeBlock, cut, details, link, type Markdown, markdown, table, text } from '../runtime/markdown.ts';
import type { Definition } from './definition.ts';
import type { Failing, Line, LineState } from './line.ts';
import type { NightLine } from './night.ts';
import { plain } from './plain.ts';
import type { ReportedProblem } from './results.ts';
import { headlineOf, joined, placeOf } from './verdict.ts';

/** What the table is about, for its heading, its links and its last line. */
export interface Subject {
  /** Service, folder and environment, as far as they are given: "api", "apps/api", "api → staging". */
  readonly name: string;
  /** The pipeline workflow that reports. */
  readonly workflow: string;
  /** Commit that people know: a pull request's head. */
  readonly sha: string;
  readonly runNumber: number;
  readonly attempt: number;
  /** `https://github.com/acme/shop`; undefined where links would lead nowhere. */
  readonly repositoryPage: string | undefined;
  /** The run's page. */
  readonly page: string | undefined;
  /** What comes first when a delivery has failed: what serves, what happened, what to do. Foreign texts. */
  readonly night: readonly NightLine[];
  /** Name of the artifact with the page; undefined where there is none. */
  readonly artifact?: string | undefined;
}

/** With no-break spaces: a result stays on one line in a narrow column. */
const SIGNS: Readonly<Record<LineState, string>> = {
  done: '✅\u00a0done',
  failed: '❌\u00a0failed',
  cancelled: '🚫\u00a0cancelled',
  'not-run': '⏭️\u00a0not\u00a0run',
  missing: '❌\u00a0no\u00a0result',
  'not-checked': '⚠️\u00a0not\u00a0checked',
  'not-configured': '⚪\u00a0not\u00a0configured',
  'nothing-to-do': '✅\u00a0nothing\u00a0to\u00a0do',
};

const HEADERS = ['what', 'result', 'detail', 'time'].map(markdown);

/**
 * The Definition of Done as Markdown, at most `limit` bytes of UTF-8: the verdict, where to look first, the table; then
 * what failed and what the plan decided, folded. What does not fit gives way from the end, and the last line says so.
 */
export function rendered(definition: Definition, subject: Subject, limit: number): Markdown {
  const head = [
    heading(definition, subject),
    nightOf(subject),
    firstLook(definition, subject),
    tableOf(definition, subject),
  ];
  const failing = definition.lines
    .filter(({ state }) => state === 'failed')
    .flatMap((line) => (line.failing ?? []).map((one) => folded(line, one, subject)));
  const decisions = decisionsOf(definition);
  const whole = footer(subject, false);
  const shortened = footer(subject, true);
  for (const [parts, last] of [
    [[...head, ...failing, decisions], whole],
    [[...head, ...failing], shortened],
    [[...head, ...failing.slice(0, 3)], shortened],
    [head, shortened],
  ] as const) {
    const document = assembled([...parts, last]);
    if (Buffer.byteLength(document) <= limit) return document;
  }
  const room = limit - Buffer.byteLength(shortened) - 8;
  return assembled([cut(assembled(head), room), shortened]);
}

function assembled(parts: readonly Markdown[]): Markdown {
  return markdown(
    `${parts
      .map((part) => part.trim())
      .filter((part) => part !== '')
      .join('\n\n')}\n`,
  );
}

function heading(definition: Definition, { name }: Subject): Markdown {
  const sign = !definition.isDone ? '❌' : headlineOf(definition).startsWith('Done, ') ? '⚠️' : '✅';
  const whose = name === '' ? '' : `${text(plain(name, 200))} · `;
  return markdown(`### ${sign} ${whose}${text(headlineOf(definition))}`);
}

function nightOf({ night }: Subject): Markdown {
  return markdown(night.map(([name, line]) => `- **${text(name)}:** ${phrase(plain(line, 1_000))}`).join('\n'));
}

/** The first error with its place, and the command that shows it again; or why the results of a job are of no use. */
function firstLook({ lines, isDone }: Definition, subject: Subject): Markdown {
  if (isDone) return markdown('');
  const failed = lines.filter(({ state }) => state === 'failed');
  const failing = failed.flatMap((line) => line.failing ?? []);
  const first = failing.find(({ problems }) => problems.length > 0) ?? failing[0];
  const among = failed.length > 0 ? failed : lines;
  const [fault] = among.flatMap(({ faults = [], cause }) => (cause === undefined ? faults : [cause]));
  if (first === undefined) return fault === undefined ? markdown('') : faultText(fault);
  const [problem] = first.problems;
  const what = problem === undefined ? phrase(plain(first.reason, 300)) : problemText(problem, 300, subject);
  const command = commandText(first);
  return markdown(command === '' ? what : `${what}\\\nTo see it again: ${command}`);
}

function faultText({ code: name, what, given = '', remedy = '' }: Fault): Markdown {
  const parts = [what, given, remedy].filter((part) => part !== '').map((part) => phrase(sentence(plain(part, 600))));
  return markdown(`${parts.join(' ')} ${code(name)}`);
}

function sentence(part: string): string {
  return `${part.slice(0, 1).toUpperCase()}${part.slice(1)}.`;
}

function commandText({ command, directory }: Failing): string {
  if (command === undefined) return '';
  const where = directory === undefined || directory === '.' ? '' : ` in ${code(plain(directory, 200))}`;
  return `${code(plain(command, 300))}${where}`;
}

function problemText(problem: ReportedProblem, limit: number, subject: Subject): Markdown {
  return markdown(`${placeLink(problem, subject)} ${text(plain(problem.message, limit))}`);
}

/** The place as code, with a link to its line at the commit where that can be had. */
function placeLink(problem: ReportedProblem, { repositoryPage, sha }: Subject): Markdown {
  const place = code(plain(placeOf(problem), 300));
  const isLinkable = !/^[/\\]|(^|[/\\])\.\.?([/\\]|$)|[\u0000-\u001f]/.test(problem.file) && problem.file !== '';
  if (repositoryPage === undefined || sha === '' || !isLinkable || problem.file.length > 500) return place;
  const path = problem.file.split('/').map(escapedSegment).join('/');
  const anchor = problem.line === undefined ? '' : `#L${problem.line}`;
  return markdown(`[${place}](${repositoryPage}/blob/${sha}/${path}${anchor})`);
}

function escapedSegment(segment: string): string {
  const wellFormed = Buffer.from(segment, 'utf8').toString('utf8');
  return encodeURIComponent(wellFormed).replace(/[!'()*~_]/g, (character) => {
    return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
  });
}

function tableOf(definition: Definition, subject: Subject): Markdown {
  const { lines, notChecked } = definition;
  // What says nothing of itself shares a row: the table stays short when a run ends early.
  const shared = (state: LineState) => ({
    state,
    lines: lines.filter((line) => line.state === state && !hasOwnRow(line)),
  });
  const own = lines.filter(hasOwnRow).map((line) => rowOf(line, definition, subject));
  const open = notChecked.map(({ subject: what, reason }) => {
    return [text(plain(what, 100)), markdown(SIGNS['not-checked']), phrase(plain(reason, 300)), markdown('')];
  });
  const groups = [shared('nothing-to-do'), shared('not-run'), shared('not-configured')]
    .filter((group) => group.lines.length > 0)
    .map((group) => sharedRow(group.state, group.lines, definition));
  return table(HEADERS, [...own, ...open, ...groups]);
}

function hasOwnRow(line: Line): boolean {
  if (line.state === 'not-run') return line.failing !== undefined;
  return line.state !== 'not-configured' && !(line.state === 'nothing-to-do' && line.detail === '');
}

function rowOf(line: Line, { missing }: Definition, subject: Subject): Markdown[] {
  const isOpen = missing.includes(line.name) && line.state === 'not-checked';
  const sign = isOpen ? '❌\u00a0not\u00a0checked' : SIGNS[line.state];
  const time = line.duration === undefined || line.state === 'not-run' ? '' : durationText(line.duration);
  const name = text(plain(line.name, 100));
  const isRed = sign.startsWith('❌') || line.state === 'cancelled';
  return [markdown(isRed ? `**${name}**` : name), markdown(sign), detailOf(line, subject), text(time)];
}

function detailOf(line: Line, subject: Subject): Markdown {
  const failing = line.failing ?? [];
  const [first] = failing;
  if (first === undefined || line.state === 'done') {
    const command = line.command === undefined ? [] : [code(plain(line.command, 200))];
    const address = line.address === undefined ? [] : [link(line.address.replace('https://', ''), line.address)];
    return markdown([...command, ...address, phrase(plain(line.detail, 400))].filter((part) => part !== '').join(', '));
  }
  const folders = failing.flatMap(({ directory }) => (directory === undefined ? [] : [plain(directory, 80)]));
  const [problem] = first.problems;
  // A place names its folder by itself.
  const isNamed = folders.length === 1 && problem?.file.startsWith(`${folders[0]}/`) === true;
  const where = folders.length === 0 || isNamed ? '' : `${joined(folders)}: `;
  const why = problem === undefined ? phrase(plain(first.reason, 160)) : problemText(problem, 160, subject);
  const count = line.command === undefined && line.detail !== '' ? ` (${text(plain(line.detail, 100))})` : '';
  return markdown(`${text(where)}${why}${count}`);
}

function sharedRow(state: LineState, lines: readonly Line[], { missing }: Definition): Markdown[] {
  const names = lines.map(({ name }) => text(plain(name, 100))).join(', ');
  const required = state === 'not-run' ? [] : lines.map(({ name }) => name).filter((name) => missing.includes(name));
  const [reason, ...others] = new Set(lines.map(({ detail }) => detail));
  const common = others.length === 0 ? (reason ?? '') : '';
  const detail = required.length > 0 ? text(`required: ${joined(required)}`) : phrase(plain(common, 300));
  const sign = required.length > 0 && state === 'not-configured' ? '❌\u00a0not\u00a0configured' : SIGNS[state];
  return [markdown(names), markdown(sign), detail, markdown('')];
}

/** Text with commands between backticks, as plans write them. */
function phrase(value: string): Markdown {
  return markdown(
    value
      .split(/(`[^`]+`)/)
      .map((part) => (/^`[^`]+`$/.test(part) ? code(part.slice(1, -1)) : text(part)))
      .join(''),
  );
}

function folded(line: Line, failing: Failing, subject: Subject): Markdown {
  const { problems, reason } = failing;
  const where = failing.directory === undefined ? '' : ` in ${code(plain(failing.directory, 200))}`;
  const title = markdown(`${text(plain(line.name, 100))}${where}: ${phrase(plain(reason, 300))}`);
  const command = failing.command === undefined ? '' : codeBlock(plain(failing.command, 2_000), 'sh');
  const found = problems.map((problem) => {
    const rule = problem.rule === undefined ? '' : ` ${code(plain(problem.rule, 100))}`;
    return `- ${problemText(problem, 1_000, subject)}${rule}`;
  });
  const rest =
    problems.length === 0 ? 'No place could be read from what it printed; the log has all of it.' : found.join('\n');
  return details(title, markdown(`${command}\n${rest}`));
}

function decisionsOf({ decisions }: Definition): Markdown {
  if (decisions.length === 0) return markdown('');
  const lines = decisions.map(({ subject, decision, reason }) => {
    const why = reason === '' ? '' : ` (${phrase(plain(reason, 300))})`;
    return `- ${text(plain(subject, 200))}: ${phrase(plain(decision, 300))}${why}`;
  });
  return details(markdown('What the plan decided, and why'), markdown(lines.join('\n')));
}

function footer({ workflow, sha, runNumber, attempt, page, artifact }: Subject, isShortened: boolean): Markdown {
  const run = `run ${runNumber}${attempt > 1 ? `, attempt ${attempt}` : ''}`;
  const parts = [
    text(plain(workflow, 100)),
    ...(sha === '' ? [] : [`commit ${code(sha.slice(0, 7))}`]),
    page === undefined ? text(run) : link(run, page),
    ...(artifact === undefined || page === undefined ? [] : [link('page with the timeline', `${page}#artifacts`)]),
    ...(isShortened ? ['shortened: the log and the run’s summary have the rest'] : []),
  ];
  return markdown(`<sub>${parts.join(' · ')}</sub>`);
}
