import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { minify } from 'terser';

/**
 * Makes the chunks small, which is what GitHub downloads and Node compiles at every start. Functions keep their names
 * and statements their lines, so that a stack trace in a report still says where it was.
 */
export async function minifyChunks(dist: string): Promise<void> {
  for (const name of (await readdir(dist)).filter((file) => file.endsWith('.js'))) {
    const path = join(dist, name);
    const { code } = await minify(await readFile(path, 'utf8'), {
      module: true,
      ecma: 2020,
      keep_fnames: true,
      format: { comments: false, semicolons: false },
    });
    if (code === undefined) throw new Error(`${name} could not be made smaller`);
    await writeFile(path, `${code}\n`);
  }
}
