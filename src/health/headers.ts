import { ConfigurationError, type ErrorCode, shown } from '../runtime/errors.ts';

/**
 * Headers as a caller gave them, ready to be sent: a secret often ends with a line break.
 *
 * @param code of the fault when a value can't stand in a header (RFC 9110, 5.5); the value is not shown
 * @throws ConfigurationError with that code
 */
export function headersOf(given: ReadonlyMap<string, string> | undefined, code: ErrorCode): Record<string, string> {
  const headers = [...(given ?? [])].map(([name, value]) => [name, value.trim()] as const);
  const wrong = headers.find(([, value]) => !/^[\t\u0020-\u007e\u0080-\u00ff]*$/.test(value));
  if (wrong === undefined) return Object.fromEntries(headers);
  throw new ConfigurationError({
    code,
    what: `the value of the header ${shown(wrong[0])} can't be sent`,
    given: 'a value with line breaks or other characters that a header does not hold (not shown)',
    accepted: 'one line of Latin letters, digits and signs',
    example: '`headers: {authorization: "Bearer ${{ secrets.PROBE_TOKEN }}"}`',
    state: 'nothing was asked',
  });
}
