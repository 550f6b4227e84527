import { createHash } from 'node:crypto';
import { installGoogleDocuments } from '../../../tools/registry/install.ts';
import type { CloudAnswer, CloudRequest, CloudService } from '../cloud-proxy.ts';
import { type Description, readDescription } from '../google-discovery.ts';
import { METHODS } from './methods.ts';
import { Refusal } from './refusal.ts';
import { type Backend, serve } from './serve.ts';
import { age, createSite, type Hosting, type Project, type Site } from './state.ts';
import type { HasService } from './versions.ts';

/** What a token may do. */
export type Access = 'nobody' | 'nothing' | 'everything';

export interface HostingOptions {
  /** What the bearer of a token may do in a project, by its id. */
  readonly access: (token: string, project: string) => Access;
  /** Which Cloud Run services there are; default: every one. */
  readonly hasService?: HasService;
  /** What stands behind rewrites to Cloud Run and functions; default: an answer that says what was asked for. */
  readonly backend?: Backend;
}

/** Firebase Hosting, standing in for the real one. */
export interface FirebaseHosting {
  readonly services: Readonly<Record<string, CloudService>>;
  readonly state: Hosting;
  /** A project with a default site of its name. */
  readonly addProject: (id: string, sites?: readonly string[]) => Project;
  /** Bytes that were uploaded, compressed, by site. */
  readonly uploaded: { bytes: number; files: number };
}

const API = 'firebasehosting.googleapis.com';
const UPLOADS = 'upload-firebasehosting.googleapis.com';

/** A header by which a plain front says where it is: clients that know no proxy upload there. */
export const FRONT = 'x-test-front';

export async function createFirebaseHosting(options: HostingOptions): Promise<FirebaseHosting> {
  const description = await readDescription(await installGoogleDocuments(), 'firebasehosting.v1beta1');
  const state: Hosting = { projects: new Map(), operations: new Map(), channelLimit: 50, ahead: 0, serial: 0 };
  const uploaded = { bytes: 0, files: 0 };
  const page: CloudService = (request) => serveHost(state, request, options.backend ?? echo);
  return {
    state,
    uploaded,
    addProject: (id, sites = []) => {
      const number = String(100_000_000_000 + state.projects.size);
      const all = [createSite(id, 'DEFAULT_SITE'), ...sites.map((site) => createSite(site, 'USER_SITE'))];
      const project = { id, number, sites: new Map(all.map((site) => [site.id, site])) };
      state.projects.set(id, project);
      return project;
    },
    services: {
      [API]: (request) => answered(() => call(description, state, request, options)),
      [UPLOADS]: (request) => answered(() => upload(state, request, options, uploaded)),
      '*.web.app': page,
      '*.firebaseapp.com': page,
    },
  };
}

function answered(work: () => CloudAnswer): CloudAnswer {
  try {
    return work();
  } catch (error) {
    if (error instanceof Refusal) return error.answer;
    throw error;
  }
}

function call(description: Description, state: Hosting, request: CloudRequest, options: HostingOptions): CloudAnswer {
  const found = description.find(request.method, request.path);
  // Google's front answers with a page, not with JSON.
  if (found === undefined) return { status: 404, body: '<!DOCTYPE html><title>Error 404 (Not Found)!!1</title>' };
  const { method, names } = found;
  allow(state, request, names['projectsId'], names['sitesId'], options);
  const body = bodyOf(request);
  const fault = description.queryFault(method, request.query) ?? description.bodyFault(method, body);
  if (fault !== undefined) throw new Refusal('INVALID_ARGUMENT', fault);
  const id = method.id.replace(/^firebasehosting\./, '');
  const run = METHODS[id] ?? METHODS[id.replace(/^projects\./, '')];
  if (run === undefined) throw new Error(`${method.id} is not played`);
  const uploads = request.headers[FRONT] ?? `https://${UPLOADS}`;
  const hasService = options.hasService ?? (() => true);
  return { status: 200, body: run({ hosting: state, names, request, body: body ?? {}, hasService, uploads }) };
}

function bodyOf({ body, headers }: CloudRequest): Readonly<Record<string, unknown>> | undefined {
  if (body.length === 0) return undefined;
  if (headers['content-type']?.startsWith('application/json') !== true) {
    throw new Refusal('INVALID_ARGUMENT', 'Invalid JSON payload received. Unexpected content type.');
  }
  try {
    return JSON.parse(body.toString('utf8')) as Readonly<Record<string, unknown>>;
  } catch {
    throw new Refusal('INVALID_ARGUMENT', 'Invalid JSON payload received. Parsing error.');
  }
}

function allow(
  state: Hosting,
  { headers }: CloudRequest,
  projectName: string | undefined,
  siteName: string | undefined,
  { access }: HostingOptions,
): void {
  const token = /^Bearer (.+)$/.exec(headers['authorization'] ?? '')?.[1];
  const projects = [...state.projects.values()];
  const project = projects.find(({ id, number, sites }) => {
    return id === projectName || number === projectName || (siteName !== undefined && sites.has(siteName));
  });
  const may = token === undefined ? 'nobody' : access(token, project?.id ?? projectName ?? '');
  if (may === 'nobody') {
    const message =
      'Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.';
    throw new Refusal('UNAUTHENTICATED', message);
  }
  if (may === 'nothing') throw new Refusal('PERMISSION_DENIED', 'The caller does not have permission');
}

/** A file by the hash of its compressed bytes, which are checked. */
function upload(
  state: Hosting,
  request: CloudRequest,
  options: HostingOptions,
  uploaded: { bytes: number; files: number },
): CloudAnswer {
  const [, siteName = '', versionId = '', hash = ''] =
    /^\/upload\/sites\/([^/]+)\/versions\/([^/]+)\/files\/([^/]+)$/.exec(request.path) ?? [];
  if (request.method !== 'POST' || hash === '') return { status: 404, body: 'Not Found' };
  allow(state, request, undefined, siteName, options);
  const site = sites(state).find(({ id }) => id === siteName);
  const version = site?.versions.get(versionId);
  if (site === undefined || version === undefined) throw new Refusal('NOT_FOUND', 'Requested entity was not found.');
  if (version.status !== 'CREATED') return { status: 400, body: 'The version is not open for uploads.' };
  if (![...version.files.values()].includes(hash))
    return { status: 400, body: 'The content hash is not one of this version.' };
  const actual = createHash('sha256').update(request.body).digest('hex');
  if (actual !== hash) return { status: 400, body: `The provided content hash ${hash} does not match ${actual}.` };
  if (request.body.readUInt16BE(0) !== 0x1f8b) return { status: 400, body: 'The content is not gzip.' };
  site.blobs.set(hash, request.body);
  uploaded.bytes += request.body.length;
  uploaded.files += 1;
  return { status: 200, body: '' };
}

function sites(state: Hosting): readonly Site[] {
  return [...state.projects.values()].flatMap((project) => [...project.sites.values()]);
}

async function serveHost(state: Hosting, request: CloudRequest, backend: Backend): Promise<CloudAnswer> {
  const host = request.host.replace(/\.firebaseapp\.com$/, '.web.app');
  for (const site of sites(state)) {
    age(state, site);
    const channel = [...site.channels.values()].find((one) => one.host === host);
    if (channel !== undefined) return await serve(site, channel.releases[0]?.version, request, backend);
  }
  return { status: 404, headers: { 'content-type': 'text/html; charset=utf-8' }, body: 'Site Not Found' };
}

function echo(rewrite: Parameters<Backend>[0], request: CloudRequest): CloudAnswer {
  return { status: 200, body: { ...rewrite, method: request.method, asked: request.path } };
}
