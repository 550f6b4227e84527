import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliDecompress } from 'node:zlib';

/** Name of the packed parser beside the stubs in dist. */
const PACKED = 'libpg-query.wasm.br';

/**
 * The bytes of PostgreSQL's parser, as the build packs them with Brotli.
 *
 * @param folder the folder of the program that runs: dist
 */
export async function packedParser(folder: string): Promise<Uint8Array> {
  return await promisify(brotliDecompress)(await readFile(join(folder, PACKED)));
}
