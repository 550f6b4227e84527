import { ConfigurationError, type Fault, OutsideFault, type PipelineError, shown } from '../runtime/errors.ts';
import type { HttpResponse } from '../runtime/http.ts';
import type { RateLimit } from './rate-limit.ts';

/** One request as messages tell it. */
export interface Asked {
  readonly method: string;
  readonly url: string;
  /** Completes "GitHub refused to …". */
  readonly doing: string;
  /** As a workflow file writes it, `pull-requests: write`. */
  readonly permission: string;
  readonly tries: number;
  /** Milliseconds since the first try. */
  readonly elapsed: number;
}

/** Code of the failure when the token may not do what was asked: callers that can do without answer with a notice. */
export const PERMISSION_MISSING = 'PIPE-GITHUB-002';

export const NOT_FOUND = 'PIPE-GITHUB-003';

/** The failure that an answer of status 300 and above means. */
export function failureOf(response: HttpResponse, asked: Asked): PipelineError {
  const said = `${whereOf(asked)} answered ${response.status}, ${shown(messageOf(response), 200)}`;
  switch (response.status) {
    case 401:
      return new ConfigurationError({
        code: 'PIPE-GITHUB-001',
        what: `GitHub does not know the token with which it was asked to ${asked.doing}: ${said}`,
        accepted: `a token that is valid now, with the permission \`${asked.permission}\``,
        example: '`github-token: ${{ github.token }}`, which is the default',
        remedy: 'leave `github-token` out, or renew the token: one of a job ends with its job, an app’s after an hour',
      });
    case 403:
      return new ConfigurationError(permissionFault(response, asked, said));
    case 404:
    case 410:
      return new ConfigurationError({
        code: NOT_FOUND,
        what: `GitHub found nothing when asked to ${asked.doing}: ${said}`,
        accepted: `something that exists and that the token may see (\`${asked.permission}\`)`,
        remedy: 'see whether it was deleted or renamed; GitHub also says 404 of what a token may not see',
      });
    default:
      return outsideFault(response, asked, said);
  }
}

function permissionFault(response: HttpResponse, asked: Asked, said: string): Fault {
  // GitHub names what it would have accepted, sets apart by `;`, the permissions of a set by `,`.
  const header = response.headers['x-accepted-github-permissions'] ?? '';
  const named = header
    .split(/[;,]/)
    .map((pair) => /^\s*([a-z_]+)=(read|write|admin)\s*$/.exec(pair))
    .flatMap((match) => (match === null ? [] : [`${match[1]?.replaceAll('_', '-')}: ${match[2]}`]));
  const wanted = named.length === 0 || named.includes(asked.permission) ? asked.permission : (named[0] ?? '');
  return {
    code: PERMISSION_MISSING,
    what: `the token may not ${asked.doing}: ${said}`,
    accepted: `a token with the permission \`${wanted}\``,
    example: `\`permissions: {${wanted}}\``,
    remedy:
      'grant it where the workflow is called: a called workflow gets no more than its caller, and on pull requests of ' +
      'forks and of Dependabot GitHub gives read only',
  };
}

function outsideFault(response: HttpResponse, asked: Asked, said: string): OutsideFault {
  const { status } = response;
  const isBroken = status >= 500 || status === 408;
  return new OutsideFault(
    {
      code: isBroken ? 'PIPE-GITHUB-005' : 'PIPE-GITHUB-006',
      what: isBroken ? `GitHub failed to ${asked.doing}: ${said}` : `GitHub refused to ${asked.doing}: ${said}`,
      remedy: isBroken
        ? 'run it again; githubstatus.com tells whether GitHub has trouble'
        : 'read what GitHub answered',
    },
    { service: serviceOf(asked), status, tries: asked.tries, elapsed: asked.elapsed },
  );
}

/** GitHub wants no request for longer than we wait. */
export function rateLimitFault(limit: RateLimit, status: number, asked: Asked): OutsideFault {
  const wait = Math.ceil(limit.wait / 1_000);
  const name = limit.kind === 'primary' ? 'the rate limit of the token is used up' : 'a secondary rate limit was met';
  return new OutsideFault(
    {
      code: 'PIPE-GITHUB-004',
      what: `GitHub would not ${asked.doing}: ${name}; it takes requests again in ${wait} s`,
      remedy: `run it again in ${Math.max(1, Math.ceil(wait / 60))} min; a token shared by many jobs is used up sooner`,
    },
    { service: serviceOf(asked), status, tries: asked.tries, elapsed: asked.elapsed },
  );
}

/** A successful answer that is not what GitHub's description says: something else stands in between. */
export function unreadableAnswer(status: number, asked: Asked, found: string, cause?: unknown): OutsideFault {
  return new OutsideFault(
    {
      code: 'PIPE-GITHUB-005',
      what: `the answer to \`${asked.method} ${pathOf(asked.url)}\` is not GitHub’s: ${found}`,
      remedy: 'see whether a proxy answers in GitHub’s place',
    },
    { service: serviceOf(asked), status, tries: asked.tries, elapsed: asked.elapsed },
    { cause },
  );
}

function whereOf({ method, url }: Asked): string {
  return `${method} ${pathOf(url)}`;
}

function pathOf(url: string): string {
  const { pathname } = new URL(url);
  return pathname;
}

function serviceOf({ url }: Asked): string {
  return `GitHub at ${new URL(url).host}`;
}

/** What GitHub said, from `message` and `errors` of its error body. */
function messageOf({ body }: HttpResponse): string {
  const text = body.toString('utf8', 0, 16_384);
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === 'object' && parsed !== null && 'message' in parsed && typeof parsed.message === 'string') {
      const errors = 'errors' in parsed && Array.isArray(parsed.errors) ? parsed.errors : [];
      return [parsed.message, ...errors.slice(0, 3).map((entry) => JSON.stringify(entry))].join('; ');
    }
  } catch {
    // Not JSON: the text itself is what was said.
  }
  return text === '' ? 'nothing' : text;
}
