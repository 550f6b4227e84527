import { type PipelineError, shown } from '../runtime/errors.ts';
import { durationText } from '../runtime/kinds.ts';
import { readOr } from './converge.ts';
import { type ReleaseReference, referenceText, releaseName } from './reference.ts';
import { shareOf, wholly } from './shares.ts';
import type { Platform, Serving } from './target.ts';
import { TrafficMoved } from './traffic-moved.ts';

/** The five lines of a failed deployment, as data: what a reader at night needs, in this order. */
export interface Night {
  readonly version: 1;
  /** What serves now. */
  readonly serving: {
    /** False: the platform did not say. */
    readonly known: boolean;
    readonly url: string;
    readonly shares: readonly { readonly release: string; readonly percent: number }[];
    /** ISO 8601; null when the platform does not say. */
    readonly since: string | null;
    /** Of the vendor's console, where a person sees it; empty when it is not known. */
    readonly page: string;
    readonly text: string;
  };
  readonly happened: { readonly code: string; readonly text: string };
  /** The state of the database. */
  readonly database: string;
  readonly command: {
    /** Of GitHub's CLI. */
    readonly run: string;
    /** The same with the vendor's own CLI, for when this bundle can't run; empty when there is nothing to move. */
    readonly vendor: string;
    /** What it does. */
    readonly text: string;
  };
  readonly again: { readonly safe: boolean; readonly text: string };
}

/** What is known when a deployment has failed. */
export interface Known {
  /** Undefined: the place was not reached. */
  readonly platform: Platform | undefined;
  /** What this run wanted to serve. */
  readonly release: ReleaseReference | undefined;
  /** What should serve when it does not. */
  readonly previous: ReleaseReference | undefined;
  /** Name of the last migration that the database has, empty when there is none or nobody said. */
  readonly lastMigration: string;
  /** GITHUB_RUN_ID and GITHUB_REPOSITORY. */
  readonly runId: number;
  readonly repository: string;
}

/** Longest text of one line, in characters: the whole stays under 4 KiB. */
const LONGEST = 600;

/** Reads what serves now, whatever has failed, and says the five lines. */
export async function nightOf(error: PipelineError, known: Known, now = Date.now()): Promise<Night> {
  const { platform, release } = known;
  const serving = platform === undefined ? undefined : await readOr(() => platform.current());
  const percent = release === undefined || serving === undefined ? 0 : shareOf(release, serving.shares);
  const [fault] = error.faults;
  return {
    version: 1,
    serving: servingLine(serving, known, now),
    happened: { code: fault.code, text: cut(`${fault.code}: ${fault.what}`) },
    database: databaseLine(known.lastMigration, percent),
    command: commandLine(error, serving, percent, known),
    again: againLine(error),
  };
}

/** What of a night the five lines show. */
export interface NightTexts {
  readonly serving: { readonly text: string };
  readonly happened: { readonly text: string };
  readonly database: string;
  readonly command: Night['command'];
  readonly again: { readonly text: string };
}

/** The five lines as text, each with its name. */
export function nightLines(night: NightTexts): readonly (readonly [name: string, text: string])[] {
  const { run, vendor, text } = night.command;
  const commands = [run, vendor].filter((line) => line !== '').join('  or  ');
  return [
    ['serving now', night.serving.text],
    ['what happened', night.happened.text],
    ['database', night.database],
    ['what to run', commands === '' ? text : `${text}: ${commands}`],
    ['again', night.again.text],
  ];
}

function servingLine(serving: Serving | undefined, { platform, previous }: Known, now: number): Night['serving'] {
  if (serving === undefined) {
    const text =
      previous === undefined
        ? 'not known: the platform could not be asked'
        : `not known: the platform could not be asked; ${releaseName(previous)} served before`;
    return { known: false, url: '', shares: [], since: null, page: '', text };
  }
  const shares = serving.shares.slice(0, 5).map(({ reference, percent }) => {
    return { release: referenceText(reference), percent };
  });
  const parts = serving.shares.slice(0, 5).map(({ reference, percent }) => `${releaseName(reference)} has ${percent}%`);
  const since = serving.since === undefined ? null : new Date(serving.since).toISOString();
  const time =
    serving.since === undefined
      ? ''
      : `, since ${new Date(serving.since).toISOString().slice(0, 16).replace('T', ' ')} UTC (${durationText(Math.max(0, now - serving.since))})`;
  const text =
    parts.length === 0
      ? `nothing serves at ${serving.url}`
      : `${parts.join(', ')} of the traffic of ${serving.url}${time}`;
  const [first] = serving.shares;
  const page = platform === undefined || first === undefined ? '' : platform.pageFor(first.reference);
  return { known: true, url: serving.url, shares, since, page, text: cut(text) };
}

function databaseLine(lastMigration: string, percent: number): string {
  if (lastMigration === '') return 'this deployment names no migration; moving traffic changes nothing in the database';
  const fits =
    percent === 100 ? 'the release that serves was made for it' : 'what serves was made for it or an earlier one';
  return cut(`has all migrations up to ${shown(lastMigration, 256).slice(1, -1)}; ${fits}; moving traffic undoes none`);
}

/** Whether the same release would be refused when it is run again. */
function isRefusedAgain({ code }: PipelineError): boolean {
  return code === 'PIPE-RELEASE-007' || code === 'PIPE-RELEASE-010';
}

function commandLine(
  error: PipelineError,
  serving: Serving | undefined,
  percent: number,
  known: Known,
): Night['command'] {
  const { platform, previous, release, runId, repository } = known;
  const repo = /^[\w.-]+\/[\w.-]+$/.test(repository) ? ` --repo ${repository}` : '';
  const isWhole = serving !== undefined && percent === 0;
  if (isWhole && isRefusedAgain(error)) {
    const text =
      'nothing has to be moved; deploy a commit that repairs it (this release only by `promote` with `force`)';
    return { run: '', vendor: '', text };
  }
  if (platform === undefined || isWhole || previous === undefined) {
    const run = runId === 0 ? '' : `gh run rerun ${runId} --failed${repo}`;
    const text =
      percent === 0
        ? 'nothing has to be moved; when the cause is repaired'
        : 'there is nothing to go back to; repair, then';
    return { run, vendor: '', text };
  }
  const isWanted = release !== undefined && percent === 100;
  return {
    run: cut(`gh workflow run rollback.yml --field release=${referenceText(previous)}${repo}`),
    vendor: cut(platform.commandFor(previous)),
    text: isWanted
      ? `${releaseName(previous)} gets the traffic back by`
      : `all traffic goes to ${releaseName(wholly(previous)[0]?.reference ?? previous)} by`,
  };
}

function againLine(error: PipelineError): Night['again'] {
  if (error instanceof TrafficMoved) {
    return { safe: false, text: 'look first: something else moves traffic; running again moves it once more' };
  }
  if (isRefusedAgain(error)) {
    return { safe: true, text: 'safe: this release is refused again, as it was rolled back; a new commit is deployed' };
  }
  const text =
    error.kind === 'configuration'
      ? 'safe, and it fails in the same way until that is corrected'
      : 'safe: what is done already is found and not done twice';
  return { safe: true, text };
}

function cut(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}
