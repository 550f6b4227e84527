import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Certificates {
  /** File with the certificate of the authority. */
  readonly authority: string;
  readonly key: Buffer;
  readonly cert: Buffer;
}

/** A certificate for some hosts by an authority of the test's own, made in a folder by openssl. */
export function certificatesFor(hosts: readonly string[], folder: string): Certificates {
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  openssl('req', '-x509', ...newKey, '-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=Test authority');
  const names = hosts.map((host) => `${/^[\d.]+$/.test(host) ? 'IP' : 'DNS'}:${host}`).join(',');
  const signed = [
    '-CA',
    'ca.pem',
    '-CAkey',
    'ca.key',
    '-addext',
    `subjectAltName=${names}`,
    '-addext',
    'basicConstraints=CA:FALSE',
  ];
  openssl('req', '-x509', ...newKey, ...signed, '-keyout', 'host.key', '-out', 'host.pem', '-subj', '/CN=Test host');
  const read = (name: string) => readFileSync(join(folder, name));
  return { authority: join(folder, 'ca.pem'), key: read('host.key'), cert: read('host.pem') };
}
