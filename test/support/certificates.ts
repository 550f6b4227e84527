import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requireOpenssl } from '../../tools/registry/install.ts';

/** A certificate with its private key, both in PEM form. */
export interface Certificate {
  readonly certificate: string;
  readonly key: string;
}

/** A certificate authority of a test, for a day. */
export async function createAuthority(name: string): Promise<Certificate> {
  return await inFolder((folder, openssl) => {
    const subject = ['-subj', `/CN=${name}`, '-days', '1'];
    const use = ['-addext', 'keyUsage=critical,keyCertSign,digitalSignature'];
    openssl(['req', '-x509', ...newKey(folder), ...subject, ...use, '-out', join(folder, 'certificate.pem')]);
    return readPair(folder);
  });
}

/** A server's certificate for host names, which can start with `*.`. */
export async function issueCertificate(authority: Certificate, hosts: readonly string[]): Promise<Certificate> {
  return await inFolder((folder, openssl) => {
    writeFileSync(join(folder, 'ca.pem'), authority.certificate);
    writeFileSync(join(folder, 'ca.key'), authority.key, { mode: 0o600 });
    writeFileSync(join(folder, 'names'), `subjectAltName=${hosts.map((host) => `DNS:${host}`).join(',')}\n`);
    openssl(['req', '-new', ...newKey(folder), '-subj', '/CN=stand-in', '-out', join(folder, 'request.pem')]);
    const issuer = ['-CA', join(folder, 'ca.pem'), '-CAkey', join(folder, 'ca.key'), '-CAcreateserial', '-days', '1'];
    const files = ['-in', join(folder, 'request.pem'), '-extfile', join(folder, 'names')];
    openssl(['x509', '-req', ...files, ...issuer, '-out', join(folder, 'certificate.pem')]);
    return readPair(folder);
  });
}

function newKey(folder: string): string[] {
  return ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', join(folder, 'key.pem')];
}

function readPair(folder: string): Certificate {
  const read = (name: string) => readFileSync(join(folder, name), 'utf8');
  return { certificate: read('certificate.pem'), key: read('key.pem') };
}

async function inFolder(work: (folder: string, openssl: (args: readonly string[]) => void) => Certificate) {
  const program = await requireOpenssl();
  const folder = mkdtempSync(join(tmpdir(), 'pipelines-certificate-'));
  try {
    return work(folder, (args) => {
      const { status, stderr } = spawnSync(program, [...args], { encoding: 'utf8' });
      if (status !== 0) throw new Error(`openssl ${args[0]} ended with ${status}: ${stderr}`);
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
