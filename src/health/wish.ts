import { ConfigurationError, shown } from '../runtime/errors.ts';
import { type Expectation, statusRanges } from './expectation.ts';
import type { HealthInputs } from './inputs.ts';
import { parseCondition } from './json-condition.ts';
import { parsePlace } from './version.ts';

/** Longest time for one probe, in milliseconds: a start that holds the first request is asked again. */
export const PROBE_LIMIT = 10_000;

/** The inputs that say what a good answer is. */
export type WishInputs = Pick<HealthInputs, 'status' | 'contains' | 'json' | 'version' | 'versionFrom' | 'redirects'>;

/** @throws ConfigurationError PIPE-HEALTH-001 what has the form of an input and no meaning */
export function expectationOf(given: WishInputs): Expectation {
  const status = statusRanges(given.status);
  if (status === undefined) throw unreadable('status', given.status, '200-299');
  const json = (given.json ?? []).map((line) => {
    const condition = parseCondition(line);
    if (condition === undefined) throw unreadable('json', line, 'status = "ok"');
    return condition;
  });
  const from = given.versionFrom === undefined ? undefined : parsePlace(given.versionFrom);
  const version = given.version === undefined ? undefined : { value: given.version, from };
  return { status, contains: given.contains ?? [], json, version, redirects: given.redirects };
}

/** What has the form of the input and no meaning: `299-200`, `lag < soon`. */
function unreadable(name: string, value: string, example: string): ConfigurationError {
  return new ConfigurationError({
    code: 'PIPE-HEALTH-001',
    what: `the input \`${name}\` is not acceptable`,
    given: shown(value),
    accepted:
      name === 'json'
        ? 'a path, an operator and a value of JSON; `<` and `>` compare numbers'
        : 'statuses, or ranges from the lower to the higher one',
    example: `\`${name}: ${example}\``,
    state: 'nothing was asked',
  });
}
