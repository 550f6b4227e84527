import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigurationError, shown } from '../runtime/errors.ts';
import { isMap } from '../runtime/yaml.ts';

/** The programs of a package by its `bin`: name to path inside it. */
export function programsOf(manifest: Readonly<Record<string, unknown>>): readonly (readonly [string, string])[] {
  const bin = isMap(manifest['bin']) ? manifest['bin'] : {};
  return Object.entries(bin).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
}

/** The package.json of an unpacked package. @throws ConfigurationError PIPE-SETUP-021 */
export async function readPackage(folder: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    const value: unknown = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
    if (isMap(value)) return value;
  } catch (error) {
    throw unusable(folder, error);
  }
  throw unusable(folder);
}

function unusable(folder: string, cause?: unknown): ConfigurationError {
  return new ConfigurationError(
    {
      code: 'PIPE-SETUP-021',
      what: `a downloaded package has no readable package.json (${shown(folder, 200)})`,
      accepted: 'a package as its publisher made it',
      remedy: 'use another version or another registry',
      state: 'nothing was left in the tool cache',
    },
    { cause },
  );
}
