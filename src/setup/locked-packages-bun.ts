import { isMap } from '../runtime/yaml.ts';
import type { LockedPackage } from './locked-packages.ts';
import { brokenLockfile } from './lockfiles.ts';
import { mapAt } from './manifest.ts';

/**
 * The packages of a bun.lock that come from a registry (bun.com/docs/install/lockfile): JSON with trailing commas.
 *
 * @throws ConfigurationError PIPE-SETUP-015 when it is no such lockfile
 */
export function packagesOfBun(text: string, place: string): readonly LockedPackage[] {
  const packages = mapAt(parse(text, place), 'packages');
  return Object.values(packages).flatMap((entry) => {
    // [`name@version`, address of the archive or '', what it depends on, integrity]; others are links and repositories.
    if (!Array.isArray(entry) || entry.length !== 4) return [];
    const [id, address, , integrity] = entry as readonly unknown[];
    const [, name, version] = /^((?:@[^@/]+\/)?[^@]+)@(\d[^:/]*)$/.exec(String(id)) ?? [];
    if (name === undefined || version === undefined || typeof integrity !== 'string') return [];
    const resolved = typeof address === 'string' && address !== '' ? address : undefined;
    return [{ name, version, resolved, integrity }];
  });
}

function parse(text: string, place: string): Readonly<Record<string, unknown>> {
  try {
    // A comma before a closing bracket, but not one inside a text.
    const strict = text.replace(/("(?:[^"\\]|\\.)*")|,(?=\s*[}\]])/g, (_, quoted: string | undefined) => quoted ?? '');
    const value: unknown = JSON.parse(strict);
    if (isMap(value)) return value;
  } catch (error) {
    throw brokenLockfile(place, 'it is not JSON', error);
  }
  throw brokenLockfile(place, 'it is not a JSON object');
}
