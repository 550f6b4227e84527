import type { Route } from './router.ts';

/** GET /health: that the service is up, in which version and for how many seconds. */
export function healthRoute(version: string, uptime: () => number): Route {
  return {
    method: 'GET',
    path: '/health',
    handle: () => ({
      status: 200,
      body: { status: 'ok', version, uptime: Math.round(uptime() * 1000) / 1000 },
      headers: { 'cache-control': 'no-store' },
    }),
  };
}
