import { ConfigurationError, shown } from '../runtime/errors.ts';
import { jsonMap } from '../runtime/json.ts';

/** As whom Google Cloud is asked. */
export type GoogleIdentity = WorkloadIdentity | KeyIdentity;

/** By a token of the job's own, without any stored secret (cloud.google.com, "Workload Identity Federation"). */
export interface WorkloadIdentity {
  readonly kind: 'workload-identity';
  /** `projects/<number>/locations/global/workloadIdentityPools/<pool>/providers/<provider>`. */
  readonly provider: string;
  /** E-mail address of the account to act as; undefined: the job itself has been granted the roles. */
  readonly serviceAccount: string | undefined;
}

/** By a service account's key. */
export interface KeyIdentity {
  readonly kind: 'key';
  readonly email: string;
  readonly keyId: string;
  readonly privateKey: string;
  readonly project: string | undefined;
  /** Where a token is asked for. */
  readonly tokenAddress: string;
}

export interface GoogleInputs {
  readonly workloadIdentityProvider?: string | undefined;
  readonly serviceAccount?: string | undefined;
  readonly credentialsJson?: string | undefined;
}

const PROVIDER =
  /^projects\/(\d{1,20})\/locations\/global\/workloadIdentityPools\/([a-z0-9-]{4,32})\/providers\/([a-z0-9-]{4,32})$/;
const ACCOUNT = /^[a-z0-9.-]{1,64}@[a-z0-9.-]{1,190}$/;
const TOKEN_ADDRESS = 'https://oauth2.googleapis.com/token';

/**
 * Reads the three inputs of Google's sign-in. Where both ways are given, workload identity wins: it is the better one,
 * and the key is often a leftover of a change to it.
 *
 * @returns undefined when neither is given
 * @throws ConfigurationError PIPE-GOOGLE-001 a provider or account that is none, PIPE-GOOGLE-002 a key that is none
 */
export function googleIdentity(inputs: GoogleInputs): GoogleIdentity | undefined {
  const provider = inputs.workloadIdentityProvider?.trim() ?? '';
  const account = inputs.serviceAccount?.trim() ?? '';
  const credentials = inputs.credentialsJson?.trim() ?? '';
  if (provider !== '') {
    return {
      kind: 'workload-identity',
      provider: readProvider(provider),
      serviceAccount: account === '' ? undefined : readAccount(account),
    };
  }
  return credentials === '' ? undefined : readKey(credentials);
}

function readProvider(text: string): string {
  const name = text.replace(/^(?:https:)?\/\/iam\.googleapis\.com\//, '');
  if (PROVIDER.test(name)) return name;
  const remedy = !name.includes('/providers/')
    ? 'this is the name of a pool: add /providers/ and the name of the provider'
    : /^projects\/[^/]*[^\d/]/.test(name)
      ? "use the project's number, not its id: `gcloud projects describe <id> --format='value(projectNumber)'`"
      : 'copy it from `gcloud iam workload-identity-pools providers describe … --format="value(name)"`';
  throw new ConfigurationError({
    code: 'PIPE-GOOGLE-001',
    what: 'the input `workload-identity-provider` is not the full name of a provider',
    given: shown(text, 200),
    accepted: 'projects/<number>/locations/global/workloadIdentityPools/<pool>/providers/<provider>',
    example: 'projects/123456789012/locations/global/workloadIdentityPools/github/providers/my-org',
    remedy,
    state: 'nothing was sent',
  });
}

function readAccount(text: string): string {
  if (ACCOUNT.test(text)) return text;
  throw new ConfigurationError({
    code: 'PIPE-GOOGLE-001',
    what: 'the input `service-account` is not the e-mail address of a service account',
    given: shown(text),
    accepted: "an account's e-mail address, or nothing where the job itself has been granted the roles",
    example: 'deploy@my-project.iam.gserviceaccount.com',
    state: 'nothing was sent',
  });
}

/** A key as it is, or in base64, as some keep it so that it fits on one line. */
function readKey(text: string): KeyIdentity {
  const value = jsonMap(text) ?? jsonMap(Buffer.from(text, 'base64'));
  if (value === undefined) throw notAKey('text that is not JSON', 'paste the whole file, from { to }');
  const { type, client_email: email, private_key: privateKey, private_key_id: keyId } = value;
  if (type === 'external_account') {
    throw notAKey('a workload identity configuration', 'give its `audience` as `workload-identity-provider` instead');
  }
  if (type === 'authorized_user') throw notAKey("a person's own login", 'make a service account, or use OIDC');
  if (type !== 'service_account') throw notAKey(`an object of the type ${shown(type)}`, 'give a service account key');
  const isWhole = [email, privateKey, keyId].every((part) => typeof part === 'string' && part !== '');
  if (!isWhole || !String(privateKey).includes('-----BEGIN')) {
    const missing = ['client_email', 'private_key', 'private_key_id'].filter((name) => typeof value[name] !== 'string');
    throw notAKey(
      `a key without ${missing.join(', ') || 'a private key in PEM form'}`,
      'make a new key and paste it whole',
    );
  }
  const { project_id: project, token_uri: address = TOKEN_ADDRESS } = value;
  return {
    kind: 'key',
    email: String(email),
    keyId: String(keyId),
    privateKey: String(privateKey),
    project: typeof project === 'string' ? project : undefined,
    tokenAddress: readTokenAddress(address),
  };
}

function readTokenAddress(value: unknown): string {
  if (typeof value === 'string' && URL.canParse(value)) {
    const { protocol, hostname } = new URL(value);
    // What is signed with the key goes to Google and to nobody else, whatever the file says.
    if (protocol === 'https:' && (hostname === 'accounts.google.com' || hostname.endsWith('.googleapis.com')))
      return value;
  }
  throw notAKey('a `token_uri` that is no address of Google', `set it to ${TOKEN_ADDRESS}`);
}

function notAKey(found: string, remedy: string): ConfigurationError {
  return new ConfigurationError({
    code: 'PIPE-GOOGLE-002',
    what: 'the input `credentials-json` is not the key of a service account',
    given: found,
    accepted: 'the JSON file of a service account key, whole; better no key at all: `workload-identity-provider`',
    remedy,
    state: 'nothing was sent',
  });
}
