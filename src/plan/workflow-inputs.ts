import { printable, shown } from '../runtime/errors.ts';
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
          {
            at: '',
            given: `${shown(text)}; ${printable(error.message.slice(0, 120))}`,
            accepted: ACCEPTED,
            example: EXAMPLE,
          },
        ]);
      }
    },
    fromYaml: read,
  };
}

function isScalar(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || value === null;
}
