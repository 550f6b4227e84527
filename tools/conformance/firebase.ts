import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installPackages } from '../install/npm.ts';

/**
 * Firebase's own command line (312 MB): the witness for what we send, and what we are measured against.
 *
 * @returns absolute path of its program, which Node runs
 */
export async function installFirebase(): Promise<string> {
  const modules = await installPackages('firebase-tools', fileURLToPath(new URL('firebase/', import.meta.url)));
  return join(modules, 'firebase-tools/lib/bin/firebase.js');
}
