import { createHash } from 'node:crypto';
import { durationText } from '../../runtime/kinds.ts';
import type { ReportedFailing, ReportedLine, ReportedPlace, ReportFacts } from '../facts.ts';
import type { Evidence, LineState } from '../line.ts';
import { type Html, html, joined, link, phrase, text } from './html.ts';
import { STYLE } from './style.ts';
import { timelineSection } from './timeline.ts';

/**
 * The report as one file that a person opens: what serves and what to do first, then the table, the timeline, the
 * details. It loads nothing, runs nothing, and its policy says so; foreign text is text.
 */
export function pageOf(facts: ReportFacts): string {
  const hash = createHash('sha256').update(STYLE).digest('base64');
  const policy = `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
  const { subject, headline } = facts;
  const name = subject.name === '' ? subject.workflow : subject.name;
  return joined([
    '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">\n`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n<meta name="referrer" content="no-referrer">\n',
    '<meta name="color-scheme" content="light dark">\n',
    `<title>${text(`${name}: ${headline}`)}</title>\n<style>${STYLE}</style>\n</head>\n<body>\n<main>\n`,
    headerOf(facts),
    nightOf(facts),
    firstLook(facts),
    tableOf(facts),
    timelineSection(facts),
    detailsOf(facts),
    footerOf(facts),
    '</main>\n</body>\n</html>\n',
  ]);
}

function headerOf({ done, headline, subject, notChecked, lines }: ReportFacts): Html {
  const isOpen = notChecked.length > 0 || lines.some(({ state }) => state === 'not-checked');
  const [tone, word] = !done ? ['bad', 'Red'] : isOpen ? ['warn', 'Green, with gaps'] : ['good', 'Green'];
  const { commit, repository, run } = subject;
  const short = html(`<code>${text(commit.slice(0, 7))}</code>`);
  const about = [
    subject.name === '' ? '' : text(subject.name),
    commit === '' ? '' : `commit ${repository === null ? short : link(short, `${repository}/commit/${commit}`)}`,
    run.page === null ? `run ${run.number}` : link(html(`run ${run.number}`), run.page),
    run.attempt > 1 ? `attempt ${run.attempt}` : '',
  ];
  return html(
    `<header><span class="pill ${tone}">${word}</span><h1>${text(headline)}</h1><p class="quiet">${joined(about, ' · ')}</p></header>\n`,
  );
}

function nightOf({ night }: ReportFacts): Html {
  if (night.length === 0) return html('');
  const lines = night.map(({ name, text: said }) => `<dt>${text(name)}</dt><dd>${phrase(said)}</dd>`);
  return html(`<section class="card night" aria-label="What to know first"><dl>${lines.join('')}</dl></section>\n`);
}

/** The first error with its place and its command, or what the line says of itself with its code. */
function firstLook({ done, lines, subject }: ReportFacts): Html {
  if (done) return html('');
  const failed = lines.filter(({ state, missing }) => state === 'failed' || missing);
  const all = failed.flatMap(({ failing }) => failing);
  const first = all.find(({ problems }) => problems.length > 0) ?? all[0];
  const parts: string[] = [];
  if (first !== undefined) {
    const [problem] = first.problems;
    parts.push(`<p>${problem === undefined ? phrase(first.reason) : placeText(problem, subject)}</p>`);
    if (first.command !== null) parts.push(`<p class="quiet">To see it again: ${commandText(first)}</p>`);
  } else {
    const cause = failed.find((line) => line.cause !== null)?.cause;
    if (cause === undefined || cause === null) return html('');
    parts.push(`<p>${phrase(cause.what)}. <code>${text(cause.code)}</code></p>`);
    if (cause.remedy !== null) parts.push(`<p class="quiet">What to do: ${phrase(cause.remedy)}</p>`);
  }
  return html(`<section class="card first" aria-label="Where to look first">${parts.join('')}</section>\n`);
}

function placeText({ file, line, message, rule }: ReportedPlace, { repository, commit }: ReportFacts['subject']): Html {
  const place = html(`<code>${text(line === null ? file : `${file}:${line}`)}</code>`);
  const isLinkable =
    repository !== null && commit !== '' && /^[\w@+ -][\w./@+ -]*$/.test(file) && !file.split('/').includes('..');
  const path = file.split('/').map(encodeURIComponent).join('/');
  const shown = isLinkable
    ? link(place, `${repository}/blob/${commit}/${path}${line === null ? '' : `#L${line}`}`)
    : place;
  return html(`${shown} ${text(message)}${rule === null ? '' : ` <code>${text(rule)}</code>`}`);
}

function commandText({ command, directory }: Pick<ReportedFailing, 'command' | 'directory'>): Html {
  const where = directory === null || directory === '.' ? '' : ` in <code>${text(directory)}</code>`;
  return html(`<code>${text(command ?? '')}</code>${where}`);
}

const SAID: Readonly<Record<LineState, readonly [tone: string, word: string]>> = {
  done: ['good', 'done'],
  failed: ['bad', 'failed'],
  cancelled: ['warn', 'cancelled'],
  'not-run': ['idle', 'not run'],
  missing: ['bad', 'no result'],
  'not-checked': ['warn', 'not checked'],
  'not-configured': ['idle', 'not configured'],
  'nothing-to-do': ['good', 'nothing to do'],
};

function tableOf({ lines, notChecked }: ReportFacts): Html {
  const open = notChecked.map(({ subject, reason }) =>
    rowOf(text(subject), ['warn', 'not checked'], phrase(reason), ''),
  );
  const head = ['what', 'result', 'detail', 'time'].map((name) => `<th scope="col">${name}</th>`).join('');
  return joined([
    '<section><h2>Definition of Done</h2><div class="card"><table><thead><tr>',
    head,
    '</tr></thead><tbody>',
    ...lines.map(lineRow),
    ...open,
    '</tbody></table></div></section>\n',
  ]);
}

function lineRow(line: ReportedLine): Html {
  const [tone, word] = SAID[line.state];
  const isRed = line.missing && line.state !== 'not-run';
  const why = whyOf(line);
  const log = line.evidence.find(({ name, kind }) => name === 'log' && kind === 'link');
  const rest = line.evidence.filter((one) => one !== log && isNews(one, line));
  const time = line.duration === null || line.state === 'not-run' ? '' : durationText(line.duration);
  const name = log === undefined ? text(line.name) : link(text(line.name), log.value);
  const result = line.missing ? `required, ${word}` : word;
  return rowOf(name, [isRed ? 'bad' : tone, result], joined([why, evidenceList(rest)]), time);
}

/** What the detail says already is not shown twice; one task that passed is what the result says. */
function isNews({ name, kind, value }: Evidence, { detail }: ReportedLine): boolean {
  if (kind === 'link' || kind === 'digest') return true;
  return name !== 'passed' && name !== 'tasks' && !detail.includes(value);
}

function rowOf(name: Html, [tone, word]: readonly [string, string], detail: Html, time: string): Html {
  const result = `<td><span class="pill ${tone}">${text(word)}</span></td>`;
  return html(
    `<tr><th scope="row">${name}</th>${result}<td class="detail">${detail}</td><td class="time">${time}</td></tr>`,
  );
}

function whyOf({ detail, command, failing }: ReportedLine): Html {
  const [first] = failing;
  const problem = first?.problems[0];
  if (problem !== undefined) {
    const place = problem.line === null ? problem.file : `${problem.file}:${problem.line}`;
    return html(`<p><code>${text(place)}</code> ${text(problem.message)}</p>`);
  }
  if (first !== undefined) return html(`<p>${phrase(first.reason)}</p>`);
  if (detail !== '') return html(`<p>${phrase(detail)}</p>`);
  return command === null ? html('') : html(`<p><code>${text(command)}</code></p>`);
}

/** What is shown of evidence: pages as links, the rest with its name. */
function evidenceList(evidence: readonly Evidence[]): Html {
  if (evidence.length === 0) return html('');
  const items = evidence.map(({ name, kind, value }) => {
    if (kind === 'link') return `<li>${link(text(name), value)}</li>`;
    return `<li>${text(name)} ${kind === 'number' ? text(value) : `<code>${text(value)}</code>`}</li>`;
  });
  return html(`<ul class="facts">${items.join('')}</ul>`);
}

function detailsOf({ lines, decisions, subject }: ReportFacts): Html {
  const failing = lines.flatMap((line) => line.failing.map((one) => folded(line, one, subject)));
  const causes = lines.flatMap(({ name, cause }) => (cause === null ? [] : [causeText(name, cause)]));
  const decided = decisions.map(({ subject: what, decision, reason }) => {
    const why = reason === '' ? '' : ` <span class="quiet">${phrase(reason)}</span>`;
    return `<li>${text(what)}: ${phrase(decision)}${why}</li>`;
  });
  const plan =
    decided.length === 0
      ? ''
      : `<details class="card more"><summary>What the plan decided, and why</summary><ul>${decided.join('')}</ul></details>`;
  const all = [...failing, ...causes, plan].filter((part) => part !== '');
  return all.length === 0 ? html('') : html(`<section><h2>Details</h2>${all.join('\n')}</section>\n`);
}

function folded(line: ReportedLine, failing: ReportedFailing, subject: ReportFacts['subject']): Html {
  const where = failing.directory === null ? '' : ` in <code>${text(failing.directory)}</code>`;
  const items = failing.problems.map((problem) => `<li>${placeText(problem, subject)}</li>`);
  const found =
    items.length === 0
      ? '<p class="quiet">No place could be read; the log has all of it.</p>'
      : `<ul>${items.join('')}</ul>`;
  const command = failing.command === null ? '' : `<p class="quiet">${commandText(failing)}</p>`;
  return html(
    `<details class="card more" open><summary>${text(line.name)}${where}: ${phrase(failing.reason)}</summary>${command}${found}</details>`,
  );
}

function causeText(name: string, cause: NonNullable<ReportedLine['cause']>): Html {
  const parts = (['what', 'given', 'accepted', 'remedy', 'state'] as const).flatMap((part) => {
    const said = cause[part];
    return said === null ? [] : [`<li>${part}: ${phrase(said)}</li>`];
  });
  return html(
    `<details class="card more" open><summary>${text(name)}: <code>${text(cause.code)}</code></summary><ul>${parts.join('')}</ul></details>`,
  );
}

function footerOf({ subject, leftOut }: ReportFacts): Html {
  const short = leftOut.length === 0 ? '' : ` Left out: ${text(leftOut.join(', '))}.`;
  return html(`<footer class="quiet">${text(subject.workflow)}, run ${subject.run.number}.${short}</footer>\n`);
}
