import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { asExpression, type Substitutions, substitute } from './expressions.ts';
import type { JobDeployment } from './prepared-types.ts';
import { isMap, type Value, type ValueMap } from './workflow-file.ts';

/** The step that a job with an environment has here besides its own; nobody is shown it. */
export const DEPLOYMENT_STEP = 'local-deployment';

const fileOf = (key: string): string => `${key}-deployment.json`;

/**
 * GitHub makes a deployment of each job that names an environment, unless that says `deployment: false`. Name and address
 * are expressions that only the job can evaluate: its last step writes them down.
 *
 * @param key as in PlannedJob
 * @param folder where it is written
 * @returns nothing for a job without an environment
 */
export function deploymentStep(
  job: ValueMap,
  key: string,
  folder: string,
  substitutions: Substitutions,
): ValueMap | undefined {
  const { environment } = job;
  if (environment === undefined || environment === null) return undefined;
  const given = isMap(environment) ? environment : { name: environment };
  const value = (name: string, text: Value) => {
    return `"${name}": \${{ toJSON(${asExpression(typeof text === 'boolean' ? `\${{ ${text} }}` : String(text ?? ''))}) }}`;
  };
  const parts = [
    value('environment', given['name']),
    value('url', given['url']),
    value('deployment', given['deployment'] ?? true),
  ];
  return {
    id: DEPLOYMENT_STEP,
    name: DEPLOYMENT_STEP,
    if: 'always()',
    run: substitute(`{${parts.join(', ')}}`, substitutions),
    // A shell that copies the script: what it says arrives as a file, whatever its characters.
    shell: `cp {0} '${join(folder, fileOf(key))}'`,
  };
}

/** What the job's last step wrote down; undefined before it ends, without an environment, and for an empty name. */
export function deploymentOf(folder: string, key: string): JobDeployment | undefined {
  let text: string;
  try {
    text = readFileSync(join(folder, fileOf(key)), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const { environment, url, deployment } = JSON.parse(text) as Readonly<Record<string, unknown>>;
  if (typeof environment !== 'string' || environment === '' || deployment === false) return undefined;
  return { environment, url: typeof url === 'string' ? url : '' };
}
