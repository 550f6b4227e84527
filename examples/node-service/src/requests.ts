import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { readJson } from './body.ts';
import type { Log } from './log.ts';
import { Problem, problemBody } from './problem.ts';
import { matchRoute, type Reply, type Route } from './router.ts';

/**
 * Answers requests by the routes and writes one line a request to the log. While the service is
 * stopping, each answer is the last one on its connection.
 */
export function answerBy(
  routes: readonly Route[],
  log: Log,
  isStopping: () => boolean,
): RequestListener {
  return (request, response) => {
    const start = performance.now();
    response.once('close', () => {
      const { statusCode: status } = response;
      log(status >= 500 ? 'ERROR' : 'INFO', `${request.method} ${request.url} ${status}`, {
        httpRequest: {
          requestMethod: request.method,
          requestUrl: request.url,
          status,
          userAgent: request.headers['user-agent'],
          latency: `${((performance.now() - start) / 1000).toFixed(6)}s`,
        },
      });
    });
    void answer(routes, request, log).then((reply) => {
      if (isStopping()) response.setHeader('connection', 'close');
      send(response, request, reply);
    });
  };
}

async function answer(
  routes: readonly Route[],
  request: IncomingMessage,
  log: Log,
): Promise<Reply> {
  try {
    const [path = '/'] = (request.url ?? '/').split('?');
    const { route, params } = matchRoute(routes, request.method ?? 'GET', path);
    return await route.handle({ params, json: () => readJson(request) });
  } catch (error) {
    return failure(error, log);
  }
}

function failure(error: unknown, log: Log): Reply {
  if (!(error instanceof Problem)) {
    // What went wrong inside is for the log, not for the caller.
    log('ERROR', 'Unexpected error', { error: error instanceof Error ? error.stack : error });
    return failure(new Problem(500, 'The service failed to answer.'), log);
  }
  const headers = { ...error.headers, 'content-type': 'application/problem+json' };
  return { status: error.status, body: problemBody(error), headers };
}

function send(response: ServerResponse, request: IncomingMessage, reply: Reply): void {
  const text = reply.body === undefined ? '' : JSON.stringify(reply.body);
  response.writeHead(reply.status, {
    ...(text !== '' && { 'content-type': 'application/json' }),
    ...(reply.status !== 204 && { 'content-length': Buffer.byteLength(text) }),
    ...reply.headers,
  });
  response.end(request.method === 'HEAD' ? undefined : text);
}
