import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { minify } from 'terser';

/** Chunks below this size stay as they are, in bytes. */
const WORTHWHILE = 30_000;

/**
 * Makes large chunks that hold nothing but other people's packages small. What is our own stays readable where it runs.
 * The source map beside a chunk tells what is in it.
 */
export async function minifyPackages(dist: string): Promise<void> {
  for (const name of (await readdir(dist)).filter((file) => file.endsWith('.js'))) {
    const path = join(dist, name);
    const code = await readFile(path, 'utf8');
    if (code.length < WORTHWHILE) continue;
    const { sources } = JSON.parse(await readFile(`${path}.map`, 'utf8')) as { readonly sources: readonly string[] };
    const own = sources.filter((source) => !source.includes('node_modules/') && !source.includes('webpack/'));
    if (own.length > 0) continue;
    const { code: small } = await minify(code, { module: true, ecma: 2020, format: { comments: false } });
    if (small === undefined) throw new Error(`${name} could not be made smaller`);
    await writeFile(path, `${small}\n`);
  }
}
