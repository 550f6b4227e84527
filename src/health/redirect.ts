import { shown } from '../runtime/errors.ts';
import type { HttpResponse } from '../runtime/http.ts';

export type Redirects = 'same-host' | 'none';

export function isRedirect(status: number): boolean {
  return [301, 302, 303, 307, 308].includes(status);
}

/**
 * Where a redirect leads, if a probe goes there: another path of the same host, or from http to https on it. A sign-in
 * page elsewhere would answer 200 for every service.
 */
export function nextAddress(
  from: string,
  { status, headers }: Pick<HttpResponse, 'status' | 'headers'>,
  redirects: Redirects,
): { readonly url: string } | { readonly refused: string } {
  const location = headers['location'] ?? '';
  if (location === '' || !URL.canParse(location, from)) {
    return { refused: `status ${status} with ${location === '' ? 'no address' : `the address ${shown(location)}`}` };
  }
  const [here, there] = [new URL(from), new URL(location, from)];
  // A query can hold a state or a token of the sign-in.
  const place = `${there.origin}${there.pathname}`;
  const refused = `status ${status}, a redirect to ${shown(place, 160).slice(1, -1)}`;
  const isUpgrade = here.protocol === 'http:' && there.protocol === 'https:';
  const isSame = there.origin === here.origin || (isUpgrade && there.hostname === here.hostname);
  return isSame && redirects === 'same-host' ? { url: there.href } : { refused };
}
