import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BUNDLE_REF, BUNDLE_REPOSITORY, LABEL, STAND_IN_REPOSITORY } from './act-job.ts';
import type { RunContext } from './events.ts';
import { idOf } from './github/objects.ts';
import type { RunOptions } from './run-types.ts';
import type { StoredRun } from './state/run-file.ts';

export interface ActSetting {
  readonly folder: string;
  readonly event: string;
  readonly context: RunContext;
  readonly entry: string;
  readonly bundleFolder: string;
  readonly standInFolder: string;
  readonly defaultBranch: string;
  readonly serial: boolean;
  readonly variables: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, string>>;
  readonly jobVariables: Readonly<Record<string, string>>;
}

/**
 * Writes what act reads from files (variables, secrets, the event: nothing secret stands on a command line) and returns
 * its arguments.
 */
export async function actArguments(setting: ActSetting): Promise<readonly string[]> {
  const { folder } = setting;
  const file = async (name: string, content: unknown): Promise<string> => {
    await writeFile(join(folder, name), JSON.stringify(content), { mode: 0o600 });
    return join(folder, name);
  };
  return [
    setting.event,
    '--json',
    ...['--directory', join(folder, 'caller')],
    ...['--workflows', join(folder, 'workflows', setting.entry)],
    ...['--platform', `${LABEL}=-self-hosted`],
    ...['--eventpath', await file('event.json', setting.context.payload)],
    ...['--env-file', await file('variables.yml', setting.jobVariables)],
    ...['--secret-file', await file('secrets.yml', setting.secrets)],
    ...['--var-file', await file('vars.yml', setting.variables)],
    ...['--input-file', await file('inputs.yml', {})],
    ...['--actor', setting.context.actor],
    ...['--defaultbranch', setting.defaultBranch],
    ...['--action-cache-path', join(folder, 'act')],
    '--no-cache-server',
    ...['--container-daemon-socket', '-'],
    ...['--local-repository', `${BUNDLE_REPOSITORY}@${BUNDLE_REF}=${setting.bundleFolder}`],
    ...['--local-repository', `${STAND_IN_REPOSITORY}@${BUNDLE_REF}=${setting.standInFolder}`],
    // act 0.2.89 shares maps between jobs without locks: side by side they can end it with "concurrent map writes".
    ...(setting.serial ? ['--concurrent-jobs', '1'] : []),
  ];
}

/** Variables that GitHub sets for every job (https://docs.github.com/actions/reference/variables-reference). */
export function githubVariables(
  options: RunOptions,
  of: {
    readonly context: RunContext;
    readonly repository: string;
    readonly apiUrl: string;
    readonly trackingId: string;
    readonly workflowRef: string;
    readonly path: string;
    readonly run: StoredRun;
  },
): Record<string, string> {
  const { context, repository, apiUrl, run } = of;
  const owner = repository.split('/')[0] ?? '';
  return {
    GITHUB_API_URL: apiUrl,
    GITHUB_GRAPHQL_URL: `${apiUrl}/graphql`,
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_REPOSITORY: repository,
    GITHUB_REPOSITORY_OWNER: owner,
    GITHUB_REPOSITORY_ID: String(idOf(repository)),
    GITHUB_REPOSITORY_OWNER_ID: String(idOf(owner)),
    GITHUB_REF: context.ref,
    GITHUB_REF_TYPE: context.refType,
    GITHUB_REF_PROTECTED: 'false',
    // The name under which act looks for GITHUB_SHA.
    SHA_REF: context.sha,
    GITHUB_RUN_ID: String(run.id),
    GITHUB_RUN_NUMBER: String(run.runNumber),
    GITHUB_RUN_ATTEMPT: String(run.attempt),
    GITHUB_RETENTION_DAYS: '90',
    GITHUB_ACTOR_ID: String(idOf(context.actor)),
    GITHUB_TRIGGERING_ACTOR: context.actor,
    GITHUB_WORKFLOW_REF: of.workflowRef,
    GITHUB_WORKFLOW_SHA: context.sha,
    // Jobs find programs where the machine has them, not where act does.
    PATH: of.path,
    RUNNER_ENVIRONMENT: 'self-hosted',
    RUNNER_TRACKING_ID: of.trackingId,
    ...options.environment,
  };
}
