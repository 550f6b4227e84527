import { type ErrorCode, type Fault, ProjectFailure, shown } from '../runtime/errors.ts';
import type { Bad, Watch } from './watch.ts';

/** What each kind of trouble is called, and what to do. */
const KINDS: Readonly<
  Record<Bad['kind'], { readonly code: ErrorCode; readonly what: string; readonly remedy: string }>
> = {
  status: {
    code: 'PIPE-HEALTH-002',
    what: 'answers with a status that is not accepted',
    remedy: 'read its log at that time; an address that answers otherwise on purpose is named by `path` or `status`',
  },
  content: {
    code: 'PIPE-HEALTH-003',
    what: 'answers, and the answer is not the expected one',
    remedy: 'compare the body with `contains` and `json`',
  },
  version: {
    code: 'PIPE-HEALTH-004',
    what: 'does not say the version that has to answer',
    remedy: 'see whether traffic went to another release, and where the version stands (`version-from`)',
  },
  redirect: {
    code: 'PIPE-HEALTH-005',
    what: 'sends the probe elsewhere',
    remedy: 'probe an address that answers by itself; a sign-in page wants `headers` that let the probe through',
  },
  tls: {
    code: 'PIPE-HEALTH-006',
    what: 'can’t be reached over TLS',
    remedy: 'put the certificate right; an authority of your own is trusted by NODE_EXTRA_CA_CERTS',
  },
  connection: {
    code: 'PIPE-HEALTH-007',
    what: 'can’t be reached',
    remedy: 'see whether it runs and listens, and whether the runner may reach it (DNS, firewall, ingress)',
  },
  timeout: {
    code: 'PIPE-HEALTH-008',
    what: 'did not answer in time',
    remedy: 'read its log: it hangs, or starts more slowly than `timeout` allows',
  },
  latency: {
    code: 'PIPE-HEALTH-009',
    what: 'answers too slowly',
    remedy: 'find out what became slower, or raise `max-latency` (it counts the connection too)',
  },
  proxy: {
    code: 'PIPE-HEALTH-010',
    what: 'can’t be reached: the proxy on the way refused',
    remedy: 'let the proxy pass this host, or name the host in NO_PROXY',
  },
};

/** The failure of a watch that did not end well. @param better a remedy of whoever knows more of the address */
export function healthFailure(watch: Watch & { readonly bad: Bad }, url: string, better?: string): ProjectFailure {
  const { code, what, remedy } = KINDS[watch.bad.kind];
  const fault: Fault = {
    code,
    what: `${addressText(url)} ${what}: ${watch.bad.text}`,
    given: watch.told,
    remedy: better ?? remedy,
  };
  return new ProjectFailure(fault);
}

/** An address without its query, which can hold a token. */
export function addressText(url: string): string {
  if (!URL.canParse(url)) return shown(url);
  const { origin, pathname } = new URL(url);
  return shown(`${origin}${pathname}`, 200).slice(1, -1);
}
