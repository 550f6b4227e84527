import { code, details, type Markdown, markdown, paragraphs, table, text } from '../runtime/markdown.ts';
import { decisionLine } from './decisions.ts';
import type { Plan } from './types.ts';

/** Most lines of decisions in the log. */
const MOST_LINES = 1_000;

/** The decisions and what is not checked, one line each, for the log. */
export function planLog({ decisions, notChecked }: Plan): readonly string[] {
  const lines = [
    ...decisions.map(decisionLine),
    ...notChecked.map(({ subject, reason }) => `not checked: ${subject} (${reason})`),
  ];
  if (lines.length <= MOST_LINES) return lines;
  return [...lines.slice(0, MOST_LINES), `… and ${lines.length - MOST_LINES} more`];
}

/** The plan for the summary: its decisions, what is not checked, and the tasks with what they wait for. */
export function planSummary(plan: Plan): Markdown {
  const decisions = plan.decisions.slice(0, MOST_LINES).map(({ subject, decision, reason }) => {
    const because = reason === '' ? '' : ` (${withCommands(reason)})`;
    return markdown(`- ${text(subject)}: ${withCommands(decision)}${because}`);
  });
  const left = plan.notChecked.slice(0, MOST_LINES).map(({ subject, reason }) => {
    return markdown(`- not checked: ${withCommands(subject)} (${withCommands(reason)})`);
  });
  const count = plan.tasks.length === 1 ? '1 task' : `${plan.tasks.length} tasks`;
  return paragraphs([
    markdown('### Plan'),
    markdown([...decisions, ...left].join('\n')),
    plan.tasks.length === 0 ? markdown('') : details(text(count), taskTable(plan)),
  ]);
}

function taskTable({ tasks }: Plan): Markdown {
  const rows = tasks.slice(0, MOST_LINES).map(({ id, display, source, needs }) => {
    return [code(id), code(display), text(source), markdown(needs.map((need) => code(need)).join(', '))];
  });
  return table([markdown('Task'), markdown('Command'), markdown('From'), markdown('Waits for')], rows);
}

/** Text whose parts between backticks are commands. */
function withCommands(value: string): Markdown {
  const parts = value.split('`');
  // An odd number of backticks is a name that holds one: then nothing of it is a command.
  if (parts.length % 2 === 0) return text(value);
  return markdown(parts.map((part, index) => (part === '' ? '' : index % 2 === 1 ? code(part) : text(part))).join(''));
}
