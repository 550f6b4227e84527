import { capture } from '../../src/runtime/process.ts';
import { machine } from './run-dist.ts';

/** Host of the registry that this machine's npm is set up for: it is asked directly, whatever a test's proxy plays. */
export async function npmRegistryHost(): Promise<string> {
  const { stdout } = await capture('npm', ['config', 'get', 'registry'], { cwd: process.cwd(), env: machine() });
  return new URL(stdout.trim()).hostname;
}
