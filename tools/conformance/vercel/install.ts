import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installPackages } from '../../install/npm.ts';

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/**
 * Vercel's own command line (360 MB): the witness for what we send, and what we are measured against.
 *
 * @returns absolute path of its program, which Node runs
 */
export async function installVercel(): Promise<string> {
  return join(await installPackages('vercel', here('cli')), 'vercel/dist/vc.js');
}

/** @returns the folder of Vercel's SDK (60 MB), which carries the schemas of its requests and answers */
export async function installVercelSdk(): Promise<string> {
  return join(await installPackages('vercel-sdk', here('sdk')), '@vercel/sdk');
}
