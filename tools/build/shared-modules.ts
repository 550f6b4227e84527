import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Code in bytes that sharing must save to be worth a file, and that the file must hold: opening one takes longer. */
const WORTH = 5_000;
const SMALLEST = 4_000;

/** Begins a module in what the bundler writes, which has no comment of this form elsewhere. */
const MODULE = /^\/\*\*\*\/ (\S+):\n\/\*\*\*\/ (?=[(f])/gm;
const END = '\n\n/***/ }';

/** What a chunk holds that belongs to an action's door: its declaration. */
const DOOR = /^\/\* harmony export \*\/ {3}(?:action|deployAction): \(\) => \(/m;

export interface Chunk {
  readonly name: string;
  readonly code: string;
}

interface Module {
  readonly id: string;
  /** Function that makes it. */
  readonly factory: string;
  /** Where that stands in the code of its chunk. */
  readonly start: number;
}

/**
 * Lets chunks share the modules that several of them hold: the bundler makes a common chunk only of what is large, and
 * gives each the rest for itself, a fifth of all. Modules that the same chunks hold go to one file, which is loaded with
 * the first of them. What a door holds stays: an action's start needs it, and one file less is faster.
 */
export async function shareModules(dist: string): Promise<void> {
  const names = (await readdir(dist)).filter((name) => /^\d+\.index\.js$/.test(name)).sort();
  const chunks = await Promise.all(
    names.map(async (name) => ({ name, code: await readFile(join(dist, name), 'utf8') })),
  );
  for (const { name, code } of withSharedModules(chunks)) await writeFile(join(dist, name), code);
}

/** The chunks that change, and the files with what they share. */
export function withSharedModules(chunks: readonly Chunk[]): readonly Chunk[] {
  const modules = new Map(chunks.map((chunk) => [chunk, modulesOf(chunk)]));
  const inDoors = new Set(
    chunks.filter(({ code }) => DOOR.test(code)).flatMap((chunk) => (modules.get(chunk) ?? []).map(({ id }) => id)),
  );
  const holders = new Map<string, { readonly module: Module; readonly chunks: Chunk[]; isSame: boolean }>();
  for (const [chunk, held] of modules) {
    for (const module of held.filter(({ id }) => !inDoors.has(id))) {
      const known = holders.get(module.id) ?? { module, chunks: [], isSame: true };
      known.chunks.push(chunk);
      known.isSame &&= known.module.factory === module.factory;
      holders.set(module.id, known);
    }
  }
  const groups = new Map<string, Module[]>();
  for (const { module, chunks: held, isSame } of holders.values()) {
    if (held.length < 2 || !isSame) continue;
    const key = held.map(({ name }) => name).join();
    groups.set(key, [...(groups.get(key) ?? []), module]);
  }
  const files: Chunk[] = [];
  const fileOf = new Map<string, string>();
  for (const [key, group] of groups) {
    const size = group.reduce((sum, { factory }) => sum + factory.length, 0);
    if (size < SMALLEST || size * (key.split(',').length - 1) < WORTH) continue;
    const name = `shared-${group[0]?.id}.index.js`;
    for (const { id } of group) fileOf.set(id, name);
    const entries = group.map(({ id, factory }) => `${id}: ${factory}`);
    files.push({ name, code: `"use strict";\nmodule.exports = {\n${entries.join(',\n')}\n};\n` });
  }
  const changed = [...modules].map(([{ name, code }, held]) => ({ name, code: withoutShared(code, held, fileOf) }));
  return [...files, ...changed.filter(({ code }, index) => code !== chunks[index]?.code)];
}

function modulesOf({ name, code }: Chunk): readonly Module[] {
  return [...code.matchAll(MODULE)].map(({ 0: head, 1: id = '', index }) => {
    const start = index + head.length;
    const end = code.indexOf(END, start);
    if (end === -1) throw new Error(`the module ${id} of ${name} has no end that the bundler would write`);
    return { id, factory: `${code.slice(start, end)}\n}${code[end + END.length] === ')' ? ')' : ''}`, start };
  });
}

function withoutShared(code: string, held: readonly Module[], fileOf: ReadonlyMap<string, string>): string {
  return held.reduceRight((rest, { id, start }) => {
    const file = fileOf.get(id);
    if (file === undefined) return rest;
    const end = rest.indexOf(END, start) + END.length;
    const after = rest[end] === ')' ? end + 1 : end;
    const call = `function (m, e, r) { return require("./${file}")[${id}].call(this, m, e, r); }`;
    return `${rest.slice(0, start)}${call}${rest.slice(after)}`;
  }, code);
}
