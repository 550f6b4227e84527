import type { Environment } from '../runtime/environment.ts';
import { ConfigurationError, OutsideFault, shown } from '../runtime/errors.ts';
import { createHttp, type HttpResponse } from '../runtime/http.ts';
import { isLoopback } from '../runtime/loopback.ts';
import { triesOf } from '../runtime/tries.ts';

/** Where alerts are asked for. */
export interface Place {
  /** The server by the name its users know: Prometheus, Grafana, Alertmanager. */
  readonly service: string;
  readonly url: string;
  /** Bearer token for this address only; undefined where none is needed. */
  readonly token: string | undefined;
}

export interface Answer {
  readonly body: Buffer;
  /** The server's own clock, milliseconds since 1970; ours where it does not say. */
  readonly now: number;
}

/** Largest answer that is read, in bytes. */
const LARGEST = 32 * 1024 * 1024;

/**
 * One GET of JSON, tried again for at most 45 seconds. A redirect is not followed: the token is for this address, and
 * where one of these servers redirects it is to a page to sign in at.
 *
 * @throws ConfigurationError PIPE-ALERTS-002 it answers, and not with what was asked for
 * @throws OutsideFault PIPE-ALERTS-003 it does not answer, or says that it can't
 */
export async function askJson(
  { service, url, token }: Place,
  { environment, signal }: { readonly environment: Environment; readonly signal: AbortSignal },
): Promise<Answer> {
  const started = performance.now();
  const http = createHttp({ environment, service, code: 'PIPE-ALERTS-003' });
  try {
    const headers = {
      accept: 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    };
    const limits = { timeout: 10_000, deadline: 45_000, limit: LARGEST };
    const response = await http.send({ url, headers, redirects: 'answer', signal, ...limits });
    if (response.status === 200) return { body: response.body, now: clockOf(response) };
    throw refusal(service, url, response, performance.now() - started);
  } finally {
    http.close();
  }
}

/** What says, in the form of an error, that an answer of status 200 was something else. */
export function notWhatWasAsked(service: string, url: string, body: Buffer): ConfigurationError {
  return configuration(service, url, `it answered with ${shown(body.toString('utf8', 0, 200).trim(), 60)}`);
}

/** Whether a token may go there: an https address, or this machine. */
export function mayHaveToken(url: string): boolean {
  const { protocol, host } = new URL(url);
  return protocol === 'https:' || isLoopback(host);
}

function refusal(service: string, url: string, { status, headers }: HttpResponse, elapsed: number) {
  const { host, pathname } = new URL(url);
  if (status >= 300 && status < 400) {
    const { location = '' } = headers;
    const to = URL.canParse(location, url) ? new URL(location, url).host : 'what is no address';
    return configuration(service, url, `it answered ${status}, a redirect to ${shown(to)}, which was not followed`);
  }
  if (status === 401 || status === 403) {
    return configuration(service, url, `it answered ${status}: the token is missing, or may not read it`);
  }
  if (status < 500 && status !== 408 && status !== 429) {
    return configuration(service, url, `it answered ${status} at ${shown(pathname, 200)}`);
  }
  return new OutsideFault(
    {
      code: 'PIPE-ALERTS-003',
      what: `${service} could not say what its alerts are`,
      remedy: 'see whether it is up; run the job again',
      state: 'whether an alert fires is not known',
    },
    { service: `${service} at ${host}`, status, tries: triesOf(status), elapsed },
  );
}

function configuration(service: string, url: string, found: string): ConfigurationError {
  return new ConfigurationError({
    code: 'PIPE-ALERTS-002',
    what: `${service} at ${new URL(url).host} does not give what the input \`alerts\` needs: ${found}`,
    accepted:
      'the address of Prometheus, or of Grafana with `kind: grafana`, and a token in `alerts-token` where it asks for one',
    example: '`url: https://prometheus.example.com`',
    state: 'whether an alert fires is not known',
  });
}

function clockOf({ headers }: HttpResponse): number {
  const time = Date.parse(headers['date'] ?? '');
  return Number.isNaN(time) ? Date.now() : time;
}
