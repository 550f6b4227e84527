import { isIP } from 'node:net';

/**
 * Whether a host (with a port or without) is this machine itself: the only one that secrets are sent to without TLS.
 */
export function isLoopback(host: string): boolean {
  const name = host.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1');
  return name === 'localhost' || name === '::1' || (isIP(name) === 4 && name.startsWith('127.'));
}
