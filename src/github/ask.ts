import { ConfigurationError, OutsideFault, shown } from '../runtime/errors.ts';
import type { HttpResponse, Method } from '../runtime/http.ts';
import { type Asked, unreadableAnswer } from './answers.ts';
import type { GitHub } from './client.ts';
import type { AnswerOf, Call, Path, Verb } from './types.ts';

/**
 * One call of the REST API, typed by GitHub's own description.
 *
 * @throws ConfigurationError PIPE-GITHUB-001 the token is not known, -002 a permission is missing, -003 not found
 * @throws OutsideFault PIPE-GITHUB-004 rate limit, -005 GitHub failed or did not answer, -006 GitHub refused
 */
export async function ask<const V extends Verb, const P extends Path>(
  github: GitHub,
  method: V,
  path: P,
  call: Call<P, V>,
): Promise<AnswerOf<P, V>> {
  const { answer } = await askWithHeaders(github, method, addressOf(github, path, call), call);
  return answer as AnswerOf<P, V>;
}

/** One answer with its headers, from an address that is complete already. */
export async function askWithHeaders(
  github: GitHub,
  method: Method,
  url: string,
  call: { readonly doing: string; readonly permission: string; readonly body?: unknown; readonly idempotent?: boolean },
): Promise<{ readonly answer: unknown; readonly headers: HttpResponse['headers'] }> {
  const { doing, permission, body, idempotent } = call;
  const response = await github.send({
    method,
    url,
    doing,
    permission,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(idempotent === undefined ? {} : { idempotent }),
  });
  const asked: Asked = { method, url, doing, permission, tries: 1, elapsed: 0 };
  return { answer: parsedAnswer(response, asked), headers: response.headers };
}

function parsedAnswer(response: HttpResponse, asked: Asked): unknown {
  const text = response.body.toString('utf8');
  if (text.trim() === '') return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw unreadableAnswer(response.status, asked, `no JSON but ${shown(text, 60)}`, error);
  }
}

/** The address of a call: names in braces filled in and escaped, query after it. */
export function addressOf<V extends Verb, P extends Path>(github: GitHub, path: P, call: Call<P, V>): string {
  const { owner, name } = github.repository;
  const parts: Readonly<Record<string, unknown>> = { ...(call.path as object), owner, repo: name };
  const filled = path.replace(/\{(\w+)\}/g, (_, key: string) => encodeURIComponent(String(parts[key])));
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(call.query ?? {})) {
    if (value !== undefined && value !== null) query.set(key, String(value));
  }
  return `${github.api}${filled}${query.size === 0 ? '' : `?${query}`}`;
}

/** Whether a failure is one of GitHub's own with that code. */
export function hasCode(error: unknown, code: string): boolean {
  return (error instanceof ConfigurationError || error instanceof OutsideFault) && error.code === code;
}
