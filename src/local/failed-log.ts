import type { LogGroup, StepResult } from './run-types.ts';
import { safeText, styled, type Terminal } from './terminal-text.ts';

/** Lines of a failed step's log that are shown; `--verbose` shows all. */
const LONGEST_LOG = 120;
/** Lines that each of several failed groups keeps at least. */
const SHORTEST_GROUP = 20;

/** A line of the log as it is shown. */
interface Shown {
  readonly text: string;
  /** Said by us, not by the step. */
  readonly isOurs: boolean;
}

/**
 * The log of a step that failed, for a terminal: of what the step folds into groups, those that failed are open and each
 * other one is a line. Where no group says that it failed, the whole log is shown.
 */
export function failedLog(step: Pick<StepResult, 'log' | 'groups'>, terminal: Terminal): readonly string[] {
  if (step.log.trim() === '') return [];
  const lines = step.log.split('\n');
  const failed = step.groups.filter((group) => hasFailed(group, lines));
  const longest = Math.max(SHORTEST_GROUP, Math.floor(LONGEST_LOG / Math.max(1, failed.length)));
  const shown: Shown[] = [];
  let at = 0;
  for (const group of failed.length === 0 ? [] : step.groups) {
    shown.push(...plain(lines.slice(at, group.from)));
    const body = lines.slice(group.from + 1, group.to);
    const title = lines[group.from] ?? '';
    if (failed.includes(group)) shown.push({ text: title, isOurs: false }, ...tail(body, longest));
    else shown.push({ text: `▸ ${title}${body.length === 0 ? '' : ` (${counted(body.length)})`}`, isOurs: false });
    at = group.to;
  }
  shown.push(...plain(lines.slice(at)));
  const isOpen = failed.length > 0;
  const limited = isOpen ? tail(shown, LONGEST_LOG + longest) : tail(shown, LONGEST_LOG);
  const bar = styled('│', 'dim', terminal);
  return limited
    .filter(({ text }, index, all) => text.trim() !== '' || all[index - 1]?.text.trim() !== '')
    .map(({ text, isOurs }) => {
      return isOurs ? `    ${styled(text, 'dim', terminal)}` : `    ${bar} ${safeText(text, { hasColours: false })}`;
    });
}

/** An error in the group says so, or its title does. */
function hasFailed(group: LogGroup, lines: readonly string[]): boolean {
  const title = lines[group.from] ?? '';
  return group.hasFailed || /^\W*(?:failed|failure|error|fail|timed out|timeout|cancelled)\b|[✗✘❌]/iu.test(title);
}

function plain(lines: readonly string[]): readonly Shown[] {
  return lines.map((text) => ({ text, isOurs: false }));
}

/** The last of many lines, and how many there were before. */
function tail(lines: readonly (string | Shown)[], most: number): readonly Shown[] {
  const all = lines.map((line) => (typeof line === 'string' ? { text: line, isOurs: false } : line));
  const left = all.length - most;
  if (left <= 0) return all;
  return [{ text: `… ${counted(left)} before (--verbose shows all)`, isOurs: true }, ...all.slice(-most)];
}

function counted(lines: number): string {
  return lines === 1 ? '1 line' : `${lines} lines`;
}
