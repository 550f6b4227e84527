import { ConfigurationError, shown } from '../../../runtime/errors.ts';
import type { Log } from '../../../runtime/log.ts';
import { isMap } from '../../../runtime/yaml.ts';
import { type Api, listAll } from './api.ts';
import { type PinnedService, type Routes, readService } from './pins.ts';
import { DEFAULT_REGION, type Destination } from './rules.ts';
import type { Section } from './section.ts';
import type { Route } from './serving-config.ts';

/** A function as Google Cloud has it, of either generation. */
interface CloudFunction {
  readonly id: string;
  readonly region: string;
  readonly isFirstGeneration: boolean;
  readonly isHttp: boolean;
  /** The Cloud Run service that a function of the second generation is. */
  readonly service: string;
  readonly minInstances: number;
}

const FUNCTIONS = 'cloudfunctions.googleapis.com';

/** Functions of a project that are looked at, at most. */
const MOST_FUNCTIONS = 10_000;

/**
 * Finds what the rewrites of a section lead to. A function of the second generation is a Cloud Run service to Hosting;
 * one that can't be found, or not be looked for, is passed on by its name, as Firebase's own program does.
 *
 * @throws ConfigurationError PIPE-FIREBASE-014 for a rewrite that can't work
 */
export async function findRoutes(api: Api, section: Section, log: Pick<Log, 'annotate'>): Promise<Routes> {
  const rewrites = (section.rewrites ?? []).map(({ destination }) => destination);
  const needsFunctions = rewrites.some(({ kind }) => kind === 'function');
  const functions = needsFunctions ? await readFunctions(api) : [];
  if (functions === undefined) {
    log.annotate(
      'warning',
      'The functions of the project may not be listed (roles/cloudfunctions.viewer allows it): rewrites to functions are passed on by name.',
    );
  }
  const routes = rewrites.map((destination) => routeOf(destination, functions ?? [], log));
  const pinned = new Map<number, PinnedService>();
  for (const [index, destination] of rewrites.entries()) {
    const route = routes[index];
    if (!('isPinned' in destination && destination.isPinned) || route === undefined || !('run' in route)) continue;
    pinned.set(index, await readService(api, route.run.region, route.run.serviceId));
  }
  return { routes, pinned };
}

/** @returns undefined when they may not be listed, or the API is not in use */
async function readFunctions(api: Api): Promise<readonly CloudFunction[] | undefined> {
  const call = {
    host: FUNCTIONS,
    path: `/v2/projects/${api.project}/locations/-/functions?pageSize=1000`,
    what: 'list the functions of the project',
    role: 'roles/cloudfunctions.viewer',
  };
  const first = await api.call({ ...call, also: [403, 404] });
  if (first.status !== 200) return undefined;
  const isWhole = typeof first.value['nextPageToken'] !== 'string' || first.value['nextPageToken'] === '';
  const items = isWhole ? first.value['functions'] : await listAll(api, call, 'functions', MOST_FUNCTIONS);
  return (Array.isArray(items) ? items : []).filter(isMap).map(functionIn);
}

function functionIn(value: Readonly<Record<string, unknown>>): CloudFunction {
  const [, , , region = '', , id = ''] = String(value['name'] ?? '').split('/');
  const settings = isMap(value['serviceConfig']) ? value['serviceConfig'] : {};
  return {
    id,
    region,
    isFirstGeneration: value['environment'] === 'GEN_1',
    isHttp: value['eventTrigger'] === undefined,
    service:
      String(settings['service'] ?? '')
        .split('/')
        .at(-1) || id,
    minInstances: Number(settings['minInstanceCount'] ?? 0),
  };
}

function routeOf(destination: Destination, functions: readonly CloudFunction[], log: Pick<Log, 'annotate'>): Route {
  switch (destination.kind) {
    case 'path':
      return { path: destination.path };
    case 'dynamic-links':
      return { dynamicLinks: true };
    case 'run':
      return { run: { serviceId: destination.service, region: destination.region } };
    case 'function':
      return functionRoute(destination, functions, log);
  }
}

function functionRoute(
  { id, region, isPinned }: Extract<Destination, { kind: 'function' }>,
  functions: readonly CloudFunction[],
  log: Pick<Log, 'annotate'>,
): Route {
  const named = functions.filter((one) => one.id === id);
  const found = pickRegion(id, named, region);
  if (found === undefined) {
    log.annotate('warning', `No function ${shown(id)} was found; the rewrite to it is passed on by its name.`);
    return { function: id, ...(region === undefined ? {} : { functionRegion: region }) };
  }
  if (!found.isFirstGeneration) {
    if (isPinned && found.minInstances > 0) {
      throw routeFault(
        `the function ${shown(id)} keeps instances running and can not be pinned`,
        'minInstances or pinTag, not both',
      );
    }
    return { run: { serviceId: found.service, region: found.region } };
  }
  if (!found.isHttp) throw routeFault(`the function ${shown(id)} is not started by requests`, 'an HTTPS function');
  if (isPinned)
    throw routeFault(
      `the function ${shown(id)} is of the first generation and can not be pinned`,
      'pinTag for functions of the second generation only',
    );
  return { function: found.id, functionRegion: found.region };
}

/** The function that is meant: of several without a region the one in Firebase's default region. */
function pickRegion(
  id: string,
  named: readonly CloudFunction[],
  region: string | undefined,
): CloudFunction | undefined {
  if (named.length === 0) return undefined;
  const wanted = region ?? (named.length === 1 ? named[0]?.region : DEFAULT_REGION);
  const found = named.find((one) => one.region === wanted);
  if (found !== undefined) return found;
  const regions = named.map((one) => one.region).join(', ');
  throw routeFault(
    `the function ${shown(id)} is in ${regions}, and not in ${wanted}`,
    `one of these regions as \`region\` of the rewrite`,
  );
}

function routeFault(what: string, accepted: string): ConfigurationError {
  return new ConfigurationError({ code: 'PIPE-FIREBASE-014', what, accepted, state: 'nothing was changed' });
}
