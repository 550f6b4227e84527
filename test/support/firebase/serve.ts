import { extname } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { CloudAnswer, CloudRequest } from '../cloud-proxy.ts';
import { filledIn, matchRule } from './patterns.ts';
import type { Config, RewriteRule, Site, Version } from './state.ts';

/** What stands behind rewrites to Cloud Run and to functions. */
export type Backend = (rewrite: RewriteRule, request: CloudRequest) => CloudAnswer | Promise<CloudAnswer>;

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
};

const NO_SITE = '<!DOCTYPE html><title>Site Not Found</title><h1>Site Not Found</h1>';
const NO_PAGE = '<!DOCTYPE html><title>Page Not Found</title><h1>Page Not Found</h1>';

/**
 * Serves a version (full-config, "Priority order of Hosting responses"): redirects, files, rewrites, the site's own 404
 * page, Hosting's.
 *
 * @param version undefined: nothing serves here
 */
export async function serve(
  site: Site,
  version: Version | undefined,
  request: CloudRequest,
  backend: Backend,
): Promise<CloudAnswer> {
  if (version === undefined)
    return { status: 404, headers: { 'content-type': 'text/html; charset=utf-8' }, body: NO_SITE };
  const { config } = version;
  const path = decodeURIComponent(request.path);
  const redirect = redirectFor(config, path) ?? shapeFor(config, version, path);
  if (redirect !== undefined) return redirect;
  const answer = await contentFor(site, version, path, request, backend);
  const own = Object.assign(
    {},
    ...(config.headers ?? []).filter((rule) => matchRule(rule, path)).map((rule) => rule.headers),
  );
  return { ...answer, headers: { ...answer.headers, ...lowerCase(own) } };
}

function lowerCase(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function redirectFor(config: Config, path: string): CloudAnswer | undefined {
  for (const rule of config.redirects ?? []) {
    const caught = matchRule(rule, path);
    if (caught === undefined) continue;
    return { status: rule.statusCode ?? 301, headers: { location: filledIn(rule.location ?? '', caught) } };
  }
  return undefined;
}

const to = (location: string): CloudAnswer => ({ status: 301, headers: { location } });

/** Redirects by which cleanUrls and trailingSlash give each page one address. */
function shapeFor(
  { cleanUrls, trailingSlashBehavior: slash }: Config,
  { files }: Version,
  path: string,
): CloudAnswer | undefined {
  const isSlashed = path.endsWith('/');
  const bare = isSlashed ? path.slice(0, -1) : path;
  if (cleanUrls === true && files.has(path) && path.endsWith('.html')) {
    const clean = path.replace(/(\/index)?\.html$/, '') || '/';
    return to(slash === 'ADD' && clean !== '/' ? `${clean}/` : clean);
  }
  const isFolder = files.has(`${bare}/index.html`);
  const isPage = isFolder || (cleanUrls === true && files.has(`${bare}.html`));
  if (bare === '' || !isPage) return undefined;
  if (slash === 'REMOVE' && isSlashed) return to(bare);
  if (slash === 'ADD' && !isSlashed) return to(`${path}/`);
  return slash === undefined && isFolder && !isSlashed && cleanUrls !== true ? to(`${path}/`) : undefined;
}

async function contentFor(
  site: Site,
  version: Version,
  path: string,
  request: CloudRequest,
  backend: Backend,
): Promise<CloudAnswer> {
  const found = fileFor(version, path, request);
  if (found !== undefined) return file(site, version, found, 200, request);
  const rewrite = version.config.rewrites?.find((rule) => matchRule(rule, path));
  if (rewrite?.path !== undefined) {
    const target = fileFor(version, rewrite.path, request);
    if (target !== undefined) return file(site, version, target, 200, request);
  } else if (rewrite !== undefined) return await backend(rewrite, request);
  const own = fileFor(version, '/404.html', request);
  if (own !== undefined) return file(site, version, own, 404, request);
  return { status: 404, headers: { 'content-type': 'text/html; charset=utf-8' }, body: NO_PAGE };
}

/** The file for a path: its own, the page of a clean address, the index of a folder; before each, the localized ones. */
function fileFor({ files, config }: Version, path: string, request: CloudRequest): string | undefined {
  const bare = path.replace(/\/$/, '');
  const names = [path, ...(config.cleanUrls === true ? [`${bare}.html`] : []), `${bare}/index.html`];
  for (const prefix of [...localized(config, request), '']) {
    const found = names.find((name) => files.has(prefix + name));
    if (found !== undefined) return prefix + found;
  }
  return undefined;
}

/** Folders of languages and countries, most special first ("Configure internationalization rewrites"). */
function localized({ i18n }: Config, { headers }: CloudRequest): readonly string[] {
  if (i18n === undefined) return [];
  const root = `/${i18n.root.replace(/^\/|\/$/g, '')}`;
  const country = (headers['x-country-code'] ?? '').toLowerCase();
  const languages = (headers['accept-language'] ?? '')
    .split(',')
    .map((one) => (one.split(';', 1)[0] ?? '').trim().toLowerCase());
  const named = languages.filter((one) => /^[a-z]{2}(-[a-z]{2})?$/.test(one)).flatMap((one) => [one, one.slice(0, 2)]);
  return [
    ...(country === '' ? [] : named.map((one) => `${root}/${one}_${country}`)),
    ...(country === '' ? [] : [`${root}/ALL_${country}`]),
    ...named.flatMap((one) => [`${root}/${one}_ALL`, `${root}/${one}`]),
  ];
}

function file(site: Site, version: Version, path: string, status: number, request: CloudRequest): CloudAnswer {
  const hash = version.files.get(path) ?? '';
  const bytes = site.blobs.get(hash);
  if (bytes === undefined) throw new Error(`a final version without the content of ${path}`);
  const headers = {
    'content-type': TYPES[extname(path)] ?? 'application/octet-stream',
    'cache-control': 'max-age=3600',
    etag: `"${hash}"`,
    vary: 'x-fh-requested-host, accept-encoding',
  };
  const accepts = (request.headers['accept-encoding'] ?? '').includes('gzip');
  const body = request.method === 'HEAD' ? '' : accepts ? bytes : gunzipSync(bytes);
  return { status, headers: accepts ? { ...headers, 'content-encoding': 'gzip' } : headers, body };
}
