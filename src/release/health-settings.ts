import { inputs } from '../health/inputs.ts';
import { either, shape } from '../runtime/collections.ts';
import { enumeration, type ValueOf } from '../runtime/kinds.ts';

const example = '{path: /healthz, consecutive: 3, timeout: 2m}';

/**
 * How health is looked at: the inputs of the action `health`, or `off`. Not its `url`, which the platform knows, and not
 * its `headers`, which hold credentials.
 */
export const healthKind = either(
  [
    enumeration(['off']),
    shape(
      {
        path: inputs.path.kind,
        status: inputs.status.kind,
        consecutive: inputs.consecutive.kind,
        timeout: inputs.timeout.kind,
        interval: inputs.interval.kind,
        'max-latency': inputs['max-latency'].kind,
        contains: inputs.contains.kind,
        json: inputs.json.kind,
        version: inputs.version.kind,
        'version-from': inputs['version-from'].kind,
        redirects: inputs.redirects.kind,
      },
      { example },
    ),
  ],
  { example },
);

export type HealthSettings = Exclude<ValueOf<typeof healthKind>, 'off'>;
