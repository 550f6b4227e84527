import { deployInputs } from '../release/deploy/inputs.ts';
import { targets } from '../release/targets.ts';
import { readInputs } from '../runtime/inputs.ts';
import { createSecrets } from '../runtime/secrets.ts';
import type { WorkflowInputs } from './workflow-inputs.ts';

/**
 * Folders that a build has to leave for the job that deploys, as the target of the workflow reads its configuration:
 * paths from the workspace's root, one that may be missing with `?` before it.
 *
 * @returns nothing for a target that deploys no files
 * @throws ConfigurationError what the deploy action would say of its inputs or of the project's configuration, now
 */
export async function buildOutput(inputs: WorkflowInputs, workspace: string): Promise<readonly string[]> {
  const given = (name: string) => String(inputs[name] ?? '').trim();
  const scheme = given('deploy');
  const load = Object.hasOwn(targets, scheme) ? targets[scheme] : undefined;
  const target = (await load?.())?.target;
  if (target?.outputFolders === undefined) return [];
  const environment = {
    'INPUT_WORKING-DIRECTORY': given('working-directory'),
    INPUT_CONFIG: given('working-directory'),
    INPUT_SETTINGS: given('deploy-settings'),
  };
  const secrets = createSecrets(() => undefined);
  const name = `deploy-${scheme}`;
  const read = await readInputs(deployInputs(target), environment, { workspace }, secrets, name);
  return await target.outputFolders(read, workspace);
}
