import { type Fault, shown } from '../../../runtime/errors.ts';
import { isMap } from '../../../runtime/yaml.ts';

/** What a rule is for: paths by a glob, or by an RE2 expression. Passed on as it is; Hosting reads it. */
export type Pattern = { readonly glob: string } | { readonly regex: string };

/** Where a rewrite leads, as firebase.json says it. */
export type Destination =
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'function'; readonly id: string; readonly region: string | undefined; readonly isPinned: boolean }
  | { readonly kind: 'run'; readonly service: string; readonly region: string; readonly isPinned: boolean }
  | { readonly kind: 'dynamic-links' };

export interface RewriteRule {
  readonly pattern: Pattern;
  readonly destination: Destination;
}

/** Cloud Run's and Functions' region where firebase.json names none. */
export const DEFAULT_REGION = 'us-central1';

/** Most rules of one kind; Hosting's own limits are lower, this one keeps a hostile file from becoming work. */
export const MOST_RULES = 5_000;

/** Faults that are named one by one. */
export const MOST_FAULTS = 10;

/** What is wrong with a file, as far as it was read. */
export interface Findings {
  /** How messages call the file. */
  readonly file: string;
  readonly faults: Fault[];
}

/** @returns nothing, so that what is refused has no value */
export function refuse(
  { file, faults }: Findings,
  at: string,
  given: unknown,
  accepted: string,
  example: string,
): undefined {
  if (faults.length >= MOST_FAULTS) return undefined;
  faults.push({
    code: 'PIPE-FIREBASE-002',
    what: `${file} is not acceptable at \`${at}\``,
    given: given === undefined ? 'nothing' : shown(given, 200),
    accepted,
    example,
    state: 'nothing was sent',
  });
  return undefined;
}

/** A list of rules under one key; those that are not acceptable are left out. */
export function rules<T>(
  value: Readonly<Record<string, unknown>>,
  key: string,
  at: string,
  found: Findings,
  read: (rule: Readonly<Record<string, unknown>>, at: string, found: Findings) => T | undefined,
): readonly T[] | undefined {
  const given = value[key];
  if (given === undefined) return undefined;
  if (!Array.isArray(given) || given.length > MOST_RULES) {
    refuse(found, `${at}.${key}`, given, `a list of at most ${MOST_RULES} rules`, `"${key}": []`);
    return undefined;
  }
  return given.flatMap((rule: unknown, index) => {
    const place = `${at}.${key}[${index}]`;
    const one = isMap(rule)
      ? read(rule, place, found)
      : refuse(found, place, rule, 'an object', '{"source": "/api/**", …}');
    return one === undefined ? [] : [one];
  });
}

/** `source` is firebase.json's old name of `glob`; where both are given, `glob` counts. */
function readPattern(rule: Readonly<Record<string, unknown>>, at: string, found: Findings): Pattern | undefined {
  const glob = rule['glob'] ?? rule['source'];
  const { regex } = rule;
  const isText = (value: unknown) => typeof value === 'string' && value !== '';
  if (isText(glob) && isText(regex)) {
    return refuse(found, at, 'a glob and a regex', 'one of `source`, `glob` and `regex`', '"source": "/api/**"');
  }
  if (typeof glob === 'string' && glob !== '') return { glob };
  if (typeof regex === 'string' && regex !== '') return { regex };
  return refuse(found, at, rule, 'one of `source`, `glob` and `regex`', '"source": "/api/**"');
}

export function readRewrite(
  rule: Readonly<Record<string, unknown>>,
  at: string,
  found: Findings,
): RewriteRule | undefined {
  const pattern = readPattern(rule, at, found);
  const destination = readDestination(rule, at, found);
  return pattern === undefined || destination === undefined ? undefined : { pattern, destination };
}

function readDestination(
  rule: Readonly<Record<string, unknown>>,
  at: string,
  found: Findings,
): Destination | undefined {
  const { destination, function: target, dynamicLinks, run } = rule;
  if (rule['region'] !== undefined && typeof target !== 'string') {
    return refuse(
      found,
      `${at}.region`,
      rule['region'],
      '`region` inside `function` or `run`',
      '"run": {"serviceId": "api", "region": "europe-west1"}',
    );
  }
  if (typeof destination === 'string' && destination !== '') return { kind: 'path', path: destination };
  if (typeof target === 'string' && target !== '') {
    return { kind: 'function', id: target, region: regionOf(rule['region']), isPinned: false };
  }
  if (isMap(target) && typeof target['functionId'] === 'string' && target['functionId'] !== '') {
    const isPinned = target['pinTag'] === true;
    return { kind: 'function', id: target['functionId'], region: regionOf(target['region']), isPinned };
  }
  if (dynamicLinks === true) return { kind: 'dynamic-links' };
  if (isMap(run) && typeof run['serviceId'] === 'string' && run['serviceId'] !== '') {
    const region = regionOf(run['region']) ?? DEFAULT_REGION;
    return { kind: 'run', service: run['serviceId'], region, isPinned: run['pinTag'] === true };
  }
  const accepted = 'one of `destination`, `function`, `run` and `dynamicLinks: true`';
  return refuse(
    found,
    at,
    rule,
    accepted,
    '{"source": "/api/**", "run": {"serviceId": "api", "region": "europe-west1"}}',
  );
}

function regionOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function readRedirect(
  rule: Readonly<Record<string, unknown>>,
  at: string,
  found: Findings,
): (Pattern & { readonly location: string; readonly statusCode?: number }) | undefined {
  const pattern = readPattern(rule, at, found);
  const { destination, type } = rule;
  const example = '{"source": "/old", "destination": "/new", "type": 301}';
  if (typeof destination !== 'string' || destination === '') {
    return refuse(found, `${at}.destination`, destination, 'a path or an address', example);
  }
  // 0 stands for nothing, as in Firebase's own program.
  const hasType = type !== undefined && type !== null && type !== 0;
  if (hasType && (typeof type !== 'number' || !Number.isInteger(type) || type < 300 || type > 399)) {
    return refuse(found, `${at}.type`, type, 'a status from 300 to 399', example);
  }
  if (pattern === undefined) return undefined;
  return { ...pattern, location: destination, ...(hasType && typeof type === 'number' ? { statusCode: type } : {}) };
}

export function readHeader(
  rule: Readonly<Record<string, unknown>>,
  at: string,
  found: Findings,
): (Pattern & { readonly headers: Readonly<Record<string, string>> }) | undefined {
  const pattern = readPattern(rule, at, found);
  const given = rule['headers'] ?? [];
  const example = '{"source": "**", "headers": [{"key": "X-Frame-Options", "value": "DENY"}]}';
  if (!Array.isArray(given)) return refuse(found, `${at}.headers`, given, 'a list of `key` and `value`', example);
  const pairs = given.map((header: unknown) => (isMap(header) ? [header['key'], header['value']] : []));
  const isRight = (pair: readonly unknown[]): pair is readonly [string, string] => {
    return pair.length === 2 && pair.every((part) => typeof part === 'string') && pair[0] !== '';
  };
  if (!pairs.every(isRight))
    return refuse(found, `${at}.headers`, given, 'a list of `key` and `value`, both texts', example);
  return pattern === undefined ? undefined : { ...pattern, headers: Object.fromEntries(pairs) };
}
