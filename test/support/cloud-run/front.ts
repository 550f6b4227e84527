import { randomInt } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import type { CloudAnswer, CloudRequest } from '../cloud-proxy.ts';
import { verifyToken } from '../jwt.ts';
import type { IdTokens } from './id-tokens.ts';
import { instancesOf } from './reconcile.ts';
import type { ServiceState } from './resources.ts';
import { LATEST } from './resources.ts';
import { type CloudRunState, urlsOf } from './state.ts';

const page = (status: number, title: string, text: string): CloudAnswer => ({
  status,
  headers: { 'content-type': 'text/html; charset=UTF-8' },
  body: `<html><head>\n<meta http-equiv="content-type" content="text/html;charset=utf-8">\n<title>${title}</title>\n</head>\n<body text=#000000 bgcolor=#ffffff>\n<h1>Error: ${title.replace(/^\d+ /, '')}</h1>\n<h2>${text}</h2>\n<h2></h2>\n</body></html>\n`,
});

/** Where users come in: addresses of services and of tags. Shares of traffic are obeyed, private services are private. */
export async function front(state: CloudRunState, tokens: IdTokens, request: CloudRequest): Promise<CloudAnswer> {
  const found = targetOf(state, request.host);
  const visit = (revision: string, answer: CloudAnswer) => {
    state.visits.push({ host: request.host, path: request.path, revision, status: answer.status });
    return answer;
  };
  if (found === undefined) {
    return visit('', page(404, '404 Page not found', 'The requested URL was not found on this server.'));
  }
  const { service, revision: name } = found;
  const isOpen = service.spec.ingress === 'INGRESS_TRAFFIC_ALL' && service.spec.defaultUriDisabled !== true;
  // The test asks from outside, as a hosted runner does.
  if (!isOpen) return visit(name, page(404, '404 Page not found', 'The requested URL was not found on this server.'));
  const refusal = accessFault(state, tokens, service, request);
  if (refusal !== undefined) return visit(name, refusal);
  const revision = service.revisions.get(name);
  const instances = revision === undefined ? undefined : await instancesOf(state, service, revision);
  const instance = instances?.[0];
  if (instance === undefined) return visit(name, page(503, '503 Service Unavailable', 'Service Unavailable'));
  return visit(name, await forwarded(request, instance.port));
}

function targetOf(state: CloudRunState, host: string): { service: ServiceState; revision: string } | undefined {
  const [, tag, rest = host] = /^([a-z0-9-]+?)---(.+)$/.exec(host) ?? [];
  const service = [...state.services.values()].find((item) => urlsOf(state, item).includes(`https://${rest}`));
  if (service === undefined) return undefined;
  const nameOf = ({ type, revision }: { type: string; revision?: string }) =>
    type === LATEST ? service.latestReady : (revision ?? service.latestReady);
  if (tag !== undefined) {
    const status = service.traffic.find((item) => item.tag === tag);
    return status === undefined ? undefined : { service, revision: nameOf(status) };
  }
  let left = randomInt(100);
  for (const status of service.traffic) {
    left -= status.percent ?? 0;
    if (left < 0) return { service, revision: nameOf(status) };
  }
  return undefined;
}

/** What somebody who may not come in is told; undefined for those who may. */
function accessFault(
  state: CloudRunState,
  tokens: IdTokens,
  service: ServiceState,
  { headers, path }: CloudRequest,
): CloudAnswer | undefined {
  const invokers = (service.policy.bindings ?? [])
    .filter(({ role }) => role === 'roles/run.invoker')
    .flatMap(({ members }) => members);
  if (service.spec.invokerIamDisabled === true || invokers.includes('allUsers')) return undefined;
  const forbidden = page(
    403,
    '403 Forbidden',
    `Your client does not have permission to get URL <code>${path}</code> from this server.`,
  );
  const bearer = /^Bearer (.+)$/i.exec(headers['x-serverless-authorization'] ?? headers['authorization'] ?? '')?.[1];
  if (bearer === undefined) return forbidden;
  const verified = verifyToken(bearer, tokens.keys);
  const audiences = [...urlsOf(state, service), ...(service.spec.customAudiences ?? [])];
  if ('problem' in verified || !audiences.includes(String(verified.claims['aud']).replace(/\/$/, ''))) {
    const www = 'Bearer error="invalid_token" error_description="The access token could not be verified"';
    return {
      ...page(401, '401 Unauthorized', 'Your client does not have permission to the requested URL.'),
      headers: { 'www-authenticate': www },
    };
  }
  return invokers.includes(`serviceAccount:${verified.claims['email']}`) ? undefined : forbidden;
}

function forwarded({ method, path, query, headers, body }: CloudRequest, port: number): Promise<CloudAnswer> {
  return new Promise((resolve) => {
    const search = query.size === 0 ? '' : `?${query}`;
    const { connection: _, ...sent } = headers;
    const outgoing = httpRequest(
      { port, host: '127.0.0.1', method, path: `${path}${search}`, headers: sent },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('end', () => {
          const kept = Object.entries(incoming.headers).filter(
            ([name]) => !['connection', 'transfer-encoding', 'keep-alive'].includes(name),
          );
          resolve({
            status: incoming.statusCode ?? 502,
            headers: Object.fromEntries(kept.map(([name, value]) => [name, String(value)])),
            body: Buffer.concat(chunks),
          });
        });
      },
    );
    outgoing.on('error', () => resolve(page(503, '503 Service Unavailable', 'Service Unavailable')));
    outgoing.end(body);
  });
}
