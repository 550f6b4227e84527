import { access, constants, readdir } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installGoTool } from '../install/go.ts';
import { installPythonTools } from '../install/python.ts';

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/**
 * The path of a program that the machine has to have.
 *
 * @throws Error that says what to install
 */
async function requireProgram(name: string, remedy: string): Promise<string> {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const path = join(folder, name);
    if (await isExecutable(path)) return path;
  }
  throw new Error(`${name} is not installed: ${remedy}`);
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    // Whatever the reason, it can't be started.
    return false;
  }
}

/** The distribution registry, the one that most registries are made of. */
export function requireRegistry(): Promise<string> {
  return requireProgram('docker-registry', 'apt-get install docker-registry');
}

/** Makes the certificates of the tests. */
export function requireOpenssl(): Promise<string> {
  return requireProgram('openssl', 'apt-get install openssl');
}

/** Google Cloud's command line, which hosted runners have. */
export function requireGcloud(): Promise<string> {
  return requireProgram('gcloud', 'https://cloud.google.com/sdk/docs/install');
}

/** A program that reads and writes registries, made by others: the witness for our client. */
export function installCrane(): Promise<string> {
  return installGoTool(here('crane'), 'github.com/google/go-containerregistry/cmd/crane');
}

/** @returns the path of the AWS command line */
export async function installAws(): Promise<string> {
  return join(await installPythonTools('aws', here('aws-requirements.txt')), 'aws');
}

/** @returns the folder of Google's discovery documents: `sts.v1.json`, `run.v2.json` */
export async function installGoogleDocuments(): Promise<string> {
  const bin = await installPythonTools('google-documents', here('google-requirements.txt'));
  const libraries = join(bin, '../lib');
  const [python = ''] = await readdir(libraries);
  return join(libraries, python, 'site-packages/googleapiclient/discovery_cache/documents');
}
