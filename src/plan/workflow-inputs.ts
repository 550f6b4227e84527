import { ConfigurationError, type Fault, nearest, shown } from '../runtime/errors.ts';
import { type Kind, Refused } from '../runtime/kinds.ts';
import { isMap } from '../runtime/yaml.ts';

/** The inputs with which a workflow was called, by name. */
export type WorkflowInputs = Readonly<Record<string, string | number | boolean>>;

const EXAMPLE = '{"working-directory": ".", "deploy": "none"}';
const ACCEPTED = 'the inputs of the workflow as JSON, `toJSON(inputs)`';

/** The input `workflow-inputs`: a JSON object of texts, numbers and booleans. */
export function workflowInputsKind(): Kind<WorkflowInputs> {
  const read = (value: unknown, at: string): WorkflowInputs => {
    if (isMap(value) && Object.values(value).every(isScalar)) return value as WorkflowInputs;
    throw new Refused([{ at, given: shown(value), accepted: ACCEPTED, example: EXAMPLE }]);
  };
  return {
    accepted: ACCEPTED,
    example: EXAMPLE,
    secret: false,
    fromText: (text) => {
      try {
        return read(JSON.parse(text), '');
      } catch (error) {
        if (!(error instanceof SyntaxError)) throw error;
        throw new Refused([
          { at: '', given: `${shown(text)}; ${error.message.slice(0, 120)}`, accepted: ACCEPTED, example: EXAMPLE },
        ]);
      }
    },
    fromYaml: read,
  };
}

function isScalar(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || value === null;
}

const TARGETS = ['none', 'cloud-run', 'firebase', 'vercel'];

/** Inputs that are declared from the start and work in a later version. */
const NOT_YET = ['url', 'environment', 'environments', 'project', 'region', 'deploy-settings'];
/** The same, where `off` asks for just what this version does. */
const NOT_YET_OR_OFF = ['smoke', 'health'];

/**
 * What a workflow was asked for and can't do: unknown values, and what is declared but not available yet. Nothing that
 * a caller asks for is ever left out silently.
 *
 * @throws ConfigurationError PIPE-PLAN-020 an unknown `deploy`, PIPE-PLAN-021 each input that is not available yet
 */
export function checkWorkflowInputs(inputs: WorkflowInputs): void {
  const given = (name: string) => String(inputs[name] ?? '').trim();
  const deploy = given('deploy');
  const faults: Fault[] = [];
  if (deploy !== '' && !TARGETS.includes(deploy)) faults.push(unknownTarget(deploy));
  else if (deploy !== '' && deploy !== 'none') faults.push(notAvailable('deploy', deploy, '`none`'));
  for (const name of NOT_YET) if (given(name) !== '') faults.push(notAvailable(name, given(name), 'nothing'));
  for (const name of NOT_YET_OR_OFF) {
    if (given(name) !== '' && given(name) !== 'off') faults.push(notAvailable(name, given(name), 'nothing, or `off`'));
  }
  if (faults.length > 0) throw new ConfigurationError(faults);
}

/** Whether a workflow was asked for what the plan itself does not check: a job of its own does. */
export function asksFor(subject: string, inputs: WorkflowInputs): boolean {
  const given = (name: string) => String(inputs[name] ?? '').trim();
  if (subject === 'image') return given('image') !== 'off' && (given('image') !== '' || given('registry') !== '');
  return subject === 'migration' && given('migrate') !== 'off' && given('migrate') !== '';
}

function unknownTarget(given: string): Fault {
  const meant = nearest(given, TARGETS);
  return {
    code: 'PIPE-PLAN-020',
    what: 'the input `deploy` names no target',
    given: shown(given),
    accepted: `${meant === undefined ? '' : `\`${meant}\` (nearest), or another of: `}${TARGETS.join(', ')}`,
    example: '`deploy: none`',
    state: 'nothing was run',
  };
}

function notAvailable(name: string, given: string, accepted: string): Fault {
  return {
    code: 'PIPE-PLAN-021',
    what: `the input \`${name}\` is declared but not available yet in this version`,
    given: shown(given),
    accepted,
    remedy: 'leave it out; what is checked without it is in the table',
    state: 'nothing was deployed, pushed or migrated',
  };
}
