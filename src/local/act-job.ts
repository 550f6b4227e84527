import { actName } from './act-name.ts';
import { calls, type Substitutions, substitute, substituteBare } from './expressions.ts';
import { actStrategy, guarded, legEnvironment } from './matrix-job.ts';
import { quoted, shellCommand } from './output-files.ts';
import { otherSystem } from './runner-labels.ts';
import { markedOutputs } from './unset-outputs.ts';
import { UsageError } from './usage-error.ts';
import { isMap, listOf, mapOf, textOf, type Value, type ValueMap } from './workflow-file.ts';

/** The repository under which the copy of the bundle is known to act, and the ref that stands for "this commit". */
export const BUNDLE_REPOSITORY = 'org/pipelines';
export const BUNDLE_REF = 'v1';

/** Repository of the generated actions that stand in for GitHub's own. */
export const STAND_IN_REPOSITORY = 'org/stand-ins';

/** GitHub's actions that need GitHub's services, and have a stand-in here. */
export const STAND_INS = ['checkout', 'upload-artifact', 'download-artifact', 'attest-build-provenance'] as const;

/** The one label that act is told to run on this machine. */
export const LABEL = 'ubuntu-latest';

/** What a job needs of its surroundings to become an act job. */
export interface JobSurroundings {
  readonly substitutions: Substitutions;
  /** Environment of steps that use an action; a `run` step does not get it on GitHub either. */
  readonly actionEnvironment: Readonly<Record<string, string>>;
  /** Environment of every step. */
  readonly stepEnvironment: Readonly<Record<string, string>>;
  /** For each action of the bundle (`actions/report`, or empty for the root): inputs whose default is the job token. */
  readonly tokenInputs: ReadonlyMap<string, readonly string[]>;
  readonly token: string;
  /** Name of the workflow file, for messages. */
  readonly label: string;
  /** Program that runs the command of a step, its output in a file. */
  readonly wrapper: string;
  /** `shell` of `defaults.run`, of the job or the workflow. */
  readonly shell: string;
}

/** Keys of a job that act knows and that mean something to it; permissions, environment, concurrency… are GitHub's. */
const KEPT = ['needs', 'if', 'env', 'defaults', 'outputs', 'container', 'services'] as const;

/**
 * A job as act runs it.
 *
 * @param key name by which act's log lines are told apart.
 * @throws UsageError for what act 0.2.89 cannot run at all.
 */
export function actJob(job: ValueMap, key: string, surroundings: JobSurroundings): ValueMap {
  const kept = Object.fromEntries(KEPT.filter((name) => job[name] !== undefined).map((name) => [name, job[name]]));
  const other = otherSystem(listOf(job['runs-on']));
  if (other !== undefined) {
    throw new UsageError(`${surroundings.label} has a job that runs on ${other}: a local run is on Linux only`);
  }
  if (!Array.isArray(job['steps'])) {
    const call = Object.fromEntries(['with', 'secrets'].filter((n) => job[n] !== undefined).map((n) => [n, job[n]]));
    return mapOf(rewritten({ name: key, ...kept, ...actStrategy(job), ...call }, surroundings, ''));
  }
  const steps = (job['steps'] as readonly Value[]).map((step) => actStep(mapOf(step), surroundings));
  const acted = {
    name: actName(key, textOf(job['name'])),
    ...{ ...kept, ...actStrategy(job), 'runs-on': LABEL },
    // Also says whose output a step prints; GitHub gives every job a runner of its own name, too.
    env: { ...mapOf(job['env']), RUNNER_NAME: `local ${key}`, ...legEnvironment(job) },
    steps: guarded(job, steps, `${quoted(surroundings.wrapper)} ${shellCommand('')}`),
    ...(job['outputs'] === undefined ? {} : { outputs: markedOutputs(job['outputs']) }),
  };
  return mapOf(rewritten(acted, surroundings, ''));
}

function actStep(step: ValueMap, surroundings: JobSurroundings): ValueMap {
  const { name: _name, ...rest } = step;
  const named = { name: stepName(step), ...rest };
  const uses = textOf(step['uses']);
  if (uses === '') {
    const command = shellCommand(textOf(step['shell']) || surroundings.shell);
    const env = { ...surroundings.stepEnvironment, ...mapOf(step['env']) };
    return { ...named, shell: `${quoted(surroundings.wrapper)} ${command}`, env };
  }
  const target = actTarget(uses);
  const tokens = (surroundings.tokenInputs.get(target.action) ?? []).filter((n) => !(n in mapOf(step['with'])));
  const supplied = Object.fromEntries(tokens.map((input) => [input, surroundings.token]));
  return {
    ...named,
    uses: target.uses,
    with: { ...supplied, ...mapOf(step['with']) },
    env: { ...surroundings.stepEnvironment, ...surroundings.actionEnvironment, ...mapOf(step['env']) },
  };
}

/** The name GitHub shows for a step. */
function stepName(step: ValueMap): string {
  const given = textOf(step['name']);
  if (given !== '') return given;
  const uses = textOf(step['uses']);
  return `Run ${uses !== '' ? uses : (textOf(step['run']).split('\n', 1)[0] ?? '')}`;
}

/** Where act finds what a step uses; `action` is its folder in the bundle, or empty text for anything else. */
export function actTarget(uses: string): { readonly uses: string; readonly action: string } {
  const standIn = STAND_INS.find((name) => uses.startsWith(`actions/${name}@`));
  if (standIn !== undefined) return { uses: `${STAND_IN_REPOSITORY}/${standIn}@${BUNDLE_REF}`, action: '' };
  const own = /^\$\/(.*)$/.exec(uses) ?? /^[^/@\s]+\/pipelines(?:\/([^@]*))?@.+$/.exec(uses);
  if (own === null) return { uses, action: '' };
  const action = (own[1] ?? '').replace(/\/$/, '');
  const path = action === '' || action === '.' ? '' : `/${action}`;
  return { uses: `${BUNDLE_REPOSITORY}${path}@${BUNDLE_REF}`, action: path === '' ? '.' : action };
}

/** Every text of the job with GitHub's contexts replaced; `if` is an expression with or without `${{ }}`. */
function rewritten(value: Value, surroundings: JobSurroundings, key: string): Value {
  if (typeof value === 'string') {
    if (calls(key === 'if' && !value.includes('${{') ? `\${{${value}}}` : value, 'case')) {
      throw new UsageError(`${surroundings.label} uses case(), which act 0.2.89 does not know: write && and ||`);
    }
    return key === 'if' && !value.includes('${{')
      ? substituteBare(value, surroundings.substitutions)
      : substitute(value, surroundings.substitutions);
  }
  if (Array.isArray(value)) return (value as readonly Value[]).map((item) => rewritten(item, surroundings, ''));
  if (!isMap(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, rewritten(item, surroundings, name)]));
}

/** An `action.yml` with references to this repository rewritten; only a composite action has some. */
export function actAction(action: ValueMap): ValueMap {
  const runs = mapOf(action['runs']);
  if (!Array.isArray(runs['steps'])) return action;
  const steps = (runs['steps'] as readonly Value[]).map((step) => {
    const map = mapOf(step);
    const uses = textOf(map['uses']);
    return uses === '' ? map : { ...map, uses: actTarget(uses).uses };
  });
  return { ...action, runs: { ...runs, steps } };
}

/** Inputs of an action whose default is the job's token. */
export function tokenInputsOf(action: ValueMap): readonly string[] {
  return Object.entries(mapOf(action['inputs']))
    .filter(([, input]) => /\$\{\{\s*github\.token\s*\}\}/.test(textOf(mapOf(input)['default'])))
    .map(([name]) => name);
}
