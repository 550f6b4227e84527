import { createHash } from 'node:crypto';
import { integrityOf, startRegistry, type TestPackage } from '../test/support/registry/registry.ts';
import type { TestServer } from '../test/support/registry/server.ts';
import { type TarEntry, tarGz } from '../test/support/registry/tar.ts';

/** A project of npm with many packages, and the registry that serves them. */
export interface ManyPackages {
  readonly registry: TestServer;
  /** Name to content of the project's files. */
  readonly files: Readonly<Record<string, string>>;
  /** What is installed in all. */
  readonly count: number;
  readonly fileCount: number;
  readonly bytes: number;
}

/** Every 20th package has a script that the install runs. */
const SCRIPT_EVERY = 20;

/**
 * Packages of the sizes that the registry has: most of some ten small files, some of hundreds. Every eighth is there in
 * two versions, one of them nested; every fifth has a program. The same ones each time.
 *
 * @param count how many are installed
 * @param more packages that the registry has as well
 */
export async function manyPackages(count: number, more: readonly TestPackage[] = []): Promise<ManyPackages> {
  const built = Array.from({ length: count }, (_, index) => packageOf(index));
  const packages: TestPackage[] = built.map(({ name, version, manifest, archive }) => ({
    name,
    version,
    manifest,
    archive,
  }));
  const registry = await startRegistry({ packages: [...packages, ...more] });
  const address = ({ name, version }: Built) =>
    `${registry.url}/${name}/-/${name.replace(/^@[^/]+\//, '')}-${version}.tgz`;
  const top = built.filter(({ place }) => !place.includes('/node_modules/'));
  const dependencies = Object.fromEntries(top.map(({ name, version }) => [name, version]));
  const root = { name: 'many', version: '1.0.0', dependencies };
  const locked = built.map((item) => {
    const { version, manifest, archive, place } = item;
    const script = manifest['scripts'] === undefined ? {} : { hasInstallScript: true };
    const { bin, dependencies: own } = manifest;
    const more = { ...(bin === undefined ? {} : { bin }), ...(own === undefined ? {} : { dependencies: own }) };
    return [place, { version, resolved: address(item), integrity: integrityOf(archive), ...script, ...more }] as const;
  });
  const lockfile = {
    ...root,
    lockfileVersion: 3,
    requires: true,
    packages: { '': root, ...Object.fromEntries(locked) },
  };
  return {
    registry,
    files: {
      'package.json': JSON.stringify({ ...root, private: true }),
      'package-lock.json': JSON.stringify(lockfile),
    },
    count,
    fileCount: built.reduce((sum, { files }) => sum + files, 0),
    bytes: built.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

interface Built {
  readonly name: string;
  readonly version: string;
  readonly manifest: Readonly<Record<string, unknown>>;
  readonly archive: Buffer;
  /** Where the install puts it. */
  readonly place: string;
  readonly files: number;
  readonly bytes: number;
}

function packageOf(index: number): Built {
  const isNested = index % 8 === 7;
  const number = isNested ? index - 1 : index;
  const name = number % 10 === 0 ? `@many/package-${number}` : `package-${number}`;
  const version = isNested ? '2.0.0' : '1.0.0';
  const manifest = {
    ...(index % SCRIPT_EVERY === 3 ? { scripts: { postinstall: 'node postinstall.js' } } : {}),
    ...(index % 5 === 0 ? { bin: { [`program-${index}`]: 'lib/0.js' } } : {}),
    // The one before it needs the other version.
    ...(index % 8 === 5 && index + 2 < 600 ? { dependencies: { [nameOf(index + 1)]: '2.0.0' } } : {}),
  };
  const files: TarEntry[] = [
    { path: 'package/package.json', content: JSON.stringify({ name, version, ...manifest }) },
    {
      path: 'package/postinstall.js',
      content: 'require("fs").writeFileSync("built.txt", process.version + process.arch)',
    },
    ...Array.from({ length: fileCountOf(index) }, (_, file) => ({
      path: `package/lib/${file % 7 === 0 ? '' : `${file % 7}/`}${file}.js`,
      content: textOf(`${index}-${file}`),
    })),
  ];
  const bytes = files.reduce((sum, { content }) => sum + Buffer.byteLength(content ?? ''), 0);
  const parent = `node_modules/${nameOf(index - 2)}/`;
  const place = isNested ? `${parent}node_modules/${name}` : `node_modules/${name}`;
  return { name, version, manifest, archive: tarGz(files), place, files: files.length, bytes };
}

function nameOf(number: number): string {
  return number % 10 === 0 ? `@many/package-${number}` : `package-${number}`;
}

/** Between 4 and some 400, median 20. */
function fileCountOf(index: number): number {
  const random = fraction(`count ${index}`);
  return Math.round(4 + 16 * Math.exp(3.2 * random ** 2.2) - 16 + 14 * random);
}

/** JavaScript that compresses about as source does. */
function textOf(seed: string): string {
  const lines = Math.round(4 + 90 * fraction(`lines ${seed}`) ** 3);
  return Array.from({ length: lines }, (_, line) => {
    const word = createHash('sha256').update(`${seed} ${line}`).digest('base64url').slice(0, 14);
    return `  const value_${word} = input.map((entry) => entry.${word.slice(0, 5)} ?? ${line});\n`;
  }).join('');
}

/** A number from 0 up to 1 that belongs to a text. */
function fraction(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32BE(0) / 2 ** 32;
}
