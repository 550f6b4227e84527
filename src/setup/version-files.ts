import { dirname, join } from 'node:path';
import { ConfigurationError, shown } from '../runtime/errors.ts';
import { contains, readTextFile } from '../runtime/files.ts';
import { devEngines, type Manifest, mapAt, placeOf, readManifest } from './manifest.ts';
import { NODE_REQUEST_ACCEPTED, type NodeRequest, parseNodeRequest } from './node-request.ts';

/** What one file says about Node, not yet understood. */
export interface NodeStatement {
  /** As said in the log: `.nvmrc`, `apps/api/package.json (engines.node)`. */
  readonly source: string;
  readonly text: string;
  /** Whether it chooses a version, or says in what range the project works (`engines`, and what comes after it). */
  readonly chooses: boolean;
}

/** The folders from `directory` up to `workspace`, nearest first; both absolute. */
export function foldersUp(workspace: string, directory: string): readonly string[] {
  const folders: string[] = [];
  for (let folder = directory; contains(workspace, folder); folder = dirname(folder)) {
    folders.push(folder);
    if (folder === dirname(folder)) break;
  }
  return folders;
}

/**
 * Everything that files say about Node's version, the one that decides first. In one folder the order is: .nvmrc,
 * .node-version, package.json devEngines.runtime, volta.node, engines.node, .tool-versions. Folders are searched from
 * `directory` up to `workspace` in two rounds, nearest folder first: the first four choose a version; only where none
 * of the folders has one do `engines` (the range in which a package works, often written into every package of a
 * monorepo) and .tool-versions decide.
 *
 * @throws ConfigurationError PIPE-SETUP-002 a package.json that is not JSON, and those of readTextFile
 */
export async function nodeStatements(workspace: string, directory: string): Promise<readonly NodeStatement[]> {
  const found: NodeStatement[] = [];
  for (const folder of foldersUp(workspace, directory)) found.push(...(await statementsIn(folder, workspace)));
  return [...found.filter(({ chooses }) => chooses), ...found.filter(({ chooses }) => !chooses)];
}

async function statementsIn(folder: string, workspace: string): Promise<readonly NodeStatement[]> {
  const place = (name: string) => placeOf(workspace, join(folder, name));
  const plain = async (name: string): Promise<readonly NodeStatement[]> => {
    const text = firstLine(await readTextFile(join(folder, name), 64 * 1024));
    return text === undefined ? [] : [{ source: place(name), text, chooses: true }];
  };
  const manifest = await readManifest(join(folder, 'package.json'), workspace);
  const tools = toolVersion(await readTextFile(join(folder, '.tool-versions'), 64 * 1024));
  return [
    ...(await plain('.nvmrc')),
    ...(await plain('.node-version')),
    ...(manifest === undefined ? [] : statementsOf(manifest)),
    ...(tools === undefined ? [] : [{ source: place('.tool-versions'), text: tools, chooses: false }]),
  ];
}

/** The first line that says something: comments start with `#`; nvm also allows `name=value` lines for others. */
function firstLine(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const lines = text.split(/\r?\n/).map((line) => line.replace(/#.*/, '').trim());
  return lines.find((line) => line !== '' && !/^[A-Za-z_][\w-]*=/.test(line)) ?? '';
}

function statementsOf(manifest: Manifest): readonly NodeStatement[] {
  const { file, fields } = manifest;
  const statement = (field: string, value: unknown, chooses: boolean): readonly NodeStatement[] => {
    if (value === undefined || value === null) return [];
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    return [{ source: `${file} (${field})`, text, chooses }];
  };
  const runtime = devEngines(manifest, 'runtime').find(({ name }) => name === 'node');
  return [
    ...statement('devEngines.runtime', runtime?.version, true),
    ...statement('volta.node', mapAt(fields, 'volta')['node'], true),
    ...statement('engines.node', mapAt(fields, 'engines')['node'], false),
  ];
}

/** The line of Node in a .tool-versions file (asdf-vm.com, "Configuration"): a name, then versions, the first one first. */
function toolVersion(text: string | undefined): string | undefined {
  for (const line of (text ?? '').split(/\r?\n/)) {
    const [name, version] = line.replace(/#.*/, '').trim().split(/\s+/);
    if (name === 'nodejs' || name === 'node') return version ?? '';
  }
  return undefined;
}

/** @throws ConfigurationError PIPE-SETUP-001 when it is no version, range or alias */
export async function requestOf({ source, text }: Pick<NodeStatement, 'source' | 'text'>): Promise<NodeRequest> {
  const request = await parseNodeRequest(text);
  if (request !== undefined) return request;
  throw new ConfigurationError({
    code: 'PIPE-SETUP-001',
    what: `${shown(source, 200)} does not name a version of Node`,
    given: shown(text),
    accepted: NODE_REQUEST_ACCEPTED,
    example: '24',
    remedy: `correct ${shown(source, 200)}, or give the input \`node-version\``,
    state: 'nothing was installed',
  });
}
