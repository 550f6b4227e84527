import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { minify } from 'terser';
import { run } from '../install/run.ts';

/** Characters after which a line ends, so that a stack trace still says where it was. */
const LINE = 240;

/**
 * Makes the chunks small, which is what GitHub downloads and Node compiles at every start. Classes keep their names.
 *
 * @throws Error when what comes out is no JavaScript any more
 */
export async function minifyChunks(dist: string): Promise<void> {
  for (const name of (await readdir(dist)).filter((file) => file.endsWith('.js'))) {
    const path = join(dist, name);
    const { code } = await minify(await readFile(path, 'utf8'), {
      module: true,
      ecma: 2020,
      // Failures are told by their class.
      keep_classnames: true,
      compress: { passes: 2 },
      // Not `semicolons: false`: it leaves out those that class fields cannot do without.
      format: { comments: false, max_line_len: LINE },
    });
    if (code === undefined) throw new Error(`${name} could not be made smaller`);
    await writeFile(path, `${code}\n`);
    await run(process.execPath, ['--check', path], 'see what was made of this chunk');
  }
}
