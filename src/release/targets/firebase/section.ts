import { type Fault, nearest, shown } from '../../../runtime/errors.ts';
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

/** The `hosting` section of firebase.json for one site (firebase.google.com/docs/hosting/full-config). */
export interface Section {
  readonly site: string | undefined;
  readonly target: string | undefined;
  readonly public: string | undefined;
  readonly ignore: readonly string[];
  readonly rewrites: readonly RewriteRule[] | undefined;
  readonly redirects: readonly (Pattern & { readonly location: string; readonly statusCode?: number })[] | undefined;
  readonly headers: readonly (Pattern & { readonly headers: Readonly<Record<string, string>> })[] | undefined;
  readonly cleanUrls: boolean | undefined;
  readonly trailingSlash: boolean | undefined;
  readonly appAssociation: 'AUTO' | 'NONE' | undefined;
  readonly i18n: { readonly root: string } | undefined;
  readonly predeploy: readonly string[];
  readonly postdeploy: readonly string[];
  /** Keys that Hosting does not know, for a warning. */
  readonly strangers: readonly { readonly key: string; readonly meant: string | undefined }[];
}

const KEYS = [
  'site',
  'target',
  'public',
  'source',
  'ignore',
  'rewrites',
  'redirects',
  'headers',
  'cleanUrls',
  'trailingSlash',
  'appAssociation',
  'i18n',
  'predeploy',
  'postdeploy',
  'frameworksBackend',
] as const;

/** Cloud Run's and Functions' region where firebase.json names none. */
export const DEFAULT_REGION = 'us-central1';

/** Most rules of one kind; Hosting's own limits are lower, this one keeps a hostile file from becoming work. */
const MOST_RULES = 5_000;

/** Faults that are named one by one. */
const MOST_FAULTS = 10;

class Findings {
  readonly faults: Fault[] = [];
  readonly file: string;
  constructor(file: string) {
    this.file = file;
  }
  add(at: string, given: unknown, accepted: string, example: string): undefined {
    if (this.faults.length >= MOST_FAULTS) return undefined;
    this.faults.push({
      code: 'PIPE-FIREBASE-002',
      what: `${this.file} is not acceptable at \`${at}\``,
      given: given === undefined ? 'nothing' : shown(given, 200),
      accepted,
      example,
      state: 'nothing was sent',
    });
    return undefined;
  }
}

/**
 * Reads one section.
 *
 * @param at where it stands: `hosting`, `hosting[1]`
 * @param file how messages call the file
 */
export function readSection(
  value: Readonly<Record<string, unknown>>,
  at: string,
  file: string,
): { readonly section: Section } | { readonly faults: readonly [Fault, ...Fault[]] } {
  const found = new Findings(file);
  const { site, target } = value;
  if (value['source'] !== undefined) {
    found.add(`${at}.source`, value['source'], 'a folder that is built already, as `public`', '"public": "dist"');
  }
  if (site !== undefined && target !== undefined) {
    found.add(at, 'both `site` and `target`', 'one of `site` and `target`', '"target": "shop"');
  }
  const section: Section = {
    site: text(value, 'site', at, found),
    target: text(value, 'target', at, found),
    public: text(value, 'public', at, found),
    ignore: texts(value['ignore'], `${at}.ignore`, found),
    rewrites: rules(value, 'rewrites', at, found, readRewrite),
    redirects: rules(value, 'redirects', at, found, readRedirect),
    headers: rules(value, 'headers', at, found, readHeader),
    cleanUrls: flag(value, 'cleanUrls', at, found),
    trailingSlash: flag(value, 'trailingSlash', at, found),
    appAssociation: association(value['appAssociation'], `${at}.appAssociation`, found),
    i18n: i18n(value['i18n'], `${at}.i18n`, found),
    predeploy: texts(value['predeploy'], `${at}.predeploy`, found),
    postdeploy: texts(value['postdeploy'], `${at}.postdeploy`, found),
    strangers: Object.keys(value)
      .filter((key) => !KEYS.some((known) => known === key))
      .slice(0, MOST_FAULTS)
      .map((key) => ({ key, meant: nearest(key, KEYS) })),
  };
  needsFiles(section, at, found);
  const [first, ...rest] = found.faults;
  return first === undefined ? { section } : { faults: [first, ...rest] };
}

/** Firebase's own rules about a section without a folder. */
function needsFiles(section: Section, at: string, found: Findings): void {
  if (section.public !== undefined) return;
  const folder = 'a folder of files in `public`';
  const isStatic = section.rewrites?.some(({ destination }) => destination.kind === 'path') === true;
  const isDynamic = section.rewrites?.some(({ destination }) => destination.kind !== 'path') === true;
  if (isStatic) found.add(`${at}.public`, undefined, `${folder}: a rewrite names a file`, '"public": "dist"');
  if (section.i18n !== undefined) found.add(`${at}.public`, undefined, `${folder}: i18n needs one`, '"public": "dist"');
  if (!isDynamic && (section.redirects ?? []).length === 0 && !isStatic) {
    found.add(`${at}.public`, undefined, `${folder}, or a redirect, or a rewrite to a function`, '"public": "dist"');
  }
}

function text(value: Readonly<Record<string, unknown>>, key: string, at: string, found: Findings): string | undefined {
  const given = value[key];
  if (given === undefined || (typeof given === 'string' && given !== '' && !given.includes('\0'))) return given;
  return found.add(`${at}.${key}`, given, 'a text', `"${key}": "shop"`);
}

function flag(value: Readonly<Record<string, unknown>>, key: string, at: string, found: Findings): boolean | undefined {
  const given = value[key];
  if (given === undefined || typeof given === 'boolean') return given;
  return found.add(`${at}.${key}`, given, '`true` or `false`', `"${key}": true`);
}

/** A text or a list of texts. */
function texts(given: unknown, at: string, found: Findings): readonly string[] {
  if (given === undefined) return [];
  const items: readonly unknown[] = Array.isArray(given) ? given : [given];
  if (items.length <= MOST_RULES && items.every((item) => typeof item === 'string')) return items;
  found.add(at, given, 'a list of texts', '["**/.*", "**/node_modules/**"]');
  return [];
}

function association(given: unknown, at: string, found: Findings): 'AUTO' | 'NONE' | undefined {
  if (given === undefined || given === 'AUTO' || given === 'NONE') return given;
  return found.add(at, given, '"AUTO" or "NONE"', '"appAssociation": "NONE"');
}

function i18n(given: unknown, at: string, found: Findings): { readonly root: string } | undefined {
  if (given === undefined) return undefined;
  const root = isMap(given) ? given['root'] : undefined;
  if (typeof root === 'string' && root !== '') return { root };
  return found.add(at, given, 'an object with `root`, a folder in `public`', '{"root": "/localized"}');
}

function rules<T>(
  value: Readonly<Record<string, unknown>>,
  key: string,
  at: string,
  found: Findings,
  read: (rule: Readonly<Record<string, unknown>>, at: string, found: Findings) => T | undefined,
): readonly T[] | undefined {
  const given = value[key];
  if (given === undefined) return undefined;
  if (!Array.isArray(given) || given.length > MOST_RULES) {
    found.add(`${at}.${key}`, given, `a list of at most ${MOST_RULES} rules`, `"${key}": []`);
    return undefined;
  }
  return given.flatMap((rule: unknown, index) => {
    const place = `${at}.${key}[${index}]`;
    const one = isMap(rule)
      ? read(rule, place, found)
      : found.add(place, rule, 'an object', '{"source": "/api/**", …}');
    return one === undefined ? [] : [one];
  });
}

/** `source` is firebase.json's old name of `glob`; where both are given, `glob` counts. */
function readPattern(rule: Readonly<Record<string, unknown>>, at: string, found: Findings): Pattern | undefined {
  const glob = rule['glob'] ?? rule['source'];
  const { regex } = rule;
  const isText = (value: unknown) => typeof value === 'string' && value !== '';
  if (isText(glob) && isText(regex)) {
    return found.add(at, 'a glob and a regex', 'one of `source`, `glob` and `regex`', '"source": "/api/**"');
  }
  if (typeof glob === 'string' && glob !== '') return { glob };
  if (typeof regex === 'string' && regex !== '') return { regex };
  return found.add(at, rule, 'one of `source`, `glob` and `regex`', '"source": "/api/**"');
}

function readRewrite(rule: Readonly<Record<string, unknown>>, at: string, found: Findings): RewriteRule | undefined {
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
    return found.add(
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
  return found.add(at, rule, accepted, '{"source": "/api/**", "run": {"serviceId": "api", "region": "europe-west1"}}');
}

function regionOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function readRedirect(
  rule: Readonly<Record<string, unknown>>,
  at: string,
  found: Findings,
): (Pattern & { readonly location: string; readonly statusCode?: number }) | undefined {
  const pattern = readPattern(rule, at, found);
  const { destination, type } = rule;
  const example = '{"source": "/old", "destination": "/new", "type": 301}';
  if (typeof destination !== 'string' || destination === '') {
    return found.add(`${at}.destination`, destination, 'a path or an address', example);
  }
  // 0 stands for nothing, as in Firebase's own program.
  const hasType = type !== undefined && type !== null && type !== 0;
  if (hasType && (typeof type !== 'number' || !Number.isInteger(type) || type < 300 || type > 399)) {
    return found.add(`${at}.type`, type, 'a status from 300 to 399', example);
  }
  if (pattern === undefined) return undefined;
  return { ...pattern, location: destination, ...(hasType && typeof type === 'number' ? { statusCode: type } : {}) };
}

function readHeader(
  rule: Readonly<Record<string, unknown>>,
  at: string,
  found: Findings,
): (Pattern & { readonly headers: Readonly<Record<string, string>> }) | undefined {
  const pattern = readPattern(rule, at, found);
  const given = rule['headers'] ?? [];
  const example = '{"source": "**", "headers": [{"key": "X-Frame-Options", "value": "DENY"}]}';
  if (!Array.isArray(given)) return found.add(`${at}.headers`, given, 'a list of `key` and `value`', example);
  const pairs = given.map((header: unknown) => (isMap(header) ? [header['key'], header['value']] : []));
  const isRight = (pair: readonly unknown[]): pair is readonly [string, string] => {
    return pair.length === 2 && pair.every((part) => typeof part === 'string') && pair[0] !== '';
  };
  if (!pairs.every(isRight))
    return found.add(`${at}.headers`, given, 'a list of `key` and `value`, both texts', example);
  return pattern === undefined ? undefined : { ...pattern, headers: Object.fromEntries(pairs) };
}
