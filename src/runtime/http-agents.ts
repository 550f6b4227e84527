import { type AgentOptions, Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Environment } from './environment.ts';
import { ConfigurationError } from './errors.ts';

/** Keep the connections of one client open between its requests. Each is made when it is first asked for. */
export interface Agents {
  readonly http: HttpAgent;
  readonly https: HttpsAgent;
  /** Closes all connections, also those in use. */
  readonly destroy: () => void;
}

/** Milliseconds after which an idle connection is closed: before most servers do, so that none is lost on the way. */
const IDLE = 4_000;

const PROXIES = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'];

/** @throws ConfigurationError PIPE-HTTP-001 when the environment names a proxy that can't be used */
export function createAgents(environment: Environment): Agents {
  const proxies = PROXIES.flatMap((name) => {
    const value = environment[name]?.trim() ?? '';
    return value === '' ? [] : [[name, proxyAddress(name, value)] as const];
  });
  const proxyEnv = { ...environment, ...Object.fromEntries(proxies) };
  const options: AgentOptions & { proxyEnv: Environment } = { keepAlive: true, timeout: IDLE, proxyEnv };
  let http: HttpAgent | undefined;
  let https: HttpsAgent | undefined;
  return {
    get http() {
      http ??= new HttpAgent(options);
      return http;
    },
    get https() {
      https ??= new HttpsAgent(options);
      return https;
    },
    destroy: () => {
      http?.destroy();
      https?.destroy();
    },
  };
}

/** `host:port` without a scheme is http, as every other program reads it; Node would pass the proxy over. */
function proxyAddress(name: string, value: string): string {
  const address = value.includes('://') ? value : `http://${value}`;
  const isUsable = URL.canParse(address) && /^https?:$/.test(new URL(address).protocol);
  if (isUsable) return address;
  throw new ConfigurationError({
    code: 'PIPE-HTTP-001',
    what: `the environment variable ${name} names a proxy that can't be used`,
    // It may hold a password.
    given: 'another address (not shown)',
    accepted: 'an address with http:// or https://',
    example: `${name}=http://proxy.example.com:3128`,
    state: 'nothing was sent',
  });
}
