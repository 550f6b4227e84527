import type { Writable } from 'node:stream';
import { failedLog } from './failed-log.ts';
import { renderSummary } from './render-summary.ts';
import type { Annotation, Conclusion, RunEnd, RunEvent, StepResult, Summary } from './run-types.ts';
import { type Style, safeText, shorten, styled, type Terminal, widthOf } from './terminal-text.ts';

export interface DisplaySettings {
  readonly out: Writable;
  readonly terminal: Terminal;
  /** True on a terminal: the step that runs is shown in a line that changes. */
  readonly isLive: boolean;
  /** Shows every line that steps print. */
  readonly isVerbose: boolean;
  readonly title: string;
  readonly now: () => number;
}

export interface Display {
  readonly show: (event: RunEvent) => void;
  /** Clears the changing line; nothing is shown afterwards. */
  readonly close: () => void;
}

const MARK: Readonly<Record<Conclusion, readonly [string, Style]>> = {
  success: ['✓', 'green'],
  failure: ['✗', 'red'],
  cancelled: ['⊘', 'yellow'],
  skipped: ['-', 'dim'],
};
const LEVEL: Readonly<Record<Annotation['level'], Style>> = { error: 'red', warning: 'yellow', notice: 'blue' };

const LONGEST_MESSAGE = 300;

/** Shows a run as it goes: jobs, steps with their time, annotations, the log of what failed, and the summary. */
export function createDisplay(settings: DisplaySettings): Display {
  const { out, terminal, isLive, isVerbose, now } = settings;
  const summaries: Summary[] = [];
  let running: { readonly name: string; readonly since: number } | undefined;
  const names = new Map<string, string>();
  let shownJob = '';

  const clear = (): void => {
    if (isLive && running !== undefined) out.write('\r\u001b[2K');
  };
  const draw = (): void => {
    if (!isLive || running === undefined) return;
    const time = seconds(now() - running.since);
    out.write(`\r\u001b[2K${styled(shorten(`  · ${running.name}  ${time}`, terminal.width - 1), 'dim', terminal)}`);
  };
  const line = (text: string): void => {
    clear();
    out.write(`${text}\n`);
    draw();
  };
  const ticking = isLive ? setInterval(draw, 1_000) : undefined;
  ticking?.unref();

  const heading = (job: string): void => {
    if (shownJob === job) return;
    shownJob = job;
    line(`\n${styled(safe(names.get(job) ?? job, terminal), 'bold', terminal)}`);
  };

  const stepEnd = (job: string, step: StepResult): void => {
    heading(job);
    clear();
    running = undefined;
    const [mark, style] = MARK[step.conclusion];
    const name = shorten(safe(step.name, terminal), Math.max(20, terminal.width - 16));
    const space = ' '.repeat(Math.max(1, Math.min(60, terminal.width - 14) - widthOf(name)));
    line(`  ${styled(mark, style, terminal)} ${name}${space}${styled(seconds(step.durationMs), 'dim', terminal)}`);
    if (step.conclusion === 'failure' && !isVerbose) for (const text of failedLog(step, terminal)) line(text);
  };

  const annotate = (annotation: Annotation): void => {
    heading(annotation.job);
    line(annotationLine(annotation, terminal));
  };

  const stepStart = (job: string, name: string): void => {
    heading(job);
    running = { name: safe(name, terminal), since: now() };
    if (isVerbose) line(`  ${styled(`> ${running.name}`, 'dim', terminal)}`);
    draw();
  };

  const end = (result: RunEnd): void => {
    clear();
    running = undefined;
    for (const text of endLines(result, summaries, settings)) line(text);
  };

  const show = (event: RunEvent): void => {
    if (event.kind === 'progress' || event.kind === 'note')
      line(`${styled('·', 'dim', terminal)} ${safe(event.text, terminal)}`);
    else if (event.kind === 'job-start') names.set(event.job, event.name);
    else if (event.kind === 'step-start') stepStart(event.job, event.name);
    else if (event.kind === 'line' && isVerbose) line(`    ${safeText(event.text, terminal)}`);
    else if (event.kind === 'annotation') annotate(event.annotation);
    else if (event.kind === 'step-end') stepEnd(event.job, event.step);
    else if (event.kind === 'summary') summaries.push(event.summary);
    else if (event.kind === 'end') end(event.end);
  };

  const close = (): void => {
    clearInterval(ticking);
    clear();
    running = undefined;
  };
  return { show, close };
}

function safe(text: string, terminal: Terminal): string {
  return safeText(text, { hasColours: false })
    .replaceAll(/\s+/g, ' ')
    .slice(0, terminal.width * 10);
}

function seconds(milliseconds: number): string {
  if (milliseconds < 60_000) return `${(milliseconds / 1_000).toFixed(1)} s`;
  const whole = Math.round(milliseconds / 1_000);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** One line: level, file and line, the message's first line. */
function annotationLine(annotation: Annotation, terminal: Terminal): string {
  const { level, file, line, column, message, title } = annotation;
  const position = [file, line, column].filter((part) => part !== undefined).join(':');
  const lines = message.trim().split('\n');
  // A place in a file says the rest; without one, the message is all there is.
  const shown = file === undefined ? lines.join(' ') : `${lines[0]}${lines.length > 1 ? ' …' : ''}`;
  // Some messages begin with their title.
  const text = title === undefined || shown.startsWith(title) ? shown : `${title}: ${shown}`;
  const place = position === '' ? '' : `${styled(safe(position, terminal), 'bold', terminal)}  `;
  return `    ${styled(level, LEVEL[level], terminal)}  ${place}${shorten(safe(text, terminal), LONGEST_MESSAGE)}`;
}

function endLines(end: RunEnd, summaries: readonly Summary[], { terminal, title }: DisplaySettings): readonly string[] {
  const lines: string[] = [];
  const ownCommit = new RegExp(`\\b${end.commit.sha.slice(0, 7)}[0-9a-f]*\\b`, 'g');
  for (const { markdown } of summaries) {
    lines.push('', ...renderSummary(markdown.replaceAll(ownCommit, end.commit.inWords), terminal));
  }
  // A job whose condition did not hold is none of the reader's business; one that waited for another in vain is.
  const waited = end.jobs.filter(({ heldBackBy }) => heldBackBy !== undefined);
  lines.push('');
  for (const { name, heldBackBy = '' } of waited) {
    lines.push(styled(safe(`skipped: ${name}, which needs ${heldBackBy}`, terminal), 'dim', terminal));
  }
  if (end.orphans.length > 0) lines.push(styled(`left running and ended: ${end.orphans.join(', ')}`, 'dim', terminal));
  const written = end.comments.filter(({ updates, id }) => updates > 0 || id >= 2_000).length;
  if (written > 0) lines.push(styled(`comments written on the pull request: ${written}`, 'dim', terminal));
  for (const { analyses, errors, replacedBy } of end.codeScanning) {
    const results = analyses.reduce((sum, analysis) => sum + analysis.results, 0);
    const what = errors.length > 0 ? `rejected: ${safe(errors.join('; '), terminal)}` : `${results} results`;
    const isLost = replacedBy === undefined ? '' : ', replaced by a later upload of the same category';
    lines.push(styled(`uploaded to code scanning: ${what}${isLost}`, errors.length > 0 ? 'red' : 'dim', terminal));
  }
  const verdict = { success: 'passed', failure: 'failed', cancelled: 'was cancelled' }[end.conclusion];
  const [mark, style] = MARK[end.conclusion];
  lines.push(
    `${styled(mark, style, terminal)} ${styled(`${title} ${verdict}`, 'bold', terminal)} in ${seconds(end.durationMs)}`,
  );
  return lines;
}
