import { createHash } from 'node:crypto';
import { type Answer, type Respond, type SeenRequest, startServer, type TestServer } from './server.ts';
import { type TarEntry, tarGz } from './tar.ts';

/** A package to publish: from files, or as a finished archive. */
export interface TestPackage {
  readonly name: string;
  readonly version: string;
  /** Rest of its package.json. */
  readonly manifest?: Readonly<Record<string, unknown>>;
  /** Path inside the package to content. */
  readonly files?: Readonly<Record<string, string>>;
  readonly archive?: Buffer;
  /** Overrides what the registry says of its archive. */
  readonly dist?: Readonly<Record<string, unknown>>;
}

export interface RegistrySettings {
  readonly packages: readonly TestPackage[];
  /** Names that need `Authorization: Bearer <token>`; others are public. */
  readonly isPrivate?: (name: string) => boolean;
  readonly token?: string;
  /** Looks at each request first; what it returns is the answer. */
  readonly fault?: (request: SeenRequest) => Answer | undefined;
}

/**
 * A registry that speaks what npm and pnpm ask of one: package metadata, one version's manifest, archives
 * (https://github.com/npm/registry/blob/main/docs/REGISTRY-API.md).
 */
export async function startRegistry(settings: RegistrySettings): Promise<TestServer> {
  const published = settings.packages.map((item) => ({ item, archive: item.archive ?? archiveOf(item) }));
  const respond: Respond = (request, _body, url) => {
    const fault = settings.fault?.(request);
    if (fault !== undefined) return fault;
    const path = decodeURIComponent(request.path).slice(1);
    const versions = published.filter(({ item }) => path === item.name || path.startsWith(`${item.name}/`));
    const [first] = versions;
    if (first === undefined) return undefined;
    const { name } = first.item;
    const authorized = request.headers.authorization === `Bearer ${settings.token ?? ''}`;
    if (settings.isPrivate?.(name) === true && !authorized) return json({ error: 'authentication required' }, 401);
    const rest = path.slice(name.length + 1);
    if (rest === '') return json(packument(name, versions, url));
    const archive = versions.find(({ item }) => rest === archiveName(item));
    if (archive !== undefined)
      return { body: archive.archive, headers: { 'content-type': 'application/octet-stream' } };
    const version = versions.find(({ item }) => rest === item.version);
    return version === undefined ? undefined : json(manifestOf(version, url));
  };
  return startServer(respond);
}

interface Published {
  readonly item: TestPackage;
  readonly archive: Buffer;
}

function packument(name: string, versions: readonly Published[], url: string): unknown {
  return {
    name,
    'dist-tags': { latest: versions.at(-1)?.item.version },
    versions: Object.fromEntries(versions.map((entry) => [entry.item.version, manifestOf(entry, url)])),
  };
}

function manifestOf({ item, archive }: Published, url: string): Record<string, unknown> {
  const dist = {
    integrity: integrityOf(archive),
    shasum: createHash('sha1').update(archive).digest('hex'),
    tarball: `${url}/${item.name}/${archiveName(item)}`,
    ...item.dist,
  };
  const scripts = item.manifest?.['scripts'] as Record<string, string> | undefined;
  const hasInstallScript = ['preinstall', 'install', 'postinstall'].some((event) => scripts?.[event] !== undefined);
  return {
    ...item.manifest,
    name: item.name,
    version: item.version,
    ...(hasInstallScript ? { hasInstallScript } : {}),
    dist,
  };
}

function archiveName({ name, version }: TestPackage): string {
  return `-/${name.replace(/^@[^/]+\//, '')}-${version}.tgz`;
}

function archiveOf({ name, version, manifest = {}, files = {} }: TestPackage): Buffer {
  const entries: TarEntry[] = [
    { path: 'package/package.json', content: JSON.stringify({ ...manifest, name, version }) },
    ...Object.entries(files).map(([path, content]) => ({ path: `package/${path}`, content })),
  ];
  return tarGz(entries);
}

/** Subresource Integrity (https://www.w3.org/TR/SRI/) of an archive, as lockfiles carry it. */
export function integrityOf(archive: Buffer): string {
  return `sha512-${createHash('sha512').update(archive).digest('base64')}`;
}

function json(value: unknown, status = 200): Answer {
  return { status, body: JSON.stringify(value), headers: { 'content-type': 'application/json' } };
}
