import { shown } from '../runtime/errors.ts';
import { type Kind, Refused } from '../runtime/kinds.ts';
import { fields, mapUpTo, NotAsAgreed, oneOf, optional, type Reader, readJson, textUpTo } from './foreign.ts';

export type JobResult = 'success' | 'failure' | 'cancelled' | 'skipped';

/** One job of the `needs` context. */
export interface Job {
  readonly name: string;
  readonly result: JobResult;
  /** Foreign texts. */
  readonly outputs: ReadonlyMap<string, string>;
}

/** The jobs that `report` needs, by id, in the order in which `needs` lists them. */
export type Needs = ReadonlyMap<string, Job>;

/** A newer commit serves already, so that the job had nothing to deploy. */
export function isSuperseded({ outputs }: Job): boolean {
  return outputs.get('superseded') === 'true';
}

/** The release is well and was given no traffic: a release by hand moves it. */
export function isHeld({ outputs }: Job): boolean {
  return outputs.get('held') === 'true';
}

const JOB_NAME = /^[A-Za-z_][A-Za-z0-9_-]{0,99}$/;
const ACCEPTED = 'the `needs` context as JSON, with at least one job';
const EXAMPLE = '${{ toJSON(needs) }}';

/** GitHub's names of outputs; their texts are at most what one environment variable can hold. */
const readOutputs = mapUpTo(200, /^[A-Za-z_][A-Za-z0-9_-]{0,99}$/, textUpTo(131_072));

const readJobs: Reader<ReadonlyMap<string, Omit<Job, 'name'>>> = mapUpTo(
  200,
  JOB_NAME,
  fields({
    result: oneOf(['success', 'failure', 'cancelled', 'skipped']),
    outputs: optional(readOutputs, new Map<string, string>()),
  }),
);

/** A job that was skipped has none: GitHub says so, the local runner hands over its expressions as they are written. */
function outputsOf({ result, outputs }: Omit<Job, 'name'>): Job['outputs'] {
  return result === 'skipped' ? new Map() : outputs;
}

/** The input `needs`: `${{ toJSON(needs) }}` (docs.github.com, "Contexts reference", needs). */
export function needsKind(): Kind<Needs> {
  const refuse = (given: string) => new Refused([{ at: '', given, accepted: ACCEPTED, example: EXAMPLE }]);
  const fromText = (text: string): Needs => {
    try {
      const jobs = readJson(text, 'needs', readJobs);
      if (jobs.size === 0) throw new NotAsAgreed('needs holds no job: `needs:` of this job is empty');
      return new Map([...jobs].map(([name, job]) => [name, { name, ...job, outputs: outputsOf(job) }]));
    } catch (error) {
      if (error instanceof NotAsAgreed) throw refuse(error.message);
      throw error;
    }
  };
  return {
    accepted: ACCEPTED,
    example: EXAMPLE,
    secret: false,
    fromText,
    fromYaml: (value) => {
      if (typeof value === 'string') return fromText(value);
      throw refuse(shown(value));
    },
  };
}
