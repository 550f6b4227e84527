import { Problem } from './problem.ts';

export interface Call {
  /** Values of the `:name` segments of the route's path, decoded. */
  params: Record<string, string>;
  /** Reads the body as JSON; throws a Problem when it is none. */
  json: () => Promise<unknown>;
}

export interface Reply {
  status: number;
  /** Sent as JSON; none for an empty answer. */
  body?: unknown;
  headers?: Record<string, string>;
}

export interface Route {
  method: 'GET' | 'POST' | 'DELETE';
  /** Segments beginning with a colon match anything: `/links/:slug`. */
  path: string;
  handle: (call: Call) => Reply | Promise<Reply>;
}

export interface Match {
  route: Route;
  params: Record<string, string>;
}

/** Finds the route of a request. HEAD is answered by GET. Throws a Problem with 404 or 405. */
export function matchRoute(routes: readonly Route[], method: string, pathname: string): Match {
  const matches = routes.flatMap((route) => {
    const params = matchPath(route.path, pathname);
    return params ? [{ route, params }] : [];
  });
  const wanted = method === 'HEAD' ? 'GET' : method;
  const match = matches.find(({ route }) => route.method === wanted);
  if (match) return match;
  if (matches.length === 0) throw new Problem(404, `There is nothing at ${pathname}.`);
  const methods = matches.map(({ route }) => route.method);
  const allow = methods.join(', ').replace('GET', 'GET, HEAD');
  throw new Problem(405, `${pathname} accepts ${allow}.`, { headers: { allow } });
}

function matchPath(path: string, pathname: string): Record<string, string> | undefined {
  const expected = path.split('/');
  const given = pathname.split('/');
  if (expected.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, segment] of expected.entries()) {
    const value = given[index] ?? '';
    if (segment.startsWith(':') && value !== '') params[segment.slice(1)] = decode(value);
    else if (segment !== value) return undefined;
  }
  return params;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new Problem(400, `The path contains an invalid escape: ${segment}`);
  }
}
