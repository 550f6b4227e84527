import { shown } from '../runtime/errors.ts';
import { durationText } from '../runtime/kinds.ts';

/** What kept an answer from coming. */
export interface NetworkFault {
  readonly kind: 'tls' | 'connection' | 'timeout' | 'proxy';
  readonly text: string;
}

/** Codes of Node and OpenSSL (nodejs.org/api/tls.html#x509-certificate-error-codes) in plain words. */
const CERTIFICATE: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'certificate expired',
  CERT_NOT_YET_VALID: 'certificate not valid yet',
  CERT_REVOKED: 'certificate revoked',
  ERR_TLS_CERT_ALTNAME_INVALID: 'certificate of another host',
  HOSTNAME_MISMATCH: 'certificate of another host',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'self-signed certificate',
  SELF_SIGNED_CERT_IN_CHAIN: 'certificate of an authority that is not trusted',
  UNABLE_TO_GET_ISSUER_CERT: 'certificate of an authority that is not trusted',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'certificate of an authority that is not trusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'certificate without the one that signed it (an incomplete chain)',
};

const CONNECTION: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ENOTFOUND: 'host name not found',
  EAI_AGAIN: 'host name not resolved',
  ECONNRESET: 'connection closed without an answer',
  EPIPE: 'connection closed without an answer',
  EHOSTUNREACH: 'host not reachable',
  ENETUNREACH: 'network not reachable',
};

/** @param timeout limit of the probe in milliseconds, when it had passed */
export function networkFault(error: Error & { readonly code?: unknown }, timeout: number | undefined): NetworkFault {
  const code = typeof error.code === 'string' ? error.code : '';
  const certificate = CERTIFICATE[code];
  if (certificate !== undefined) return { kind: 'tls', text: certificate };
  if (/^(ERR_SSL|ERR_TLS|CERT_|EPROTO$)/.test(code)) return { kind: 'tls', text: `no TLS (${reason(error, code)})` };
  if (/^ERR_PROXY/.test(code)) return { kind: 'proxy', text: `the proxy refused (${shown(error.message, 120)})` };
  const connection = CONNECTION[code];
  if (connection !== undefined) return { kind: 'connection', text: connection };
  if (code === 'ETIMEDOUT') return { kind: 'timeout', text: 'connection timed out' };
  if (timeout !== undefined) return { kind: 'timeout', text: `no whole answer within ${durationText(timeout)}` };
  return { kind: 'connection', text: code === '' ? error.message : `connection failed (${code})` };
}

/** OpenSSL's own words are long (`C0D7…:error:0A00010B:SSL routines:…`): its last part is the reason. */
function reason(error: Error & { readonly reason?: unknown }, code: string): string {
  return typeof error.reason === 'string' ? shown(error.reason, 80).slice(1, -1) : code;
}
