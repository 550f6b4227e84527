import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';

/**
 * Packs what actions read beside their code: PostgreSQL's parser as WebAssembly (libpg-query), 1.7 MB as it is and a
 * seventh of that with Brotli.
 */
export async function packAssets(root: string, dist: string): Promise<void> {
  const wasm = await readFile(join(root, 'node_modules/libpg-query/wasm/libpg-query.wasm'));
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
    [constants.BROTLI_PARAM_SIZE_HINT]: wasm.length,
  };
  await writeFile(join(dist, 'libpg-query.wasm.br'), brotliCompressSync(wasm, { params }));
}
