/** The version that is used when none is named; tools/scan installs the same for the tests. */
export const TRIVY_VERSION = '0.70.0';

/** A release's archive for one platform. */
export interface TrivyArchive {
  readonly name: string;
  /** In hexadecimal. */
  readonly sha256: string;
}

/**
 * SHA-256 of the releases' archives, from their `trivy_<version>_checksums.txt` on
 * https://github.com/aquasecurity/trivy/releases. Adding a version means adding its four lines.
 */
const CHECKSUMS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '0.70.0': {
    'linux-x64': '8b4376d5d6befe5c24d503f10ff136d9e0c49f9127a4279fd110b727929a5aa9',
    'linux-arm64': '2f6bb988b553a1bbac6bdd1ce890f5e412439564e17522b88a4541b4f364fc8d',
    'darwin-x64': '52d531452b19e7593da29366007d02a810e1e0080d02f9cf6a1afb46c35aaa93',
    'darwin-arm64': '68e543c51dcc96e1c344053a4fde9660cf602c25565d9f09dc17dd41e13b838a',
  },
};

/** Platforms as Node says them, to how archives are named for them. */
const BUILDS: Readonly<Record<string, string>> = {
  'linux-x64': 'Linux-64bit',
  'linux-arm64': 'Linux-ARM64',
  'darwin-x64': 'macOS-64bit',
  'darwin-arm64': 'macOS-ARM64',
};

/** Releases that carried somebody else's program in March 2026. */
const POISONED: ReadonlySet<string> = new Set(['0.69.4', '0.69.5', '0.69.6']);

export function isPoisoned(version: string): boolean {
  return POISONED.has(version);
}

/** The archive of a version, and undefined where no checksum of it is kept. */
export function archiveOf(version: string, platform: string, arch: string): TrivyArchive | undefined {
  const place = `${platform}-${arch}`;
  const sha256 = Object.hasOwn(CHECKSUMS, version) ? CHECKSUMS[version]?.[place] : undefined;
  const build = BUILDS[place];
  return sha256 === undefined || build === undefined ? undefined : { name: `trivy_${version}_${build}.tar.gz`, sha256 };
}

export function knownVersions(): readonly string[] {
  return Object.keys(CHECKSUMS);
}
