import { planRepository } from '../plan/plan.ts';
import type { Environment } from '../runtime/environment.ts';
import { ConfigurationError } from '../runtime/errors.ts';
import { totalsOf } from './thresholds.ts';
import type { Counts, Coverage, FileCoverage } from './types.ts';

/** The figures of one package. */
export interface PackageCoverage {
  readonly name: string;
  /** From the repository's root. */
  readonly directory: string;
  readonly files: number;
  readonly totals: Counts;
}

/** Name and folder of each package of the project; none where there is no package.json. */
export async function packagesOf(where: {
  readonly workspace: string;
  readonly workingDirectory: string;
  readonly environment: Environment;
  readonly signal?: AbortSignal;
}): Promise<readonly { readonly name: string; readonly directory: string }[]> {
  try {
    return (await planRepository(where)).packages;
  } catch (error) {
    // A project that can't be planned (another language) is one package; `plan` says what is wrong with it.
    if (error instanceof ConfigurationError) return [];
    throw error;
  }
}

/** The coverage by package: each file belongs to the package whose folder is the nearest above it. */
export function byPackage(
  coverage: Coverage,
  packages: readonly { readonly name: string; readonly directory: string }[],
): readonly PackageCoverage[] {
  const names = new Map(packages.map(({ name, directory }) => [directory, name]));
  const groups = new Map<string, FileCoverage[]>();
  for (const file of coverage.files.values()) {
    const directory = nearestAbove(file.path, names);
    const group = groups.get(directory);
    if (group === undefined) groups.set(directory, [file]);
    else group.push(file);
  }
  return [...groups]
    .map(([directory, files]) => ({
      name: names.get(directory) ?? directory,
      directory,
      files: files.length,
      totals: totalsOf(files),
    }))
    .sort((left, right) => (left.directory < right.directory ? -1 : 1));
}

function nearestAbove(path: string, names: ReadonlyMap<string, string>): string {
  for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
    const folder = path.slice(0, end);
    if (names.has(folder)) return folder;
  }
  return '.';
}
