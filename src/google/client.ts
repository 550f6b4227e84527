import { claimsShown, githubIdTokens } from '../github/id-token.ts';
import type { Environment } from '../runtime/environment.ts';
import { OutsideFault, shown } from '../runtime/errors.ts';
import type { HttpClient, Method } from '../runtime/http.ts';
import { jsonMap } from '../runtime/json.ts';
import type { Secrets } from '../runtime/secrets.ts';
import { triesOf } from '../runtime/tries.ts';
import { isMap } from '../runtime/yaml.ts';
import { createIdTokens } from './id-token.ts';
import { type GoogleIdentity, googleIdentity } from './identity.ts';
import { createGoogleTokens } from './token.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

export interface GoogleCall {
  readonly method?: Method;
  readonly url: string;
  readonly body?: JsonObject;
  /** Whether sending it twice does no harm; default: every method but POST and PATCH. */
  readonly idempotent?: boolean;
  /** Milliseconds without progress before a try is given up, default 30,000. */
  readonly timeout?: number;
}

export interface GoogleAnswer {
  readonly status: number;
  readonly body: JsonObject;
  /** What was refused, where something was (google.rpc.Status). */
  readonly error: GoogleRefusal | undefined;
  /** When it was asked, on the clock of performance.now(). */
  readonly started: number;
}

export interface GoogleRefusal {
  /** `PERMISSION_DENIED`. */
  readonly status: string;
  readonly message: string;
}

/** Google's REST APIs, as one who is signed in. */
export interface GoogleClient {
  readonly identity: GoogleIdentity;
  /**
   * Sends a call and reads its answer, whatever its status.
   *
   * @throws OutsideFault PIPE-GOOGLE-010 an answer that is no JSON, and what the HTTP client throws
   * @throws ConfigurationError PIPE-GOOGLE-003 to 008 when the sign-in is refused
   */
  readonly send: (call: GoogleCall) => Promise<GoogleAnswer>;
  /** An access token for places that are no REST API (a registry). */
  readonly accessToken: () => Promise<string>;
  /** A token that says to a private service who asks; undefined where this identity can't have one. */
  readonly idToken: (audience: string) => Promise<string | undefined>;
}

export interface GoogleClientOptions {
  readonly credentials: {
    readonly workloadIdentityProvider: string | undefined;
    readonly serviceAccount: string | undefined;
    readonly credentialsJson: string | undefined;
  };
  readonly http: HttpClient;
  readonly environment: Environment;
  readonly secrets: Pick<Secrets, 'add'>;
  readonly signal: AbortSignal;
}

/** An answer of an API is smaller, in bytes. */
const LARGEST = 32 * 1024 * 1024;

/**
 * A client for Google's APIs by the credentials of an action.
 *
 * @returns undefined when no credentials are given
 * @throws ConfigurationError PIPE-GOOGLE-001, PIPE-GOOGLE-002 credentials that are none
 */
export function createGoogleClient(options: GoogleClientOptions): GoogleClient | undefined {
  const identity = googleIdentity(options.credentials);
  if (identity === undefined) return undefined;
  const { http, environment, secrets, signal } = options;
  const idToken = githubIdTokens({ environment, http, secrets, signal });
  const shared = { idToken, describeIdToken: claimsShown, http, secrets, signal };
  const tokens = createGoogleTokens({ identity, ...shared });
  const accessToken = async () => (await tokens()).token;
  // The job itself may ask for identity tokens of the account (workloadIdentityUser); the account often may not.
  const job = identity.kind === 'key' ? identity : { ...identity, serviceAccount: undefined };
  const federated = createGoogleTokens({ identity: job, ...shared });
  return {
    identity,
    accessToken,
    idToken: createIdTokens({ identity, federated, http, secrets, signal }),
    send: async (call) => {
      const authorization = `Bearer ${await accessToken()}`;
      const started = performance.now();
      const { body, ...request } = call;
      const answer = await http.send({
        ...request,
        headers: {
          authorization,
          accept: 'application/json',
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        limit: LARGEST,
        signal,
      });
      return { ...read(answer.status, answer.body, call.url, started), started };
    },
  };
}

function read(status: number, bytes: Buffer, url: string, started: number): Omit<GoogleAnswer, 'started'> {
  const body = jsonMap(bytes);
  if (status >= 200 && status < 300) {
    if (body !== undefined) return { status, body, error: undefined };
    const host = new URL(url).host;
    throw new OutsideFault(
      {
        code: 'PIPE-GOOGLE-010',
        what: `${host} gave an answer that is not JSON: ${shown(bytes.toString('utf8'), 200)}`,
        remedy: 'run the job again; see whether a proxy stands between this runner and Google',
      },
      { service: host, status, tries: triesOf(status), elapsed: performance.now() - started },
    );
  }
  const error = isMap(body?.['error']) ? body['error'] : {};
  const said = typeof error['message'] === 'string' ? error['message'] : bytes.toString('utf8').slice(0, 1_000);
  return {
    status,
    body: body ?? {},
    error: { status: typeof error['status'] === 'string' ? error['status'] : '', message: said },
  };
}
