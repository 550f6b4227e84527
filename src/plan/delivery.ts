import { ConfigurationError, type Fault, nearest, shown } from '../runtime/errors.ts';
import { jsonMap } from '../runtime/json.ts';
import type { Decision } from './types.ts';
import type { WorkflowInputs } from './workflow-inputs.ts';

/** What started the run. */
export interface Trigger {
  /** `push`, `pull_request`… */
  readonly event: string;
  /** Branch or tag without `refs/…/`. */
  readonly ref: string;
}

/** What a run will do beyond its checks. */
export interface Delivery {
  readonly decisions: readonly Decision[];
  /** Lines of the Definition of Done that have to have a result, as `require` names them. */
  readonly lines: readonly string[];
}

const NOTHING: Delivery = { decisions: [], lines: [] };

/** The targets of each workflow that deploys; another one has none of these inputs. */
const TARGETS: Readonly<Record<string, readonly string[]>> = {
  'node-service': ['none', 'cloud-run'],
  'web-app': ['firebase', 'vercel'],
};
const ALL_TARGETS = ['none', 'cloud-run', 'firebase', 'vercel'];

/**
 * What a workflow was asked to deliver, checked before anything runs: a value that can't be used is told minutes before
 * the job that would stumble over it.
 *
 * @param workflow bare name of the workflow file, `node-service`
 * @throws ConfigurationError PIPE-PLAN-020 an unknown or unfit `deploy`, PIPE-PLAN-022 no environment to deploy to,
 * PIPE-PLAN-023 `environments` that can't be used, PIPE-PLAN-024 an input that the target needs, PIPE-PLAN-025 a `url`
 * that is none or beside `deploy`
 */
export function plannedDelivery(inputs: WorkflowInputs, workflow: string, trigger: Trigger): Delivery {
  const given = (name: string) => String(inputs[name] ?? '').trim();
  const deploy = given('deploy') === '' ? 'none' : given('deploy');
  const environments = readEnvironments(given('environments'));
  const faults = [
    ...targetFaults(deploy, TARGETS[workflow] ?? ALL_TARGETS),
    ...('fault' in environments ? [environments.fault] : []),
    ...environmentFaults(deploy, given('environment'), given('environments')),
    ...(deploy === 'cloud-run' ? cloudRunFaults(given) : []),
    ...urlFaults(deploy, given('url')),
  ];
  if (faults.length > 0) throw new ConfigurationError(faults);
  if (trigger.event !== 'push') return NOTHING;
  const isMapped = 'map' in environments && Object.hasOwn(environments.map, trigger.ref);
  const byBranch = isMapped ? (environments.map[trigger.ref] ?? '') : '';
  const environment = given('environment') === '' ? byBranch : given('environment');
  return deliveryTo(environment, deploy, given, trigger);
}

/** Whether a workflow was asked for what the plan itself does not check: a job of its own does. */
export function asksFor(subject: string, inputs: WorkflowInputs): boolean {
  const given = (name: string) => String(inputs[name] ?? '').trim();
  if (subject === 'image') return given('image') !== 'off' && (given('image') !== '' || given('registry') !== '');
  return subject === 'migration' && given('migrate') !== 'off' && given('migrate') !== '';
}

type Given = (name: string) => string;

function deliveryTo(environment: string, deploy: string, given: Given, { ref }: Trigger): Delivery {
  const isOn = (name: string) => given(name) !== 'off';
  const image = given('registry') !== '' && isOn('image') ? ['image', 'tag'] : [];
  const smoke = isOn('smoke') ? ['smoke'] : [];
  if (deploy === 'none') {
    const migration = isAsked(given, environment) ? ['migration'] : [];
    return given('url') === ''
      ? { decisions: [], lines: image }
      : { decisions: [], lines: [...image, ...migration, ...smoke] };
  }
  if (environment === '') {
    const decision = {
      subject: 'deployment',
      decision: 'nothing is deployed',
      reason: `\`environments\` does not name ${ref}`,
    };
    return { decisions: [decision], lines: image };
  }
  const from = given('environment') === '' ? `\`environments\` maps ${ref}` : '`environment` names it';
  return {
    decisions: [{ subject: 'deployment', decision: `${deploy}, environment ${environment}`, reason: from }],
    lines: [...image, ...(isAsked(given, environment) ? ['migration'] : []), 'deployment', ...smoke, 'promotion'],
  };
}

/** Migrations are applied where the input asks for it, and not on a branch that has no environment. */
function isAsked(given: Given, environment: string): boolean {
  return asksFor('migration', { migrate: given('migrate') }) && (given('environments') === '' || environment !== '');
}

function targetFaults(deploy: string, targets: readonly string[]): Fault[] {
  if (targets.includes(deploy)) return [];
  const elsewhere = Object.entries(TARGETS).find(([, theirs]) => theirs.includes(deploy))?.[0];
  const meant = nearest(deploy, targets);
  return [
    {
      code: 'PIPE-PLAN-020',
      what: `the input \`deploy\` names no target${elsewhere === undefined ? '' : ' of this workflow'}`,
      given: shown(deploy),
      accepted: `${meant === undefined ? '' : `\`${meant}\` (nearest), or another of: `}${targets.join(', ')}`,
      example: `\`deploy: ${targets[0] ?? 'none'}\``,
      ...(elsewhere === undefined ? {} : { remedy: `call \`${elsewhere}.yml\`, which deploys to ${deploy}` }),
      state: 'nothing was run',
    },
  ];
}

function environmentFaults(deploy: string, environment: string, environments: string): Fault[] {
  const example = '`environments: \'{"main": "staging"}\'`';
  const accepted = '`environment`, one name for every branch, or `environments`, a JSON map from branch to name';
  const state = 'nothing was run';
  if (environment !== '' && environments !== '') {
    const what = '`environment` and `environments` are both given';
    return [
      { code: 'PIPE-PLAN-022', what, given: shown(environment), accepted: `${accepted}, not both`, example, state },
    ];
  }
  if (deploy === 'none' || environment !== '' || environments !== '') return [];
  const what = '`deploy` is given and no environment to deploy to';
  return [{ code: 'PIPE-PLAN-022', what, given: `\`deploy: ${deploy}\``, accepted, example, state }];
}

const MOST_BRANCHES = 100;

/** GitHub's form of an environment's name is wider; this is what fits a group, a marker and a file name. */
const ENVIRONMENT = /^[A-Za-z0-9][A-Za-z0-9 ._/-]{0,254}$/;

function readEnvironments(
  text: string,
): { readonly map: Readonly<Record<string, string>> } | { readonly fault: Fault } | Record<never, never> {
  if (text === '') return {};
  // Not JSON is told like any other form that can't be used.
  const map = jsonMap(text);
  const names = map === undefined ? [] : Object.values(map);
  const isOne = (name: unknown): name is string => typeof name === 'string' && (name === '' || ENVIRONMENT.test(name));
  if (names.length > 0 && names.length <= MOST_BRANCHES && names.every(isOne)) {
    return { map: map as Readonly<Record<string, string>> };
  }
  return {
    fault: {
      code: 'PIPE-PLAN-023',
      what: 'the input `environments` can not be used',
      given: shown(text, 200),
      accepted: `a JSON map from branch to the name of an environment, 1 to ${MOST_BRANCHES} branches; JSON because GitHub's expressions read nothing else`,
      example: '{"main": "staging", "develop": "development"}',
      state: 'nothing was run',
    },
  };
}

function cloudRunFaults(given: Given): Fault[] {
  const examples: Readonly<Record<string, string>> = {
    registry: 'europe-west1-docker.pkg.dev/acme/apps',
    region: 'europe-west1',
    service: 'api',
  };
  const missing = Object.entries(examples).filter(([name]) => given(name) === '');
  const faults = missing.map(([name, example]): Fault => {
    return {
      code: 'PIPE-PLAN-024',
      what: `\`deploy: cloud-run\` needs the input \`${name}\``,
      given: 'nothing',
      accepted: name === 'registry' ? 'a registry from which Cloud Run can pull' : `the ${name} at Google Cloud`,
      example: `\`${name}: ${example}\``,
      state: 'nothing was run',
    };
  });
  if (given('image') !== 'off') return faults;
  const what = '`deploy: cloud-run` deploys the image that this run builds, and `image` is off';
  const accepted = 'a map of inputs of `image`, or nothing';
  return [...faults, { code: 'PIPE-PLAN-024', what, given: '`image: off`', accepted, state: 'nothing was run' }];
}

function urlFaults(deploy: string, url: string): Fault[] {
  if (url === '') return [];
  const isAddress = URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
  if (isAddress && deploy === 'none') return [];
  return [
    {
      code: 'PIPE-PLAN-025',
      what: isAddress ? '`url` is for what is deployed by other means' : 'the input `url` is no address',
      given: isAddress ? `\`deploy: ${deploy}\` and a \`url\`` : shown(url),
      accepted: isAddress ? '`deploy: none` with a `url`, or `deploy` without one' : 'an http or https address',
      example: '`url: https://staging.example.com`',
      state: 'nothing was run',
    },
  ];
}
