import type { CloudAnswer, CloudService } from '../cloud-proxy.ts';
import type { Hosting } from './state.ts';

/**
 * What Firebase's own program asks around Hosting before and after a deployment: whether the APIs are enabled, what the
 * user may, the project, and the domains that may sign users in. It is let in everywhere.
 */
export function createConsole(hosting: Hosting): Readonly<Record<string, CloudService>> {
  const json = (body: object): CloudAnswer => ({ status: 200, body });
  const domains: string[] = [];
  return {
    'firebase.googleapis.com': ({ path }) => {
      const id = /^\/v1beta1\/projects\/([^/]+)$/.exec(path)?.[1] ?? '';
      const project = hosting.projects.get(id);
      if (project === undefined)
        return { status: 404, body: { error: { code: 404, message: 'not found', status: 'NOT_FOUND' } } };
      return json({
        projectId: id,
        projectNumber: project.number,
        displayName: id,
        state: 'ACTIVE',
        resources: { hostingSite: id },
      });
    },
    'cloudresourcemanager.googleapis.com': ({ body }) => {
      const asked = JSON.parse(body.toString('utf8') || '{}') as { readonly permissions?: readonly string[] };
      return json({ permissions: asked.permissions ?? [] });
    },
    'serviceusage.googleapis.com': ({ path }) => json({ name: path.replace(/^\/v1\//, ''), state: 'ENABLED' }),
    'identitytoolkit.googleapis.com': ({ method, body }) => {
      if (method === 'PATCH') {
        const { authorizedDomains = [] } = JSON.parse(body.toString('utf8')) as {
          readonly authorizedDomains?: string[];
        };
        domains.splice(0, domains.length, ...authorizedDomains);
      }
      return json({ authorizedDomains: domains });
    },
  };
}
