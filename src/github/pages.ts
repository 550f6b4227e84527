import { OutsideFault, shown } from '../runtime/errors.ts';
import { unreadableAnswer } from './answers.ts';
import { addressOf, askWithHeaders } from './ask.ts';
import type { GitHub } from './client.ts';
import type { AnswerOf, Call, Path } from './types.ts';

type ItemOf<A> = A extends readonly (infer T)[] ? T : never;

/**
 * All items of a list, page after page by the `link` header (RFC 8288; docs.github.com, "Using pagination in the REST
 * API").
 *
 * @param pages most pages to read; more is an error, never a shorter list
 * @throws OutsideFault PIPE-GITHUB-008 more pages than that, or a next page at another host; else as `ask`
 */
export async function askAll<const P extends Path>(
  github: GitHub,
  path: P,
  call: Call<P, 'GET'>,
  pages: number,
): Promise<readonly ItemOf<AnswerOf<P, 'GET'>>[]> {
  const items: ItemOf<AnswerOf<P, 'GET'>>[] = [];
  let url: string | undefined = addressOf<'GET', P>(github, path, call);
  for (let page = 1; url !== undefined; page += 1) {
    if (page > pages) throw tooFar(github, call.doing, `it has more than ${pages} pages`, page);
    const { answer, headers } = await askWithHeaders(github, 'GET', url, call);
    if (!Array.isArray(answer)) {
      const asked = { method: 'GET', url, doing: call.doing, permission: call.permission, tries: 1, elapsed: 0 };
      throw unreadableAnswer(200, asked, `no list but ${shown(answer, 60)}`);
    }
    items.push(...(answer as ItemOf<AnswerOf<P, 'GET'>>[]));
    const next = nextPage(headers['link'] ?? '');
    // The token goes to the API's own host only, whatever an answer says.
    if (next !== undefined && new URL(next, url).origin !== new URL(github.api).origin) {
      throw tooFar(github, call.doing, `the next page is said to be at ${shown(next, 120)}`, page);
    }
    url = next === undefined ? undefined : new URL(next, url).href;
  }
  return items;
}

function tooFar(github: GitHub, doing: string, reason: string, tries: number): OutsideFault {
  return new OutsideFault(
    { code: 'PIPE-GITHUB-008', what: `the list could not be read to its end when asked to ${doing}: ${reason}` },
    { service: `GitHub at ${new URL(github.api).host}`, status: 200, tries, elapsed: 0 },
  );
}

/** A parameter of a link: a name, and a token or a quoted string (RFC 9110, 5.6). */
const PARAMETER = /\s*;\s*([\w*-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^",;\s]+))/g;
const LINK = new RegExp(`<([^<>]*)>((?:${PARAMETER.source})*)`, 'g');

/** The address with `rel="next"` of a `link` header, `<https://…>; rel="next", <…>; rel="last"`. */
export function nextPage(header: string): string | undefined {
  for (const [, address, parameters = ''] of header.matchAll(LINK)) {
    const relations = [...parameters.matchAll(PARAMETER)]
      .filter(([, name]) => name?.toLowerCase() === 'rel')
      .flatMap(([, , quoted, bare]) => (quoted ?? bare ?? '').toLowerCase().split(/\s+/));
    if (relations.includes('next') && address !== undefined) return address;
  }
  return undefined;
}
