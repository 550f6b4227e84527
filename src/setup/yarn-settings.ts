import { join } from 'node:path';
import { readTextFile } from '../runtime/files.ts';

/**
 * `compressionLevel` of .yarnrc.yml (yarnpkg.com/configuration/yarnrc): a digit or `mixed`; undefined where the file
 * says nothing that is either.
 *
 * @param folder absolute path of the project's root
 * @throws those of readTextFile
 */
export async function compressionLevel(folder: string): Promise<string | undefined> {
  const text = await readTextFile(join(folder, '.yarnrc.yml'), 1024 * 1024);
  return /^compressionLevel: *['"]?(\d|mixed)['"]?\s*(?:#.*)?$/m.exec(text ?? '')?.[1];
}
