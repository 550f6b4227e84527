import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { type Answer, type SeenRequest, startServer, type TestServer } from './server.ts';
import { tar } from './tar.ts';

export interface TestRelease {
  /** Without `v`. */
  readonly version: string;
  /** Code name of its line. */
  readonly lts?: string;
  /** Platforms it was built for, default this machine's. */
  readonly builds?: readonly string[];
  /** The program in place of Node, default a script that prints the version. */
  readonly program?: string;
}

export interface NodeSiteSettings {
  readonly releases: readonly TestRelease[];
  /** Signs the list of checksums. */
  readonly sign: (list: Buffer) => Promise<Buffer>;
  /** Changes what is served of a file, or answers for it. */
  readonly fault?: (request: SeenRequest, answer: Answer | undefined) => Answer | undefined;
}

/** A site laid out as nodejs.org/dist, with archives of a script that stands in for Node. */
export async function startNodeSite({ releases, sign, fault }: NodeSiteSettings): Promise<TestServer> {
  const files = new Map<string, Buffer>();
  files.set('/index.json', Buffer.from(JSON.stringify(releases.map(indexEntry))));
  for (const release of releases) {
    const folder = `/v${release.version}`;
    const archives = buildsOf(release).flatMap((build) => archivesOf(release, build));
    for (const [name, content] of archives) files.set(`${folder}/${name}`, content);
    const sums = archives.map(([name, content]) => `${createHash('sha256').update(content).digest('hex')}  ${name}`);
    const list = Buffer.from(`${sums.join('\n')}\n`);
    files.set(`${folder}/SHASUMS256.txt`, list);
    files.set(`${folder}/SHASUMS256.txt.sig`, await sign(list));
  }
  return startServer((request) => {
    const content = files.get(request.path);
    const answer = content === undefined ? undefined : { body: content };
    return fault === undefined ? answer : fault(request, answer);
  });
}

function buildsOf({ builds }: TestRelease): readonly string[] {
  return builds ?? [`${process.platform}-${process.arch}`];
}

function indexEntry(release: TestRelease) {
  return {
    version: `v${release.version}`,
    date: '2026-01-01',
    files: buildsOf(release),
    lts: release.lts ?? false,
  };
}

/** Only gzip: the path that is taken must not depend on what this machine has. */
function archivesOf({ version, program }: TestRelease, build: string): readonly (readonly [string, Buffer])[] {
  const top = `node-v${version}-${build}`;
  const script = program ?? `#!/bin/sh\necho v${version}\n`;
  const archive = tar([
    { path: `${top}/` },
    { path: `${top}/bin/` },
    { path: `${top}/bin/node`, content: script, mode: 0o755 },
    { path: `${top}/bin/npm`, linkTo: '../lib/npm' },
  ]);
  return [
    [`${top}.tar.gz`, gzipSync(archive)],
    // tar tells the compression from the content, not from the name.
    [`${top}.tar.xz`, gzipSync(archive)],
  ];
}
