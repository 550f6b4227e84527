import { ConfigurationError, OutsideFault, shown } from '../runtime/errors.ts';
import type { HttpResponse } from '../runtime/http.ts';
import { jsonMap, textOf } from '../runtime/json.ts';
import { triesOf } from '../runtime/tries.ts';
import { isMap } from '../runtime/yaml.ts';

/** An error as a registry says it (OCI Distribution Specification 1.1, "Error Codes"). */
export interface RegistryError {
  /** `DENIED`, `MANIFEST_UNKNOWN`…; empty when the answer had none. */
  readonly code: string;
  readonly message: string;
}

/** The first error of an answer; both texts are empty where the body is nothing of the kind. */
function errorOf({ body }: Pick<HttpResponse, 'body'>): RegistryError {
  // A page of a proxy, or nothing at all: the status has to do.
  const errors = jsonMap(body)?.['errors'];
  const first: unknown = Array.isArray(errors) ? errors[0] : undefined;
  return isMap(first) ? { code: textOf(first['code']), message: textOf(first['message']) } : { code: '', message: '' };
}

/** What a registry said, for a message; undefined where it said nothing. */
function saying(answer: Pick<HttpResponse, 'body'>): string | undefined {
  const { code, message } = errorOf(answer);
  const said = [code, message].filter((part) => part !== '').join(': ');
  return said === '' ? undefined : shown(said, 300);
}

/** Who is asked about what, for messages. */
export interface Asked {
  readonly host: string;
  /** A repository's name. */
  readonly name: string;
  /** Whether a login was sent along. */
  readonly signedIn: boolean;
}

/** @returns the failure for an answer with status 401 after all that could be done about it */
export function refused({ host, name, signedIn }: Asked, answer: HttpResponse): ConfigurationError {
  const said = saying(answer);
  return new ConfigurationError({
    code: 'PIPE-REGISTRY-003',
    what: signedIn
      ? `the registry ${host} does not accept the login for ${shown(name)}`
      : `the registry ${host} wants a login for ${shown(name)}, and none was given`,
    ...(said === undefined ? {} : { given: `its answer ${said}` }),
    accepted: 'a login that is valid now',
    remedy: signedIn
      ? 'check `username` and `password`, and whether the token has expired'
      : 'give `username` and `password`, or for a cloud registry its OIDC inputs',
    state: 'nothing was written',
  });
}

/** @returns the failure for an answer with status 403 */
export function denied({ host, name, signedIn }: Asked, access: string, answer: HttpResponse): ConfigurationError {
  const said = saying(answer);
  return new ConfigurationError({
    code: 'PIPE-REGISTRY-004',
    what: `the registry ${host} does not allow this ${signedIn ? 'login' : 'job, which has no login,'} to ${access} ${shown(name)}`,
    ...(said === undefined ? {} : { given: `its answer ${said}` }),
    accepted: 'a login with that right on this repository',
    remedy: remedyFor(host),
    state: 'nothing was written',
  });
}

function remedyFor(host: string): string {
  if (host === 'ghcr.io') {
    return 'give the job `packages: write`, and the repository the role Write under "Manage Actions access" of the package';
  }
  if (/(\.pkg\.dev|gcr\.io)$/.test(host)) return 'grant roles/artifactregistry.writer on the repository';
  if (host.includes('.ecr')) return "add ecr:BatchGetImage, ecr:PutImage and the layer actions to the role's policy";
  return 'grant the right to the user of this login';
}

/** How registries say that a tag must stay where it is: Harbor by a status, ECR, Google and GitLab in words. */
const IMMUTABLE = /immutab|cannot be overwritten|can not be overwritten|already exists|protected tag/i;

/** @returns the failure for a manifest that the registry refuses for good */
export function notTaken(
  { host, name }: Pick<Asked, 'host' | 'name'>,
  reference: string,
  answer: HttpResponse,
): ConfigurationError {
  const { code, message } = errorOf(answer);
  const given = `its answer, status ${answer.status}: ${saying(answer) ?? 'nothing'}`;
  const state = 'what the tag stood for before, it stands for now';
  if (code === 'TAG_IMMUTABLE' || IMMUTABLE.test(message) || answer.status === 412) {
    return new ConfigurationError({
      code: 'PIPE-REGISTRY-011',
      what: `the tag ${shown(reference)} of ${shown(name)} stands for another image, and the registry ${host} does not let it move`,
      given,
      accepted: 'tags that nobody has used, where a repository has immutable tags',
      remedy:
        'leave tags that move (`latest`, branches, 1.2) out of `tags`, or exempt them in the settings of the repository',
      state,
    });
  }
  return new ConfigurationError({
    code: 'PIPE-REGISTRY-008',
    what: `the registry ${host} does not take the manifest ${shown(reference)} of ${shown(name)}`,
    given,
    accepted: 'a repository that exists, and content that it allows',
    remedy: 'create the repository, or see what its rules (quota, allowed kinds of content) say',
    state,
  });
}

/** @returns the failure for an answer that a registry should not give */
export function unexpected(
  { host, name }: Pick<Asked, 'host' | 'name'>,
  doing: string,
  answer: HttpResponse,
  started: number,
): OutsideFault {
  const said = saying(answer);
  return new OutsideFault(
    {
      code: 'PIPE-REGISTRY-005',
      what: `the registry could not ${doing} of ${shown(name)}${said === undefined ? '' : `: ${said}`}`,
      remedy: 'run the job again; if it stays, see the status page of the registry',
    },
    {
      service: `the registry at ${host}`,
      status: answer.status,
      tries: triesOf(answer.status),
      elapsed: performance.now() - started,
    },
  );
}

/** @returns the failure for content of more bytes than anybody who wants it can use */
export function tooLarge(
  { host, name }: Pick<Asked, 'host' | 'name'>,
  limit: number,
  answer: HttpResponse,
  started: number,
): OutsideFault {
  return new OutsideFault(
    {
      code: 'PIPE-REGISTRY-005',
      what: `the registry sent content of ${shown(name)} that is larger than ${limit} bytes`,
      state: 'the content was not used',
    },
    { service: `the registry at ${host}`, status: answer.status, tries: 1, elapsed: performance.now() - started },
  );
}
