import type { Environment } from '../runtime/environment.ts';
import { ConfigurationError } from '../runtime/errors.ts';
import type { Log } from '../runtime/log.ts';
import type { Secrets } from '../runtime/secrets.ts';
import { parseRegistry } from './reference.ts';

export interface RegistryLogin {
  readonly host: string;
  readonly username: string;
  readonly password: string;
  /** Milliseconds since the epoch; left out where it does not end by itself, or nobody says when. */
  readonly expiresAt?: number;
}

export interface SignInRequest {
  /** `ghcr.io/acme/apps`. */
  readonly registry: string;
  /** With `password` they win over everything else. */
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** The job's token; used for ghcr.io only. */
  readonly githubToken?: string | undefined;
  /** Google: a workload identity provider, with or without an account to act as. */
  readonly workloadIdentityProvider?: string | undefined;
  readonly serviceAccount?: string | undefined;
  /** Google: a service account's key. */
  readonly credentialsJson?: string | undefined;
  /** ARN of a role, for Amazon ECR. */
  readonly awsRole?: string | undefined;
}

export interface SignInSurroundings {
  readonly environment: Environment;
  /** Learns every token that is obtained. */
  readonly secrets: Pick<Secrets, 'add'>;
  readonly signal: AbortSignal;
  readonly log: Pick<Log, 'info'>;
}

/** Google's registries take an access token as the password of this user. */
const GOOGLE_USER = 'oauth2accesstoken';

/**
 * A login for a registry. Asks for a new one each time it is called: cloud registries give them for an hour (Google) or
 * twelve (AWS).
 *
 * @returns undefined when nothing is given that is meant for this registry: it is used without a login
 * @throws ConfigurationError PIPE-REGISTRY-001 no registry, PIPE-REGISTRY-009 half a login, PIPE-IDENTITY-001 no
 * permission for OIDC, PIPE-GOOGLE-001 to 008, PIPE-AWS-001 to 004
 * @throws OutsideFault PIPE-IDENTITY-002, PIPE-GOOGLE-009, PIPE-AWS-005 a service that does not answer
 */
export async function signIn(
  request: SignInRequest,
  surroundings: SignInSurroundings,
): Promise<RegistryLogin | undefined> {
  const { host } = parseRegistry(request.registry);
  const { secrets, log, environment } = surroundings;
  const given = givenLogin(request, host);
  if (given !== undefined) {
    secrets.add(given.password);
    log.info(`Registry ${host}: signs in as ${given.username}, with the password given.`);
    return given;
  }
  const token = request.githubToken ?? '';
  if (host === 'ghcr.io' && token !== '') {
    secrets.add(token);
    log.info(`Registry ${host}: signs in with the job's own token.`);
    return { host, username: environment['GITHUB_ACTOR'] || 'github-actions', password: token };
  }
  if (isGoogle(host)) return await signInToGoogle(host, request, surroundings);
  const role = request.awsRole?.trim() ?? '';
  if (host.includes('.dkr') && role !== '') return await signInToAmazon(host, role, surroundings);
  log.info(`Registry ${host}: used without a login, as none was given for it.`);
  return undefined;
}

/** Google's registries (cloud.google.com, "Authenticate to Artifact Registry"). */
function isGoogle(host: string): boolean {
  return host.endsWith('-docker.pkg.dev') || host === 'gcr.io' || host.endsWith('.gcr.io');
}

function givenLogin({ username = '', password = '' }: SignInRequest, host: string): RegistryLogin | undefined {
  const user = username.trim();
  if (user !== '' && password !== '') return { host, username: user, password };
  if (user === '' && password === '') return undefined;
  const missing = user === '' ? 'username' : 'password';
  throw new ConfigurationError({
    code: 'PIPE-REGISTRY-009',
    what: `the registry ${host} has half a login: the input \`${missing}\` is empty`,
    accepted: '`username` and `password` together, or neither',
    example: `${missing}: \${{ secrets.REGISTRY_${missing.toUpperCase()} }}`,
    remedy:
      'see whether the secret exists here and has this name: a secret of an environment is empty in a called workflow unless `secrets: inherit` is given, and in pull requests of forks',
    state: 'nothing was sent',
  });
}

async function signInToGoogle(
  host: string,
  request: SignInRequest,
  surroundings: SignInSurroundings,
): Promise<RegistryLogin | undefined> {
  const { googleIdentity } = await import('../google/identity.ts');
  const { secrets, log } = surroundings;
  const identity = googleIdentity(request);
  if (identity === undefined) {
    log.info(`Registry ${host}: used without a login, as neither a provider nor a key was given for Google.`);
    return undefined;
  }
  const { createGoogleTokens } = await import('../google/token.ts');
  return await withIdentity('Google Cloud', 'PIPE-GOOGLE-009', surroundings, async (means) => {
    const { token, expiresAt } = await createGoogleTokens({ identity, secrets, ...means })();
    const who = identity.kind === 'key' ? identity.email : (identity.serviceAccount ?? 'this job itself');
    log.info(`Registry ${host}: signs in to Google as ${who}, ${identity.kind === 'key' ? 'by a key' : 'by OIDC'}.`);
    return { host, username: GOOGLE_USER, password: token, expiresAt };
  });
}

async function signInToAmazon(
  host: string,
  role: string,
  surroundings: SignInSurroundings,
): Promise<RegistryLogin | undefined> {
  const { ecrRegistry, ecrLogin } = await import('../aws/ecr.ts');
  const { secrets, log, environment } = surroundings;
  const registry = ecrRegistry(host);
  if (registry === undefined) return undefined;
  return await withIdentity('AWS', 'PIPE-AWS-005', surroundings, async (means) => {
    const session = `pipelines-${environment['GITHUB_RUN_ID'] ?? 'local'}`;
    const login = await ecrLogin(registry, role, session, { secrets, ...means });
    log.info(`Registry ${host}: signs in to AWS as the role ${role}, by OIDC.`);
    return { host, ...login };
  });
}

/** Lends a connection and the job's identity for the time of a sign-in. */
async function withIdentity<T>(
  service: string,
  code: 'PIPE-GOOGLE-009' | 'PIPE-AWS-005',
  { environment, secrets, signal }: SignInSurroundings,
  work: (means: {
    readonly http: import('../runtime/http.ts').HttpClient;
    readonly idToken: (audience: string) => Promise<string>;
    readonly describeIdToken: (token: string) => string;
    readonly signal: AbortSignal;
  }) => Promise<T>,
): Promise<T> {
  const { createHttp } = await import('../runtime/http.ts');
  const { githubIdTokens, claimsShown } = await import('../github/id-token.ts');
  const github = createHttp({ environment, service: "GitHub's OpenID Connect service", code: 'PIPE-IDENTITY-002' });
  const http = createHttp({ environment, service, code });
  try {
    const idToken = githubIdTokens({ environment, http: github, secrets, signal });
    return await work({ http, idToken, describeIdToken: claimsShown, signal });
  } finally {
    http.close();
    github.close();
  }
}
