import type { CloudAnswer, CloudRequest, CloudService } from '../cloud-proxy.ts';
import type { VercelDeployment, VercelState } from './state.ts';

/** A route of the output's config.json (Build Output API, version 3). */
interface Route {
  readonly src?: string;
  readonly dest?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly status?: number;
  readonly continue?: boolean;
  readonly methods?: readonly string[];
  readonly handle?: string;
}

interface OutputConfig {
  readonly version: number;
  readonly routes?: readonly Route[];
  readonly overrides?: Readonly<Record<string, { readonly path?: string; readonly contentType?: string }>>;
}

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'application/javascript; charset=utf-8',
  json: 'application/json; charset=utf-8',
  txt: 'text/plain; charset=utf-8',
  svg: 'image/svg+xml',
};

/** Every host that deployments are reached by: their own, automatic ones, and domains. */
export function vercelEdge(state: VercelState): CloudService {
  return (request) => {
    const id = state.aliases.get(request.host);
    const deployment = state.deployments.find((item) => item.id === id || item.url === request.host);
    if (deployment === undefined) return edgeError(404, 'DEPLOYMENT_NOT_FOUND');
    if (isClosed(state, deployment, request)) {
      return {
        status: 401,
        headers: { 'content-type': TYPES['html'] ?? '' },
        body: '<title>Authentication Required</title>',
      };
    }
    if (deployment.readyState !== 'READY') return edgeError(404, 'DEPLOYMENT_NOT_READY');
    const answer = serve(filesOf(state, deployment), request);
    return { ...answer, headers: { server: 'Vercel', 'x-vercel-id': `iad1::${deployment.id}`, ...answer.headers } };
  };
}

function edgeError(status: number, code: string): CloudAnswer {
  const headers = { 'content-type': 'text/plain; charset=utf-8', 'x-vercel-error': code, server: 'Vercel' };
  return { status, headers, body: `The deployment could not be found on Vercel.\n\n${code}\n\niad1::stand-in\n` };
}

/** Deployment protection: who has no bypass secret has to sign in. */
function isClosed(state: VercelState, deployment: VercelDeployment, request: CloudRequest): boolean {
  const project = state.projects.find(({ id }) => id === deployment.projectId);
  if (project?.protection === undefined) return false;
  const domain = project.domains.find(({ name }) => name === request.host);
  const isProductionDomain = domain !== undefined && domain.customEnvironmentId === undefined;
  if (project.protection === 'all_except_custom_domains' && isProductionDomain) return false;
  if (project.protection === 'preview' && deployment.target === 'production') return false;
  const given = request.headers['x-vercel-protection-bypass'] ?? request.query.get('x-vercel-protection-bypass');
  return given === null || !project.bypassSecrets.includes(given);
}

interface Site {
  readonly config: OutputConfig;
  /** By the path that is asked for, without a slash before it. */
  readonly files: ReadonlyMap<string, { readonly content: Buffer; readonly type: string }>;
}

function filesOf(state: VercelState, deployment: VercelDeployment): Site {
  const project = state.projects.find(({ id }) => id === deployment.projectId);
  const content = (path: string) => state.files.get(`${deployment.accountId}/${deployment.files.get(path)?.sha}`);
  const configPath = [...deployment.files.keys()].find((path) => path.endsWith('.vercel/output/config.json'));
  const read = configPath === undefined ? undefined : content(configPath)?.toString('utf8');
  const config = (read === undefined ? { version: 3 } : JSON.parse(read)) as OutputConfig;
  const root = project?.rootDirectory === null || project === undefined ? '' : `${project.rootDirectory}/`;
  const hasPublic = [...deployment.files.keys()].some((path) => path.startsWith(`${root}public/`));
  const base =
    configPath === undefined ? `${root}${hasPublic ? 'public/' : ''}` : configPath.replace(/config\.json$/, 'static/');
  const files = new Map<string, { content: Buffer; type: string }>();
  for (const [path] of deployment.files) {
    if (!path.startsWith(base)) continue;
    const name = path.slice(base.length);
    const override = config.overrides?.[name];
    const type = override?.contentType ?? TYPES[name.split('.').at(-1) ?? ''] ?? 'application/octet-stream';
    files.set(override?.path ?? name, { content: content(path) ?? Buffer.alloc(0), type });
  }
  return { config, files };
}

/** A request on its way through the routes. */
interface Passage {
  path: string;
  readonly headers: Record<string, string>;
}

/** One request through the routes: until the file system answers, or a route does. */
function serve(site: Site, request: CloudRequest): CloudAnswer {
  const { config, files } = site;
  const passage: Passage = { path: request.path, headers: {} };
  let isAfterwards = false;
  for (const route of config.routes ?? []) {
    if (route.handle !== undefined) {
      isAfterwards = route.handle === 'hit' || route.handle === 'error';
      const answer = route.handle === 'filesystem' ? found(site, passage) : undefined;
      if (answer !== undefined) return answer;
      continue;
    }
    const answer = isAfterwards ? undefined : take(site, route, request, passage);
    if (answer !== undefined) return answer;
  }
  const answer = found(site, passage);
  if (answer !== undefined) return answer;
  const page = files.get('404.html') ?? files.get('404');
  if (page === undefined) return edgeError(404, 'NOT_FOUND');
  return { status: 404, headers: { 'content-type': page.type, ...passage.headers }, body: page.content };
}

/** @returns undefined when the next route is asked */
function take(site: Site, route: Route, request: CloudRequest, passage: Passage): CloudAnswer | undefined {
  const match = new RegExp(`^${route.src ?? ''}$`).exec(passage.path);
  if (match === null || route.methods?.includes(request.method) === false) return undefined;
  const filled = (text: string) => text.replace(/\$(\d)/g, (_, index: string) => match[Number(index)] ?? '');
  for (const [name, value] of Object.entries(route.headers ?? {})) passage.headers[name.toLowerCase()] = filled(value);
  if (route.dest !== undefined) passage.path = filled(route.dest).split('?')[0] ?? '/';
  if (route.continue === true) return undefined;
  if (route.status !== undefined && passage.headers['location'] !== undefined) {
    return { status: route.status, headers: passage.headers, body: 'Redirecting...\n' };
  }
  const answer = found(site, passage);
  return answer === undefined ? undefined : { ...answer, status: route.status ?? 200 };
}

function found({ files }: Site, { path, headers }: Passage): CloudAnswer | undefined {
  const name = decodeURIComponent(path).replace(/^\/+|\/+$/g, '');
  const file = files.get(name) ?? files.get(name === '' ? 'index.html' : `${name}/index.html`);
  if (file === undefined) return undefined;
  return { status: 200, headers: { 'content-type': file.type, ...headers }, body: file.content };
}
