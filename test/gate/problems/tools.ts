import { join } from 'node:path';
import { beforeAll } from 'vitest';
import { installPackages } from '../../../tools/install/npm.ts';
import { installPythonTools } from '../../../tools/install/python.ts';
import { root } from '../../../tools/install/root.ts';

export interface ProblemTools {
  /** Folder of the programs from npm: tsc, eslint, prettier, biome, vitest, jest, pnpm, turbo. */
  bin: string;
  /** Folder of the programs from Python: ruff, mypy, pytest. */
  pythonBin: string;
}

/** The real tools whose output the parsers read, at the versions of the manifests in tools/. */
export async function installProblemTools(): Promise<ProblemTools> {
  const manifests = join(root, 'test/gate/problems/tools');
  const [packages, pythonBin] = await Promise.all([
    installPackages('problem-tools', manifests),
    installPythonTools('python-problem-tools', join(manifests, 'requirements.txt')),
  ]);
  return { bin: join(packages, '.bin'), pythonBin };
}

/** The same for the tests of a file, there when the first of them begins. */
export function problemTools(): ProblemTools {
  let installed: ProblemTools | undefined;
  beforeAll(async () => {
    installed = await installProblemTools();
  }, 600_000);
  const there = () => {
    if (installed === undefined) throw new Error('the tools are there in tests only');
    return installed;
  };
  return {
    get bin() {
      return there().bin;
    },
    get pythonBin() {
      return there().pythonBin;
    },
  };
}
