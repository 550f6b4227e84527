import type { ActionContext, ActionResult } from '../runtime/action.ts';
import { ConfigurationError, shown } from '../runtime/errors.ts';
import { createHttp } from '../runtime/http.ts';
import { code, markdown, paragraphs, text } from '../runtime/markdown.ts';
import { addressText, healthFailure } from './failure.ts';
import { headersOf } from './headers.ts';
import type { HealthInputs, outputs } from './inputs.ts';
import { probeAddress } from './probe.ts';
import { type Watch, watchUntilHealthy } from './watch.ts';
import { expectationOf, PROBE_LIMIT } from './wish.ts';

/** Probes until the service is healthy or the time is over, and says in one line what was seen. */
export async function run(given: HealthInputs, context: ActionContext): Promise<ActionResult<typeof outputs>> {
  const { log, environment, signal, secrets } = context;
  const url = addressOf(given);
  const expectation = expectationOf(given);
  const headers = headersOf(given.headers, 'PIPE-HEALTH-001');
  const http = createHttp({ environment, service: 'The service', code: 'PIPE-HEALTH-007' });
  const wish = { url, headers, expectation, timeout: PROBE_LIMIT };
  try {
    const watch = redacted(await watchUntilHealthy(wish, given, { http, signal }), secrets.redact);
    const failure = watch.bad === undefined ? undefined : healthFailure({ ...watch, bad: watch.bad }, url);
    log.info(`${addressText(url)}: ${failure === undefined ? 'healthy' : 'not healthy'}: ${watch.told}`);
    if (failure !== undefined) {
      const [{ code: errorCode, what, remedy = '' }] = failure.faults;
      context.summarize(
        paragraphs([
          markdown(`**${text(what)}** (${code(errorCode)})`),
          text(watch.told),
          markdown(`What to do: ${text(remedy)}`),
        ]),
      );
    }
    return {
      outputs: {
        healthy: watch.healthy,
        attempts: watch.probes.length,
        'latency-p50': watch.latency?.p50,
        'latency-p95': watch.latency?.p95,
      },
      failure,
    };
  } finally {
    http.close();
  }
}

function addressOf({ url, path = '' }: HealthInputs): string {
  const address = probeAddress(url, path);
  if (address !== undefined) return address;
  throw new ConfigurationError({
    code: 'PIPE-HEALTH-001',
    what: '`url` and `path` are no address that can be probed',
    given: shown(`${url.split('?', 1)[0]} and ${path.split('?', 1)[0]}`, 200),
    accepted: 'an address of http or https without a password in it',
    example: '`url: https://api.staging.example.com`, `path: /healthz`',
    state: 'nothing was asked',
  });
}

/** What a service answers can hold what it was sent: a version, a redirect, a JSON member. */
function redacted(watch: Watch, redact: (text: string) => string): Watch {
  const bad = watch.bad === undefined ? undefined : { ...watch.bad, text: redact(watch.bad.text) };
  return { ...watch, bad, told: redact(watch.told) };
}
