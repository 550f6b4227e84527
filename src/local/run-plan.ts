import { symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BundleCopy } from './copy.ts';
import type { RunContext } from './events.ts';
import { type Plan, planRun } from './plan.ts';
import type { Setting } from './run-setting.ts';
import type { OpenServices } from './services.ts';
import { writeStandIns } from './stand-ins/actions.ts';
import { renderWorkflow } from './workflow-file.ts';

/** The jobs of the run, and what act is told of each. `bundleSha` is the commit of the bundle's files. */
export function planIn(
  setting: Setting,
  known: {
    readonly context: RunContext;
    readonly copy: BundleCopy;
    readonly services: OpenServices;
    readonly bundleSha: string;
  },
): Plan {
  const { caller, workflows, folder, repository } = setting;
  const { context, copy, services, bundleSha } = known;
  const workflowRef = `${repository}/${caller.label}@${context.ref}`;
  return planRun({
    caller: caller.document,
    callerLabel: caller.label,
    isGenerated: caller.isGenerated,
    workflow: workflows,
    isReadOnly: context.isReadOnly,
    wrapper: setting.wrappers.step,
    tokenInputs: copy.tokenInputs,
    recordFolder: join(folder, 'records'),
    // Paths to called workflows begin in act's working folder, which stands beside theirs.
    filePrefix: '../workflows/',
    substitutions: new Map([
      ['github.repository', repository],
      ['github.workflow_ref', workflowRef],
      ['github.workflow_sha', context.sha],
      ['github.triggering_actor', context.actor],
      ['job.workflow_sha', bundleSha],
    ]),
    actionEnvironment: ({ runtimeToken, cacheMode }) => ({
      ACTIONS_RUNTIME_TOKEN: runtimeToken,
      ACTIONS_RUNTIME_URL: services.cacheUrl,
      ACTIONS_RESULTS_URL: services.cacheUrl,
      ACTIONS_CACHE_SERVICE_V2: 'true',
      ACTIONS_CACHE_MODE: cacheMode,
    }),
    // The runner gives these to commands, too (actions/runner: ScriptHandler), unlike the runtime token.
    stepEnvironment: ({ identityToken, environment }) =>
      identityToken === undefined
        ? {}
        : {
            ACTIONS_ID_TOKEN_REQUEST_URL: services.identities.requestUrl(environment),
            ACTIONS_ID_TOKEN_REQUEST_TOKEN: identityToken,
          },
    scopes: { own: context.ref, readable: context.readableScopes },
  });
}

/** Writes the files of the plan, and what act looks for. */
export async function writeFiles(setting: Setting, plan: Plan, standInUrl: string): Promise<void> {
  const { folder, options } = setting;
  for (const { name, document } of plan.files) {
    await writeFile(join(folder, 'workflows', name), renderWorkflow(document), { mode: 0o600 });
  }
  await writeStandIns(join(folder, 'stand-ins'), standInUrl);
  // Tools that jobs install stay for the next run, as on a runner that lives on.
  await symlink(join(options.bundle, '.tools', 'tool-cache'), join(folder, 'act', 'tool_cache'));
}
