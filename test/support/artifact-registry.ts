import type { CloudService } from './cloud-proxy.ts';

/** Headers that are about one connection, or about how a body travels on it. */
const OWN = ['host', 'connection', 'content-length', 'transfer-encoding', 'proxy-connection', 'authorization'];

/**
 * Google Artifact Registry before a real registry: an access token as the password lets in, and what the registry says
 * of its own address is said of this one (cloud.google.com, "Authenticate to Artifact Registry for Docker").
 *
 * @param origin of the registry, `http://127.0.0.1:5000`
 * @param isLetIn whether a token was given out and lasts
 */
export function artifactRegistry(origin: string, isLetIn: (token: string) => boolean): CloudService {
  return async ({ method, host, path, query, headers, body }) => {
    const basic = /^Basic (\S+)$/i.exec(headers['authorization'] ?? '')?.[1] ?? '';
    const [user, ...password] = Buffer.from(basic, 'base64').toString('utf8').split(':');
    if (user !== 'oauth2accesstoken' || !isLetIn(password.join(':'))) {
      const errors = [{ code: 'UNAUTHORIZED', message: 'unauthenticated: Unauthenticated request.' }];
      return { status: 401, headers: { 'www-authenticate': `Basic realm="${host}"` }, body: { errors } };
    }
    const passed = Object.fromEntries(Object.entries(headers).filter(([name]) => !OWN.includes(name)));
    const answer = await fetch(`${origin}${path}${query.size === 0 ? '' : `?${query}`}`, {
      method,
      headers: { ...passed, 'accept-encoding': 'identity' },
      redirect: 'manual',
      ...(method === 'GET' || method === 'HEAD' ? {} : { body }),
    });
    const told = [...answer.headers].filter(([name]) => !['connection', 'transfer-encoding'].includes(name));
    return {
      status: answer.status,
      headers: Object.fromEntries(told.map(([name, value]) => [name, value.replace(origin, `https://${host}`)])),
      body: Buffer.from(await answer.arrayBuffer()),
    };
  };
}
