import type { Permissions, RecordedComment, RecordedExchange } from '../run-types.ts';
import type { Addresses } from './objects.ts';

/** The job a token belongs to, and what it may do. */
export interface JobIdentity {
  readonly id: string;
  readonly permissions: Permissions;
}

export interface Call {
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: unknown;
  readonly job: JobIdentity;
  readonly addresses: Addresses;
}

export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  /** A list that is given out in pages; with a name, inside an object beside `total_count`. */
  readonly list?: { readonly items: readonly unknown[]; readonly name?: string };
  readonly headers?: Readonly<Record<string, string>>;
}

/** A permission that opens a route; one of the alternatives is enough. */
export interface Need {
  readonly scope: string;
  readonly level: 'read' | 'write';
}

export interface Route {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Path as in GitHub's OpenAPI description, `/repos/{owner}/{repo}/…`. */
  readonly path: string;
  /** None for what every token may. */
  readonly needs: readonly Need[];
  /** Page of the documentation below https://docs.github.com/rest/, for error bodies. */
  readonly page: string;
  readonly handle: (call: Call) => Answer | Promise<Answer>;
}

export interface GitHubStandIn {
  /** `http://127.0.0.1:port`, the value of GITHUB_API_URL. */
  readonly url: string;
  readonly requests: readonly RecordedExchange[];
  readonly comments: () => readonly RecordedComment[];
  readonly close: () => Promise<void>;
}

export function notFound(page: string): Answer {
  return { status: 404, body: problem('Not Found', page, 404) };
}

/** An error body of the API: https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api */
export function problem(message: string, page: string, status: number, errors?: readonly unknown[]) {
  const body = { message, documentation_url: `https://docs.github.com/rest/${page}`, status: String(status) };
  return errors === undefined ? body : { ...body, errors };
}

export function textField(body: unknown, name: string): string | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  const value = (body as Readonly<Record<string, unknown>>)[name];
  return typeof value === 'string' ? value : undefined;
}
