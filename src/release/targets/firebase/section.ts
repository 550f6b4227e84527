import { type Fault, nearest } from '../../../runtime/errors.ts';
import { isMap } from '../../../runtime/yaml.ts';
import {
  type Findings,
  MOST_FAULTS,
  MOST_RULES,
  type Pattern,
  type RewriteRule,
  readHeader,
  readRedirect,
  readRewrite,
  refuse,
  rules,
} from './rules.ts';

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
  const found: Findings = { file, faults: [] };
  const { site, target } = value;
  if (value['source'] !== undefined) {
    refuse(found, `${at}.source`, value['source'], 'a folder that is built already, as `public`', '"public": "dist"');
  }
  if (site !== undefined && target !== undefined) {
    refuse(found, at, 'both `site` and `target`', 'one of `site` and `target`', '"target": "shop"');
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
  if (isStatic) refuse(found, `${at}.public`, undefined, `${folder}: a rewrite names a file`, '"public": "dist"');
  if (section.i18n !== undefined)
    refuse(found, `${at}.public`, undefined, `${folder}: i18n needs one`, '"public": "dist"');
  if (!isDynamic && (section.redirects ?? []).length === 0 && !isStatic) {
    refuse(
      found,
      `${at}.public`,
      undefined,
      `${folder}, or a redirect, or a rewrite to a function`,
      '"public": "dist"',
    );
  }
}

function text(value: Readonly<Record<string, unknown>>, key: string, at: string, found: Findings): string | undefined {
  const given = value[key];
  if (given === undefined || (typeof given === 'string' && given !== '' && !given.includes('\0'))) return given;
  return refuse(found, `${at}.${key}`, given, 'a text', `"${key}": "shop"`);
}

function flag(value: Readonly<Record<string, unknown>>, key: string, at: string, found: Findings): boolean | undefined {
  const given = value[key];
  if (given === undefined || typeof given === 'boolean') return given;
  return refuse(found, `${at}.${key}`, given, '`true` or `false`', `"${key}": true`);
}

/** A text or a list of texts. */
function texts(given: unknown, at: string, found: Findings): readonly string[] {
  if (given === undefined) return [];
  const items: readonly unknown[] = Array.isArray(given) ? given : [given];
  if (items.length <= MOST_RULES && items.every((item) => typeof item === 'string')) return items;
  refuse(found, at, given, 'a list of texts', '["**/.*", "**/node_modules/**"]');
  return [];
}

function association(given: unknown, at: string, found: Findings): 'AUTO' | 'NONE' | undefined {
  if (given === undefined || given === 'AUTO' || given === 'NONE') return given;
  return refuse(found, at, given, '"AUTO" or "NONE"', '"appAssociation": "NONE"');
}

function i18n(given: unknown, at: string, found: Findings): { readonly root: string } | undefined {
  if (given === undefined) return undefined;
  const root = isMap(given) ? given['root'] : undefined;
  if (typeof root === 'string' && root !== '') return { root };
  return refuse(found, at, given, 'an object with `root`, a folder in `public`', '{"root": "/localized"}');
}
