import { chmodSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isMap } from '../runtime/yaml.ts';
import type { TreeEntry } from './tree-listing.ts';

/** Name of the listing that travels with a tree. */
export const MANIFEST = 'pipelines-tree.json';

/** What a kept tree is: where it lies, and what they held when the install had just ended. */
export interface TreeManifest {
  /** `node_modules` folders and single files, relative to the project's root. */
  readonly paths: readonly string[];
  readonly entries: readonly TreeEntry[];
}

const KINDS = ['file', 'folder', 'link', 'other'] as const;

/** One line an entry, without names of fields: some ten thousand of them are read before a job can start. */
export async function writeManifest(folder: string, { paths, entries }: TreeManifest): Promise<void> {
  const rows = entries.map(({ path, kind, mode, size, modified, target }) => {
    return [path, KINDS.indexOf(kind), mode, size, modified, target];
  });
  await writeFile(join(folder, MANIFEST), JSON.stringify({ paths, rows }), { mode: 0o600 });
}

/** @throws Error when it is not one */
export async function readManifest(folder: string): Promise<TreeManifest> {
  const value: unknown = JSON.parse(await readFile(join(folder, MANIFEST), 'utf8'));
  if (!isMap(value) || !Array.isArray(value['paths']) || !Array.isArray(value['rows'])) {
    throw new TypeError('the entry has no listing');
  }
  const rows = value['rows'] as readonly unknown[];
  return { paths: value['paths'].map(String), entries: rows.map(entryOf) };
}

function entryOf(row: unknown): TreeEntry {
  const [path, kind, mode, size, modified, target] = Array.isArray(row) ? (row as readonly unknown[]) : [];
  return {
    path: String(path),
    kind: KINDS[Number(kind)] ?? 'other',
    mode: Number(mode),
    size: Number(size),
    modified: Number(modified),
    target: String(target),
  };
}

/** Gives unpacked files and folders the permissions of the listing, which the job's umask may have taken from them. */
export function restoreModes(root: string, expected: readonly TreeEntry[], found: readonly TreeEntry[]): void {
  for (const [index, { path, kind, mode }] of expected.entries()) {
    if (kind !== 'link' && found[index]?.mode !== mode) chmodSync(join(root, path), mode & 0o777);
  }
}
