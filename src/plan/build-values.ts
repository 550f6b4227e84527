import { either, record } from '../runtime/collections.ts';
import { ConfigurationError, type Fault, shown } from '../runtime/errors.ts';
import { jsonMap } from '../runtime/json.ts';
import { type Kind, Refused, string } from '../runtime/kinds.ts';
import type { Trigger } from './delivery.ts';
import type { Decision } from './types.ts';
import type { WorkflowInputs } from './workflow-inputs.ts';

/** The values that are baked into the build of one run. */
export interface BuildValues {
  readonly values: Readonly<Record<string, string>>;
  /** The one environment that the build is good for; empty where it is good for every one. */
  readonly builtFor: string;
  /** As the table says it. */
  readonly told: string;
  readonly decision: Decision | undefined;
}

/** What a build gets that is deployed to no environment: pull requests, and branches that are not mapped. */
export const PREVIEW = 'preview';

const EXAMPLE = 'PUBLIC_API: https://api.example.com';
const BY_ENVIRONMENT =
  'PUBLIC_API: {preview: https://api.staging.example.com, staging: https://api.staging.example.com}';

const value = string({ example: 'https://api.example.com', limit: 8_192 });
const NAME = /^(?!ACTIONS_|INPUT_|GITHUB_|RUNNER_|STATE_)[A-Za-z_][A-Za-z0-9_]{0,127}$/;

const buildEnvKind: Kind<ReadonlyMap<string, string | ReadonlyMap<string, string>>> = record(
  either([value, record(value, { example: '{staging: https://api.staging.example.com}' })], { example: EXAMPLE }),
  {
    ...{ example: EXAMPLE, names: NAME, max: 100 },
    accepted: 'a YAML map from variable to value, or to a map from environment to value',
  },
);

/**
 * What the workflow's input `build-env` gives the build of this run. A variable with one value is the same everywhere: the
 * build is made once, and what was tried is what is promoted. One whose values differ between environments is good for
 * one of them alone.
 *
 * @throws ConfigurationError PIPE-PLAN-026 it can't be read, or has no value for the environment of this run
 */
export async function buildValues(inputs: WorkflowInputs, trigger: Trigger): Promise<BuildValues> {
  const text = String(inputs['build-env'] ?? '').trim();
  if (text === '') return { values: {}, builtFor: '', told: '', decision: undefined };
  const environment = environmentOf(inputs, trigger);
  const given = [...(await read(text))];
  const missing = given.filter(([, each]) => typeof each !== 'string' && !each.has(environment)).map(([name]) => name);
  if (missing.length > 0) throw new ConfigurationError(missing.map((name) => withoutValue(name, environment)));
  const values = given.map(([name, each]) => [name, typeof each === 'string' ? each : (each.get(environment) ?? '')]);
  const differing = given.filter(([, each]) => typeof each !== 'string' && new Set(each.values()).size > 1);
  const names = differing.map(([name]) => name).join(', ');
  const isOnce = differing.length === 0;
  const decision = isOnce ? 'once' : `for ${environment} alone`;
  const reason = isOnce
    ? 'no value of `build-env` differs between environments: what is tried is what is promoted'
    : `${names} ${differing.length === 1 ? 'differs' : 'differ'} between environments: each has a build of its own`;
  return {
    values: Object.fromEntries(values),
    builtFor: isOnce ? '' : environment,
    told: `${decision}: ${reason.replaceAll('`', '')}`,
    decision: { subject: 'one build', decision, reason },
  };
}

async function read(text: string): Promise<ReadonlyMap<string, string | ReadonlyMap<string, string>>> {
  try {
    return await buildEnvKind.fromText(text, { workspace: '' });
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    throw new ConfigurationError(
      error.refusals.map(({ at, given, accepted, example }): Fault => {
        return {
          code: 'PIPE-PLAN-026',
          what: `the input \`build-env\` can not be used${at === '' ? '' : ` at \`${at}\``}`,
          ...{ given, accepted, example, state: 'nothing was run' },
        };
      }),
    );
  }
}

/** The environment that this run deploys to, as `environment` or `environments` name it. */
function environmentOf(inputs: WorkflowInputs, { event, ref }: Trigger): string {
  if (event !== 'push') return PREVIEW;
  const one = String(inputs['environment'] ?? '').trim();
  if (one !== '') return one;
  const map = jsonMap(String(inputs['environments'] ?? '')) ?? {};
  const found = Object.hasOwn(map, ref) ? map[ref] : undefined;
  return typeof found === 'string' && found !== '' ? found : PREVIEW;
}

function withoutValue(name: string, environment: string): Fault {
  return {
    code: 'PIPE-PLAN-026',
    what: `\`build-env\` has no value of ${name} for ${environment}`,
    given: shown(environment),
    accepted: `a value for every environment that is built for, and for \`${PREVIEW}\`: pull requests and branches without an environment`,
    example: `\`${BY_ENVIRONMENT}\``,
    state: 'nothing was run',
  };
}
