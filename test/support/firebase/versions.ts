import { Refusal } from './refusal.ts';
import {
  type Config,
  type Hosting,
  inUse,
  type Labels,
  type RewriteRule,
  type Rule,
  type Site,
  stamp,
  type Version,
} from './state.ts';

const INVALID = 'Request contains an invalid argument.';

/** Google's rules for labels. */
export function checkLabels(labels: Labels): Labels {
  const entries = Object.entries(labels);
  const isRight = entries.every(
    ([key, value]) => /^[a-z][a-z0-9_-]{0,62}$/.test(key) && /^[a-z0-9_-]{0,63}$/.test(value),
  );
  if (!isRight || entries.length > 64) throw new Refusal('INVALID_ARGUMENT', INVALID);
  return labels;
}

/** Which Cloud Run services there are: a rewrite to another one is refused. */
export type HasService = (service: string, region: string, tag: string | undefined) => boolean;

export function checkConfig(config: Config, hasService: HasService): Config {
  const { rewrites = [], redirects = [], headers = [] } = config;
  for (const rule of [...rewrites, ...redirects, ...headers]) checkPattern(rule);
  for (const rewrite of rewrites) checkRewrite(rewrite, hasService);
  for (const { statusCode = 301, location } of redirects) {
    const isRight = statusCode >= 300 && statusCode < 400 && location !== undefined;
    if (!isRight) throw new Refusal('INVALID_ARGUMENT', INVALID);
  }
  return config;
}

function checkPattern({ glob, regex }: Rule): void {
  if ((glob === undefined) === (regex === undefined)) throw new Refusal('INVALID_ARGUMENT', INVALID);
  if (regex !== undefined) checkRegex(regex);
}

function checkRewrite({ path, function: target, run, dynamicLinks }: RewriteRule, hasService: HasService): void {
  const kinds = [path, target, run, dynamicLinks].filter((kind) => kind !== undefined);
  if (kinds.length !== 1) throw new Refusal('INVALID_ARGUMENT', INVALID);
  if (run !== undefined && !hasService(run.serviceId, run.region ?? 'us-central1', run.tag)) {
    throw new Refusal('FAILED_PRECONDITION', 'Precondition check failed.');
  }
}

function checkRegex(regex: string): void {
  try {
    new RegExp(regex.replaceAll('(?P<', '(?<'));
  } catch {
    throw new Refusal('INVALID_ARGUMENT', INVALID);
  }
  // RE2 has neither.
  if (/\(\?<?[=!]|\\[1-9]/.test(regex)) throw new Refusal('INVALID_ARGUMENT', INVALID);
}

export function populate(site: Site, version: Version, files: Labels): readonly string[] {
  if (version.status !== 'CREATED') throw new Refusal('FAILED_PRECONDITION', 'Version is not in CREATED state.');
  for (const [path, hash] of Object.entries(files)) {
    if (!path.startsWith('/') || !/^([0-9a-f]{64})?$/.test(hash)) throw new Refusal('INVALID_ARGUMENT', INVALID);
  }
  for (const [path, hash] of Object.entries(files)) {
    if (hash === '') version.files.delete(path);
    else version.files.set(path, hash);
  }
  return [...new Set(Object.values(files))].filter((hash) => hash !== '' && !site.blobs.has(hash));
}

/** Changes a version as sites.versions.patch does: the mask says what, and nothing of a final one but its labels. */
export function patchVersion(
  hosting: Hosting,
  site: Site,
  version: Version,
  mask: readonly string[],
  body: { readonly status?: string; readonly config?: Config; readonly labels?: Labels },
  hasService: HasService,
): void {
  const unknown = mask.find((field) => !['status', 'config', 'labels'].includes(field));
  if (unknown !== undefined) throw new Refusal('INVALID_ARGUMENT', `Invalid field mask: ${unknown}`);
  if (version.status !== 'CREATED' && (mask.includes('status') || mask.includes('config'))) {
    throw new Refusal('FAILED_PRECONDITION', `Invalid state transition from ${version.status}.`);
  }
  const config = mask.includes('config') ? checkConfig(body.config ?? {}, hasService) : version.config;
  const labels = mask.includes('labels') ? checkLabels(body.labels ?? {}) : version.labels;
  if (mask.includes('status')) {
    if (body.status !== 'FINALIZED')
      throw new Refusal('FAILED_PRECONDITION', `Invalid state transition to ${body.status}.`);
    const missing = [...version.files.values()].filter((hash) => !site.blobs.has(hash));
    if (missing.length > 0) throw new Refusal('FAILED_PRECONDITION', 'Version has files that were not uploaded.');
    version.status = 'FINALIZED';
    version.finalizeTime = stamp(hosting);
  }
  version.config = config;
  version.labels = labels;
  trim(hosting, site);
}

/** Old versions go when the site keeps no more. */
function trim(hosting: Hosting, site: Site): void {
  if (site.maxVersions === undefined) return;
  const used = inUse(site);
  const final = [...site.versions.values()].filter(({ status }) => status === 'FINALIZED');
  const old = final.slice(0, Math.max(0, final.length - site.maxVersions)).filter(({ id }) => !used.has(id));
  for (const version of old) deleteVersion(hosting, site, version);
}

export function deleteVersion(hosting: Hosting, site: Site, version: Version): void {
  if (inUse(site).has(version.id)) {
    throw new Refusal('FAILED_PRECONDITION', 'Cannot delete a version that is currently released.');
  }
  version.status = 'DELETED';
  version.deleteTime = stamp(hosting);
  version.files.clear();
}

/** `status="FINALIZED"`, also with AND; fields `name`, `status` and `create_time`. */
export function filterOf(filter: string): (version: Version) => boolean {
  const parts = filter.trim() === '' ? [] : filter.trim().split(/\s+AND\s+/);
  const tests = parts.map((part) => {
    const [, field, operator = '=', value = ''] =
      /^(name|status|create_time)\s*(=|!=|<|>|<=|>=)\s*"([^"]*)"$/.exec(part) ?? [];
    if (field === undefined) throw new Refusal('INVALID_ARGUMENT', `Invalid filter: ${filter}`);
    return (version: Version) => {
      const held = field === 'status' ? version.status : field === 'name' ? version.id : version.createTime;
      if (operator === '=') return held === value;
      if (operator === '!=') return held !== value;
      return operator.startsWith('<') ? held < value : held > value;
    };
  });
  return (version) => tests.every((test) => test(version));
}
