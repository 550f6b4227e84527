import { readFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { BUNDLE_REF, BUNDLE_REPOSITORY } from './act-job.ts';
import { checkSecrets, typedInputs } from './call-check.ts';
import { parsePermissions, union } from './permissions.ts';
import type { EventName, Permissions, RunOptions } from './run-types.ts';
import { UsageError } from './usage-error.ts';
import { contractOf, jobsOf, parseWorkflow, textOf, triggersOf, type ValueMap } from './workflow-file.ts';

export interface Caller {
  readonly document: ValueMap;
  /** Path of its file in the caller's repository. */
  readonly label: string;
  readonly isGenerated: boolean;
  /** Repository secrets, by the names that `secrets.` knows them under. */
  readonly secrets: Readonly<Record<string, string>>;
}

type Workflows = (name: string) => ValueMap;

/**
 * The workflow that starts the run: the project's own file, a workflow of the bundle that is started and not called,
 * or one made here that calls the bundle's workflow with what was given.
 *
 * @throws UsageError for wrong inputs and secrets, and for an event that the file does not answer to.
 */
export async function callerOf(options: RunOptions, workflow: string, workflows: Workflows): Promise<Caller> {
  const event = options.event?.name ?? 'push';
  if (options.caller !== undefined) {
    const label = options.caller;
    const document = parseWorkflow(await readCaller(options.project, label), label);
    refuseOtherEvents(document, event, label);
    return { document, label, isGenerated: false, secrets: options.secrets ?? {} };
  }
  const document = workflows(workflow);
  const contract = contractOf(document);
  if (contract === undefined) {
    refuseOtherEvents(document, event, workflow);
    const label = `.github/workflows/${workflow}`;
    return { document, label, isGenerated: false, secrets: options.secrets ?? {} };
  }
  const inputs = typedInputs(options.inputs ?? {}, contract, workflow);
  checkSecrets(Object.keys(options.secrets ?? {}), contract, workflow);
  const names = Object.keys(contract.secrets);
  const call = {
    name: workflow.replace(/\.ya?ml$/, ''),
    uses: `${BUNDLE_REPOSITORY}/.github/workflows/${workflow}@${BUNDLE_REF}`,
    permissions: options.permissions ?? permissionsOf(document, workflows),
    with: inputs,
    secrets: Object.fromEntries(names.map((name) => [name, `\${{ secrets.${variableOf(name)} }}`])),
  };
  const on = event === 'schedule' ? { schedule: [{ cron: '17 3 * * *' }] } : { [event]: {} };
  return {
    document: { name: call.name, on, jobs: { pipeline: call } },
    label: '.github/workflows/ci.yml',
    isGenerated: true,
    secrets: Object.fromEntries(
      Object.entries(options.secrets ?? {}).map(([name, value]) => [variableOf(name), value]),
    ),
  };
}

/** The name under which a repository would keep a secret that the workflow declares as `npm-token`. */
export function variableOf(secret: string): string {
  return secret.toUpperCase().replaceAll('-', '_');
}

async function readCaller(project: string, file: string): Promise<string> {
  const path = resolve(project, file);
  if (relative(project, path).startsWith('..')) throw new UsageError(`--caller ${file} is not in the project`);
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new UsageError(`--caller ${file}: there is no such file in the project (looked at ${join(project, file)})`);
  }
}

function refuseOtherEvents(document: ValueMap, event: EventName, label: string): void {
  const known = Object.keys(triggersOf(document));
  if (!known.includes(event)) throw new UsageError(`${label} does not run on ${event}: it runs on ${known.join(', ')}`);
}

/** What a caller must grant: all that any job of the workflow asks for, also of the workflows it calls. */
export function permissionsOf(document: ValueMap, workflows: Workflows): Permissions {
  const whole = parsePermissions(document['permissions']) ?? {};
  const blocks = jobsOf(document).map(([, job]) => {
    const own = parsePermissions(job['permissions']) ?? whole;
    const called = /(?:^|\/)\.github\/workflows\/([^/@]+\.ya?ml)(?:@.*)?$/.exec(textOf(job['uses']))?.[1];
    return called === undefined ? own : union([own, permissionsOf(workflows(called), workflows)]);
  });
  return union(blocks);
}
