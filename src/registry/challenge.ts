/** What a registry asks for before it answers (RFC 9110, 11.6.1; distribution's "Token Authentication"). */
export type Challenge =
  | { readonly kind: 'basic' }
  | { readonly kind: 'bearer'; readonly realm: string; readonly service: string | undefined };

const PARAMETER = /([A-Za-z][\w-]*)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/g;

/**
 * Reads a header WWW-Authenticate. Bearer wins where both are offered: its token is worth less than a password.
 *
 * @returns undefined when it offers neither
 */
export function parseChallenge(header: string): Challenge | undefined {
  const bearer = /(?:^|,\s*)bearer\s+(.*)$/i.exec(header)?.[1];
  if (bearer !== undefined) {
    const parameters = new Map(
      [...bearer.matchAll(PARAMETER)].map(([, name = '', quoted, plain]) => [
        name.toLowerCase(),
        quoted?.replace(/\\(.)/g, '$1') ?? plain ?? '',
      ]),
    );
    const realm = parameters.get('realm');
    if (realm !== undefined) return { kind: 'bearer', realm, service: parameters.get('service') };
  }
  return /(?:^|,\s*)basic(?:\s|$)/i.test(header) ? { kind: 'basic' } : undefined;
}
