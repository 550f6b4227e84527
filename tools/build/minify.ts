import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Script } from 'node:vm';
import { type MinifyOptions, minify } from 'terser';

/** Characters after which a line ends, so that a stack trace still says where it was. */
const LINE = 240;

const OPTIONS: MinifyOptions = {
  ecma: 2020,
  toplevel: true,
  // Failures are told by their class.
  keep_classnames: true,
  compress: { passes: 2 },
  // Not `semicolons: false`: it leaves out those that class fields cannot do without.
  format: { comments: false, max_line_len: LINE },
};

/**
 * Makes the chunks small, which is what GitHub downloads and Node compiles at every start. Classes keep their names.
 *
 * @param kept folder in which the small form of a chunk is kept, by its content: most builds change few chunks
 * @throws Error when what comes out is no JavaScript any more
 */
export async function minifyChunks(dist: string, kept: string): Promise<void> {
  const version = await terserVersion();
  for (const name of (await readdir(dist)).filter((file) => file.endsWith('.js'))) {
    const path = join(dist, name);
    const code = await readFile(path, 'utf8');
    const hash = createHash('sha256')
      .update(JSON.stringify([version, OPTIONS, code]))
      .digest('hex');
    const file = join(kept, `${hash}.js`);
    const small = (await textOf(file)) ?? (await smaller(name, code, file));
    await writeFile(path, small);
  }
}

async function smaller(name: string, code: string, file: string): Promise<string> {
  // terser changes the options that it is given.
  const { code: small } = await minify(code, structuredClone(OPTIONS));
  if (small === undefined) throw new Error(`${name} could not be made smaller`);
  // As Node compiles a CommonJS module; throws where it can't.
  new Script(`(function (exports, require, module, __filename, __dirname) {${small}\n})`, { filename: name });
  await mkdir(dirname(file), { recursive: true });
  // Several builds share the folder: a file is there whole or not at all.
  await writeFile(`${file}.${process.pid}`, `${small}\n`);
  await rename(`${file}.${process.pid}`, file);
  return `${small}\n`;
}

async function terserVersion(): Promise<string> {
  const manifest = new URL(import.meta.resolve('terser/package.json'));
  return (JSON.parse(await readFile(manifest, 'utf8')) as { readonly version: string }).version;
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
