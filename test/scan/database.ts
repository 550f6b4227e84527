import { spawn } from 'node:child_process';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { installDatabaseWriter } from '../../tools/scan/database.ts';

const DAY = 86_400_000;

/** Packages with a known vulnerability, as the tests' database has them. */
export const MINIMIST = { name: 'minimist', vulnerable: '1.2.0', fixed: '1.2.6', id: 'CVE-2021-44906' } as const;

const NPM = 'npm::GitHub Security Advisory npm';
const DEBIAN = 'debian 12';

/** A vulnerability of an npm package. */
export interface NpmAdvisory {
  readonly package: string;
  readonly id: string;
  /** Undefined: there is no fix. */
  readonly fixed: string | undefined;
  readonly severity: 'CRITICAL' | 'HIGH' | 'MEDIUM' | 'LOW';
  readonly title?: string;
}

const SEVERITY = { CRITICAL: 4, HIGH: 3, MEDIUM: 2, LOW: 1 } as const;

/** What the database holds unless a test says more: npm's minimist and lodash, Debian's zlib and openssl. */
const ADVISORIES: readonly NpmAdvisory[] = [
  {
    package: 'minimist',
    id: 'CVE-2021-44906',
    fixed: '1.2.6',
    severity: 'CRITICAL',
    title: 'minimist: prototype pollution',
  },
  { package: 'lodash', id: 'CVE-2021-23337', fixed: '4.17.21', severity: 'HIGH', title: 'lodash: command injection' },
  { package: 'lodash', id: 'CVE-2020-28500', fixed: '4.17.21', severity: 'MEDIUM', title: 'lodash: slow expression' },
  { package: 'left-pad', id: 'CVE-2026-1000', fixed: undefined, severity: 'CRITICAL', title: 'left-pad: no fix yet' },
];

export interface DatabaseOptions {
  /** Milliseconds since it was built, default an hour. */
  readonly age?: number;
  /** Milliseconds until a newer one is due, counted from when it was built; default a day. */
  readonly due?: number;
  readonly advisories?: readonly NpmAdvisory[];
}

/** Writes `trivy.db` and `metadata.json` into a folder. */
export async function writeDatabase(folder: string, options: DatabaseOptions = {}): Promise<void> {
  await mkdir(folder, { recursive: true });
  const program = await installDatabaseWriter();
  const child = spawn(program, [folder], { stdio: ['pipe', 'inherit', 'inherit'] });
  child.stdin.end(JSON.stringify(description(options)));
  const status = await new Promise<number | null>((resolve) => child.once('close', resolve));
  if (status !== 0) throw new Error(`the database was not written: status ${status}`);
}

function description({ age = 3_600_000, due = DAY, advisories = [] }: DatabaseOptions) {
  const builtAt = Date.now() - age;
  const npm = [...ADVISORIES, ...advisories];
  const time = (milliseconds: number) => new Date(milliseconds).toISOString();
  return {
    updatedAt: time(builtAt),
    nextUpdate: time(builtAt + due),
    downloadedAt: time(builtAt),
    sources: {
      [NPM]: { ID: 'ghsa', Name: 'GitHub Security Advisory npm', URL: 'https://github.com/advisories' },
      [DEBIAN]: { ID: 'debian', Name: 'Debian Security Tracker', URL: 'https://security-tracker.debian.org' },
    },
    advisories: [
      ...npm.map(({ package: name, id, fixed }) => ({
        source: NPM,
        package: name,
        id,
        advisory:
          fixed === undefined
            ? { VulnerableVersions: ['>=0.0.0'] }
            : { PatchedVersions: [fixed], VulnerableVersions: [`<${fixed}`] },
      })),
      { source: DEBIAN, package: 'zlib', id: 'CVE-2023-45853', advisory: { FixedVersion: '1:1.2.13.dfsg-2' } },
      { source: DEBIAN, package: 'openssl', id: 'CVE-2026-0001', advisory: { FixedVersion: '3.0.11-1~deb12u3' } },
      { source: DEBIAN, package: 'openssl', id: 'CVE-2026-0002', advisory: {} },
    ],
    vulnerabilities: Object.fromEntries([
      ...npm.map(({ id, severity, title = id }) => [
        id,
        { Title: title, VendorSeverity: { ghsa: SEVERITY[severity] } },
      ]),
      ['CVE-2023-45853', { Title: 'zlib: overflow', VendorSeverity: { nvd: 4 } }],
      ['CVE-2026-0001', { Title: 'openssl: first', VendorSeverity: { nvd: 3 }, CVSS: { nvd: { V3Score: 7.5 } } }],
      ['CVE-2026-0002', { Title: 'openssl: second, without a fix', VendorSeverity: { nvd: 3 } }],
    ]),
  };
}

/** The database's layer as a registry serves it. */
export async function databaseFiles(
  options: DatabaseOptions,
  folder: string,
): Promise<readonly { path: string; content: Buffer }[]> {
  await writeDatabase(folder, options);
  return Promise.all(
    ['trivy.db', 'metadata.json'].map(async (path) => ({ path, content: await readFile(join(folder, path)) })),
  );
}
