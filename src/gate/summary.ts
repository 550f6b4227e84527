import { durationText } from '../runtime/kinds.ts';
import { code, codeBlock, details, type Markdown, markdown, paragraphs, table, text } from '../runtime/markdown.ts';
import { typedCommand } from './command-line.ts';
import type { TaskConclusion, TaskResult } from './task.ts';

const SIGNS: Readonly<Record<TaskConclusion, string>> = {
  passed: '✅ passed',
  failed: '❌ failed',
  'timed-out': '⏱️ timed out',
  cancelled: '🚫 cancelled',
  skipped: '⏭️ not run',
};

/** First errors shown for each task. */
const FIRST = 10;

/** What the gate shows when it is red: what failed, in one line, then the table, the first errors, the timeline. */
export function gateSummary(results: readonly TaskResult[], verdict: string): Markdown {
  const rows = results.map((result) => [
    code(result.task.id),
    markdown(SIGNS[result.result]),
    text(result.result === 'skipped' ? '' : durationText(result.duration)),
    code(typedCommand(result.task)),
    result.problems.length === 0 ? text(result.reason ?? '') : firstProblem(result),
  ]);
  const headers = ['task', 'result', 'time', 'command', 'first error'].map(markdown);
  return paragraphs([
    markdown(`### ${text(verdict)}`),
    table(headers, rows),
    ...results.filter(({ result }) => result === 'failed' || result === 'timed-out').map(failure),
    timeline(results),
  ]);
}

function firstProblem({ problems }: TaskResult): Markdown {
  const [first] = problems;
  if (first === undefined) return markdown('');
  const more = problems.length === 1 ? '' : ` (and ${problems.length - 1} more)`;
  return markdown(`${code(placeOf(first))} ${text(first.message.split('\n', 1)[0]?.slice(0, 160) ?? '')}${more}`);
}

function placeOf({ file, line }: { readonly file: string; readonly line?: number | undefined }): string {
  return line === undefined ? file : `${file}:${line}`;
}

function failure({ task, problems, tail, reason }: TaskResult): Markdown {
  const lines = problems.slice(0, FIRST).map((problem) => `${placeOf(problem)}: ${problem.message}`);
  const shownLines = lines.length > 0 ? lines : tail;
  const title = markdown(`${code(task.id)} ${text(reason ?? 'failed')}`);
  if (shownLines.length === 0) return paragraphs([title, markdown('It printed nothing that says why.')]);
  const rest = problems.length > FIRST ? ` The first ${FIRST} of ${problems.length}:` : '';
  return details(markdown(`${title}.${rest}`), codeBlock(shownLines.join('\n')));
}

/** A mermaid gantt chart: when each task ran, in milliseconds from the start. */
function timeline(results: readonly TaskResult[]): Markdown {
  const ran = results.filter(({ result, duration }) => result !== 'skipped' && duration > 0).slice(0, 60);
  if (ran.length === 0) return markdown('');
  const bars = ran.map(({ task, result, start, duration }) => {
    const name = task.id.replace(/[^\w./@-]/g, ' ');
    const mark = result === 'passed' ? 'done' : 'crit';
    return `  ${name} (${durationText(duration)}) :${mark}, ${Math.round(start)}, ${Math.max(1, Math.round(duration))}ms`;
  });
  const chart = ['gantt', '  dateFormat x', '  axisFormat %M:%S', '  title When each task ran', ...bars];
  return details(markdown('Timeline'), markdown(`\n\`\`\`mermaid\n${chart.join('\n')}\n\`\`\`\n`));
}
