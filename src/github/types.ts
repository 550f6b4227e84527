import type { paths } from '@octokit/openapi-types';

/** Paths of GitHub's REST API as its OpenAPI description writes them, `/repos/{owner}/{repo}/…`. */
export type Path = keyof paths;

export type Verb = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';

type OperationOf<P extends Path, V extends Verb> = paths[P][Lowercase<V> & keyof paths[P]];

type ContentOf<R> = R extends { readonly content: { readonly 'application/json': infer T } } ? T : undefined;

/** The body of a successful answer; undefined where the description has none. */
export type AnswerOf<P extends Path, V extends Verb> =
  OperationOf<P, V> extends { readonly responses: infer R }
    ? 200 extends keyof R
      ? ContentOf<R[200]>
      : 201 extends keyof R
        ? ContentOf<R[201]>
        : undefined
    : never;

type PathPartOf<P extends Path, V extends Verb> =
  OperationOf<P, V> extends { readonly parameters: { readonly path: infer T } } ? Omit<T, 'owner' | 'repo'> : unknown;

type QueryOf<P extends Path, V extends Verb> =
  OperationOf<P, V> extends { readonly parameters: { readonly query?: infer T } } ? T : never;

type BodyOf<P extends Path, V extends Verb> =
  OperationOf<P, V> extends { readonly requestBody?: { readonly content: { readonly 'application/json': infer T } } }
    ? T
    : never;

/** What a call says besides method and path. `owner` and `repo` are the client's own. */
export interface Call<P extends Path, V extends Verb> {
  /** For messages: what is being done, completing "GitHub refused to …" ("list the comments of pull request 7"). */
  readonly doing: string;
  /** The permission that GitHub asks for, as a workflow file writes it (`pull-requests: write`). */
  readonly permission: string;
  /** The names in braces of the path. */
  readonly path: PathPartOf<P, V>;
  readonly query?: QueryOf<P, V>;
  readonly body?: BodyOf<P, V>;
  /** Whether sending it twice does no harm; default: every method but POST and PATCH. */
  readonly idempotent?: boolean;
}
