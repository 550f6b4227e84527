import type { RunIdentity } from '../github/run.ts';
import type { Definition } from './definition.ts';
import type { Line } from './line.ts';
import { isHeld, type Job, type Needs } from './needs.ts';
import type { NightLine } from './night.ts';
import { plain } from './plain.ts';

/** Lines of a delivery, in its order: the first that is red is what happened. */
const DELIVERY: readonly string[] = ['migration', 'deployment', 'health', 'smoke', 'promotion', 'alerts'];

const LONGEST = 600;

/**
 * The five lines where a delivery has failed and none of its jobs could say them: those that run project code (migrate,
 * smoke) know nothing of the platform, a lost runner says nothing, and alerts are looked at last. Made of what the jobs
 * of this run have handed over.
 *
 * @returns nothing when the run did not come as far as a delivery
 */
export function composedNight(needs: Needs, definition: Definition, run: RunIdentity): readonly NightLine[] {
  const began = ['migrate', 'stage', 'deploy'].some((name) => (needs.get(name)?.result ?? 'skipped') !== 'skipped');
  const isBad = ({ name, state }: Line) => {
    return (
      DELIVERY.includes(name) &&
      (['failed', 'cancelled', 'missing'].includes(state) || definition.missing.includes(name))
    );
  };
  const red = definition.lines.find((line) => line.state === 'failed' && isBad(line)) ?? definition.lines.find(isBad);
  if (!began || red === undefined) return [];
  const facts = factsOf(needs);
  return [
    ['serving now', servingLine(facts)],
    ['what happened', happenedLine(red, needs)],
    ['database', databaseLine(needs, facts)],
    ['what to run', commandLine(facts, run)],
    ['again', againLine(needs, facts)],
  ];
}

function happenedLine({ name, state, detail, cause, job }: Line, needs: Needs): string {
  if (cause !== undefined) return plain(`${cause.code}: ${cause.what}`, LONGEST);
  const isTraffic = job === 'promote' || job === 'deploy';
  if (isTraffic && hasPromoted(needs.get(job))) {
    return `the release serves; a step of the job \`${job}\` after that failed, its log says which`;
  }
  if (isTraffic && (needs.get(job)?.outputs.get('failure') ?? '') === '') {
    return `the job \`${job}\` ended without a word: its runner was lost, or it was cancelled`;
  }
  return plain(detail === '' ? `${name} ${state.replaceAll('-', ' ')}` : detail, LONGEST);
}

/** Whether a job has moved the traffic and read it back, whatever came after. */
function hasPromoted(job: Job | undefined): boolean {
  return job?.outputs.get('promoted') === 'true' || job?.outputs.get('promotion') === 'success';
}

interface Facts {
  readonly release: string;
  readonly previous: string;
  readonly isPromoted: boolean;
  /** Whether any job began to move traffic. */
  readonly isTouched: boolean;
  readonly candidate: string;
  /** What the job `rollback` has given the traffic back to; empty where it has not. */
  readonly back: string;
}

function factsOf(needs: Needs): Facts {
  const [stage, deploy, promote] = [needs.get('stage'), needs.get('deploy'), needs.get('promote')];
  const staged = stage ?? deploy;
  const rollback = needs.get('rollback');
  const isBack = rollback?.result === 'success' && rollback.outputs.get('moved') === 'true';
  const output = (name: string) => plain(staged?.outputs.get(name) ?? '', 300);
  const hasMoved = promote !== undefined && !isHeld(promote);
  const isTouched = (hasMoved && promote.result !== 'skipped') || (deploy?.result ?? 'skipped') !== 'skipped';
  return {
    release: output('release'),
    previous: output('previous-release'),
    isPromoted:
      (hasMoved && (promote.result === 'success' || hasPromoted(promote))) ||
      deploy?.result === 'success' ||
      hasPromoted(deploy),
    isTouched,
    candidate: output('candidate-url'),
    back: isBack ? plain(rollback?.outputs.get('release') ?? '', 300) : '',
  };
}

function servingLine({ release, previous, isPromoted, isTouched, back }: Facts): string {
  if (back !== '') return `${back} has all the traffic again: the job \`rollback\` moved it back`;
  if (isPromoted && release !== '') return `${release} has the traffic: it was promoted, and answered`;
  if (isTouched) {
    const before = previous === '' ? '' : `; ${previous} served before`;
    return `not known: a job that moves traffic ended without saying${before}`;
  }
  if (previous !== '') return `${previous}, as before: no traffic was moved`;
  // Some platforms can't keep a first release from the traffic.
  if (release !== '') return `${release} may serve: it is the first release here, and nothing served before it`;
  return 'what served before, if anything did: no traffic was moved';
}

function databaseLine(needs: Needs, { isPromoted, back }: Facts): string {
  const migrate = needs.get('migrate');
  if (migrate === undefined || migrate.result === 'skipped') return 'this run has changed nothing in it';
  const output = (name: string) => plain(migrate.outputs.get(name) ?? '', 200);
  const [last, failed, statement] = [output('last-migration'), output('failed-migration'), output('failed-statement')];
  const has = last === '' ? '' : `has all migrations up to ${last}`;
  if (migrate.result === 'success') {
    const fits =
      back !== ''
        ? '; moving traffic undid none'
        : isPromoted
          ? ''
          : '; what serves was made for an earlier state of it';
    return `${has === '' ? 'its migrations are applied' : has}${output('applied') === '0' ? ', none of them new' : fits}`;
  }
  const stopped = failed === '' ? '' : `${failed} stopped${statement === '' ? '' : ` at ${statement}`}`;
  const parts = [stopped, has].filter((part) => part !== '');
  return parts.length === 0 ? 'not known: the job `migrate` ended without saying' : parts.join('; ');
}

function commandLine(
  { release, previous, isPromoted, isTouched, candidate, back }: Facts,
  { id, repositoryPage }: RunIdentity,
): string {
  if (back !== '') return 'nothing has to be moved; a new commit is deployed, this release only with `force`';
  const repo = repositoryPage === undefined ? '' : ` --repo ${new URL(repositoryPage).pathname.slice(1)}`;
  if (isTouched && previous !== '') {
    const back = `\`gh workflow run rollback.yml --field release=${previous.replaceAll('`', '')}${repo}\``;
    return isPromoted ? `to go back: ${back}` : `see what serves; to go back: ${back}`;
  }
  if (isPromoted) return 'there is nothing to go back to; repair the cause and push';
  const rerun = id === 0 ? '' : `, or \`gh run rerun ${id} --failed${repo}\``;
  const look = candidate === '' ? '' : ` (the candidate is at \`${candidate.replaceAll('`', '')}\`)`;
  const isFirst = release !== '' && previous === '';
  const moved = isFirst ? 'there is nothing to go back to' : 'nothing has to be moved';
  return `${moved}; repair the cause and push${rerun}${look}`;
}

function againLine(needs: Needs, { back }: Facts): string {
  if (back !== '') return 'safe: a release that was rolled back is refused, a new commit is deployed';
  const migrate = needs.get('migrate');
  if (migrate !== undefined && (migrate.result === 'failure' || migrate.result === 'cancelled')) {
    return 'what is applied is not applied twice; a migration that stopped in the middle has to be resolved first';
  }
  return 'safe: what is done already is found and not done twice';
}
