import { durationText } from '../../runtime/kinds.ts';
import type { ReportedJob, ReportFacts } from '../facts.ts';
import { type Html, html, joined, link, text } from './html.ts';

/** Jobs below each other on one scale of time, the steps of each folded below it. */
export function timelineSection({ timeline }: ReportFacts): Html {
  const { jobs, reason } = timeline;
  if (jobs.length === 0) {
    const why = reason === null ? 'no job of this run has ended yet' : reason;
    return html(`<section><h2>Timeline</h2><p class="quiet">Not known: ${text(why)}.</p></section>`);
  }
  const start = Math.min(...jobs.map(({ queued }) => Date.parse(queued)));
  const end = Math.max(...jobs.map(({ ended }) => Date.parse(ended)));
  const scale: Scale = { start, length: Math.max(1_000, end - start) };
  const began = new Date(start).toISOString().slice(0, 19).replace('T', ' ');
  const marks = [0, 0.25, 0.5, 0.75, 1].map((part) => `<span>${durationText(part * scale.length)}</span>`);
  return joined([
    `<section><h2>Timeline</h2><p class="quiet">From ${began} UTC, ${durationText(scale.length)} in all. Pale: waiting for a runner.</p>`,
    '<div class="card timeline">',
    `<div class="axis" aria-hidden="true"><span></span><div class="marks">${marks.join('')}</div><span></span></div>`,
    ...withoutPrefix(jobs).map((job) => jobRow(job, scale)),
    '</div></section>',
  ]);
}

/** Jobs of one call all begin with its name, `api / check`: that is said above already. */
function withoutPrefix(jobs: readonly ReportedJob[]): readonly ReportedJob[] {
  const [prefix = ''] = /^.*? \/ /.exec(jobs[0]?.name ?? '') ?? [];
  if (prefix === '' || !jobs.every(({ name }) => name.startsWith(prefix))) return jobs;
  return jobs.map((job) => ({ ...job, name: job.name.slice(prefix.length) }));
}

interface Scale {
  /** Milliseconds since 1970. */
  readonly start: number;
  /** Milliseconds, more than 0. */
  readonly length: number;
}

function jobRow(job: ReportedJob, scale: Scale): Html {
  const wait = Date.parse(job.started) - Date.parse(job.queued);
  const row = joined([
    `<span class="label">${text(job.name)}</span>`,
    bar(job, scale, job.queued),
    `<span class="time">${timeOf(job)}</span>`,
  ]);
  if (job.steps.length === 0) return html(`<div class="job"><div class="row">${row}</div></div>`);
  const steps = job.steps.map((step) => {
    const parts = [
      `<span class="label">${text(step.name)}</span>`,
      bar(step, scale),
      `<span class="time">${timeOf(step)}</span>`,
    ];
    return `<li class="row">${parts.join('')}</li>`;
  });
  const isBad = toneOf(job.conclusion) !== 'good';
  const page =
    job.page === null ? '' : `<p class="quiet steps">${waitText(wait)}${link(html('log of this job'), job.page)}</p>`;
  return html(
    `<details class="job"${isBad ? ' open' : ''}><summary><span class="row">${row}</span></summary><ul class="steps">${steps.join('')}</ul>${page}</details>`,
  );
}

function waitText(wait: number): string {
  return wait < 1_000 ? '' : `Waited ${durationText(wait)} for a runner. `;
}

interface Timed {
  readonly conclusion: string;
  readonly started: string;
  readonly ended: string;
}

function timeOf({ started, ended, conclusion }: Timed): string {
  const time = durationText(Date.parse(ended) - Date.parse(started));
  // Colour alone tells nobody who does not see it.
  return toneOf(conclusion) === 'good'
    ? time
    : `<span class="pill ${toneOf(conclusion)}">${text(conclusion)}</span> ${time}`;
}

const WIDTH = 1_000;

/** Where it stands on the scale; attributes of SVG, which the page's policy allows where it allows no inline style. */
function bar({ started, ended, conclusion }: Timed, { start, length }: Scale, queued = started): Html {
  const at = (time: string) => ((Date.parse(time) - start) / length) * WIDTH;
  const [waited, from, to] = [at(queued), at(started), at(ended)];
  const rect = (x: number, width: number, name: string) => {
    return `<rect x="${x.toFixed(1)}" y="0" width="${width.toFixed(1)}" height="10" class="${name}"/>`;
  };
  const shown = Math.max(3, to - from);
  return joined([
    `<svg viewBox="0 0 ${WIDTH} 10" preserveAspectRatio="none" aria-hidden="true">`,
    rect(0, WIDTH, 'track'),
    from - waited > 0 ? rect(waited, from - waited, 'wait') : '',
    rect(Math.min(from, WIDTH - shown), shown, `${toneOf(conclusion)}-bar`),
    '</svg>',
  ]);
}

function toneOf(conclusion: string): 'good' | 'bad' | 'warn' | 'idle' {
  if (conclusion === 'success') return 'good';
  if (conclusion === 'failure' || conclusion === 'timed_out') return 'bad';
  return conclusion === 'cancelled' ? 'warn' : 'idle';
}
