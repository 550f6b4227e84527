import type { CloudRequest, CloudService } from '../cloud-proxy.ts';
import type { CloudRun } from './cloud.ts';
import { type CloudRunState, urlsOf } from './state.ts';

/**
 * Several projects behind the same hosts, as on Google Cloud: a call is for the project that its path or body names, a
 * visitor for the one whose service has that address.
 */
export function cloudRunProjects(first: CloudRun, ...others: readonly CloudRun[]): Record<string, CloudService> {
  const all = [first, ...others];
  const hosts = new Set(all.flatMap(({ services }) => Object.keys(services)));
  const serve = (host: string): CloudService => {
    return async (request) => {
      const { services } = all.find(({ state }) => isFor(state, request)) ?? first;
      return (await services[host]?.(request)) ?? { status: 404 };
    };
  };
  return Object.fromEntries([...hosts].map((host) => [host, serve(host)]));
}

function isFor(state: CloudRunState, { host, path, body }: CloudRequest): boolean {
  const addresses = [...state.services.values()].flatMap((service) => urlsOf(state, service));
  const { project, projectNumber } = state.settings;
  const asked = `${decodeURIComponent(path)} ${body.toString('utf8')}`;
  return (
    addresses.some((address) => host.endsWith(new URL(address).host) || asked.includes(address)) ||
    [project, projectNumber].some((name) => new RegExp(`(?:projects|namespaces)/${name}(?![\\w-])`).test(asked))
  );
}
