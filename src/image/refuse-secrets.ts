import { ConfigurationError, type Fault, shown } from '../runtime/errors.ts';
import type { Secrets } from '../runtime/secrets.ts';

/** Names whose last word says credential: `NPM_TOKEN`, `DB_PASSWORD`, `apiKey`. */
const CREDENTIAL =
  /(^|_)(token|secret|secrets|password|passwd|passphrase|pwd|pat|credential|credentials|(api|access|private|secret|signing|encryption|auth|ssh|deploy)_?key|auth|dsn|jwt)(_?(base64|b64|json|value))?$/;

/** Prefixes by which front-end tools mark what ends up in the browser anyway. */
const PUBLIC = /^(NEXT_PUBLIC|NUXT_PUBLIC|VITE|REACT_APP|EXPO_PUBLIC|GATSBY|PUBLIC|NG_APP|VUE_APP|STORYBOOK)_/;

/** Values that are credentials whatever they are called: tokens by their prefix, keys, addresses with a password. */
const CREDENTIAL_VALUE =
  /\b(gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,}|npm_[A-Za-z0-9]{30,}|glpat-[\w-]{20,}|xox[abprs]-[\w-]{10,}|AKIA[0-9A-Z]{16}|ASIA[0-9A-Z]{16}|AIza[\w-]{35}|sk_live_\w{16,})|-----BEGIN [A-Z ]*PRIVATE KEY-----|\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@]*:[^\s/@$]+@/;

export function looksLikeCredential(name: string): boolean {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/[-.]/g, '_')
    .toLowerCase();
  return !PUBLIC.test(name) && CREDENTIAL.test(words);
}

/** Values that an image keeps for everybody who pulls it. */
export interface KeptValues {
  readonly image: string;
  readonly kind: 'build argument' | 'label' | 'annotation';
  readonly values: Iterable<readonly [name: string, value: string]>;
}

/**
 * Refuses credentials in what an image keeps: a build argument is in its history and its provenance.
 *
 * @throws ConfigurationError PIPE-IMAGE-003 with a fault for each
 */
export function refuseSecrets(kept: readonly KeptValues[], secrets: Secrets): void {
  const faults = kept.flatMap(({ image, kind, values }) =>
    [...values].flatMap(([name, value]): Fault[] => {
      const reason = reasonOf(kind, name, value, secrets);
      return reason === undefined ? [] : [refusal(image, kind, name, reason)];
    }),
  );
  if (faults.length > 0) throw new ConfigurationError(faults);
}

function reasonOf(kind: KeptValues['kind'], name: string, value: string, secrets: Secrets): string | undefined {
  if (secrets.isIn(value)) return 'its value holds a secret of this run';
  if (CREDENTIAL_VALUE.test(value)) return 'its value has the form of a credential';
  if (kind === 'build argument' && value !== '' && looksLikeCredential(name))
    return 'its name says that it is a credential';
  return undefined;
}

function refusal(image: string, kind: KeptValues['kind'], name: string, reason: string): Fault {
  const id =
    name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '') || 'token';
  return {
    code: 'PIPE-IMAGE-003',
    what: `the ${kind} ${shown(name)} of the image ${shown(image)} would stay readable for everybody who pulls it: ${reason}`,
    given: 'a value that is not shown',
    accepted: 'credentials in the input `secrets`, read by `RUN --mount=type=secret`',
    example: `secrets: {${id}: "\${{ secrets.NAME }}"}, and in the Dockerfile: RUN --mount=type=secret,id=${id},env=${/^\w+$/.test(name) ? name : 'TOKEN'} …`,
    remedy: 'move it there, and change the credential if an image with it was ever pushed',
    state: 'nothing was built',
  };
}
