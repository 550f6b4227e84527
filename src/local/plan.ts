import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { actJob, BUNDLE_REF, BUNDLE_REPOSITORY, type JobSurroundings } from './act-job.ts';
import { checkCall } from './call-check.ts';
import { deploymentStep } from './deployments.ts';
import { identityOf, runtimeToken } from './job-tokens.ts';
import { matrixOf } from './matrix-job.ts';
import { UNSET_VARIABLES } from './needed-outputs.ts';
import { beyond, parsePermissions, RESTRICTED_DEFAULT, readOnly } from './permissions.ts';
import { recorderJob } from './recorder-job.ts';
import type { Permissions } from './run-types.ts';
import { legOutputs } from './unset-outputs.ts';
import { UsageError } from './usage-error.ts';
import { contractOf, jobsOf, listOf, mapOf, textOf, triggersOf, type ValueMap } from './workflow-file.ts';

export type CacheMode = 'read' | 'write' | 'write-only' | 'none';

/** One job that act will run, or a call whose jobs it will. */
export interface PlannedJob {
  /** Name in act's log. */
  readonly key: string;
  /** As in JobResult. */
  readonly id: string;
  readonly name: string;
  /** The same for what `needs` names. */
  readonly needs: readonly string[];
  /** What is written in `if`, or empty text. */
  readonly condition: string;
  readonly isCall: boolean;
  readonly permissions: Permissions;
  /** `github.token` of this job. */
  readonly token: string;
  /** ACTIONS_RUNTIME_TOKEN of this job. */
  readonly runtimeToken: string;
  /** ACTIONS_ID_TOKEN_REQUEST_TOKEN of this job; it may ask for identity tokens (OIDC) with it. */
  readonly identityToken?: string;
  /** The job's `environment` as the file says it, a text or an expression; empty without one. */
  readonly environment: string;
  /** `owner/name/.github/workflows/file.yml@refs/…` of the file that the job stands in, and whether that is a called one. */
  readonly workflowRef: string;
  readonly isOfBundle: boolean;
  readonly cacheMode: CacheMode;
  /** Record of the called workflow that this job is part of. */
  readonly record?: string;
  /** The job's id in its file. */
  readonly jobId: string;
  /** Keys of its matrix in the order of the file, as far as it names them; undefined without a matrix. */
  readonly matrix?: readonly string[];
}

export interface PlannedFile {
  readonly name: string;
  readonly document: ValueMap;
}

export interface Plan {
  readonly jobs: readonly PlannedJob[];
  readonly files: readonly PlannedFile[];
  /** The file that act is started with. */
  readonly entry: string;
  /** Names of record files: needs and outputs of each called workflow, written by the copy itself. */
  readonly records: readonly string[];
  /** Variables (`vars`) that the files need beside the caller's. */
  readonly variables: Readonly<Record<string, string>>;
}

export interface PlanSettings {
  /** The caller's workflow, its label, and whether its one call is generated (then job ids carry no prefix). */
  readonly caller: ValueMap;
  readonly callerLabel: string;
  readonly isGenerated: boolean;
  /** Reads a workflow of the bundle by bare name. @throws UsageError when there is none. */
  readonly workflow: (name: string) => ValueMap;
  readonly isReadOnly: boolean;
  /** Program that runs the command of a step. */
  readonly wrapper: string;
  readonly tokenInputs: ReadonlyMap<string, readonly string[]>;
  /** Folder that record files are written to, and the path from act's folder to the files of the plan. */
  readonly recordFolder: string;
  readonly filePrefix: string;
  /** Replacements that are the same for all jobs. */
  readonly substitutions: ReadonlyMap<string, string>;
  /** Addresses and settings for steps that use actions, by the job. */
  readonly actionEnvironment: (job: PlannedJob) => Readonly<Record<string, string>>;
  /** The same for every step. */
  readonly stepEnvironment: (job: PlannedJob) => Readonly<Record<string, string>>;
  readonly scopes: { readonly own: string; readonly readable: readonly string[] };
}

interface Level {
  readonly label: string;
  /** The same as the caller wrote it. */
  readonly written: string;
  readonly prefix: string;
  readonly granted: Permissions;
  readonly isCalled: boolean;
  readonly depth: number;
}

/** GitHub allows ten levels of workflows (https://docs.github.com/actions/reference/reusing-workflow-configurations). */
const DEEPEST = 10;

/**
 * Works out every job of a run before it starts: what it may do, which token it gets, and the files act runs.
 * Refuses what GitHub refuses at start-up.
 *
 * @throws UsageError with GitHub's sentence: permissions beyond the caller's, unknown or missing inputs and secrets.
 */
export function planRun(settings: PlanSettings): Plan {
  const jobs: PlannedJob[] = [];
  const files: PlannedFile[] = [];
  const records: string[] = [];
  const variables: Record<string, string> = { ...UNSET_VARIABLES };
  const workflowName = textOf(settings.caller['name']) || settings.callerLabel;

  const planFile = (document: ValueMap, level: Level): string => {
    const name = `w${files.length + 1}.yml`;
    const record = level.isCalled ? `r${files.length + 1}.json` : undefined;
    if (record !== undefined) records.push(record);
    files.push({ name, document: {} });
    const position = files.length - 1;
    const rewritten = jobsOf(document).map(([id, job]) => [id, planJob(document, id, job, level, record)] as const);
    const recorder =
      record === undefined
        ? {}
        : {
            'local-record': recorderJob(
              document,
              rewritten.map(([id]) => id),
              join(settings.recordFolder, record),
            ),
          };
    files[position] = {
      name,
      document: {
        // github.workflow is the caller's name at every level.
        name: workflowName,
        on: callTriggers(document, level.isCalled),
        ...(document['env'] === undefined ? {} : { env: document['env'] }),
        ...(document['defaults'] === undefined ? {} : { defaults: document['defaults'] }),
        jobs: { ...Object.fromEntries(rewritten), ...recorder },
      },
    };
    return name;
  };

  const planJob = (document: ValueMap, id: string, job: ValueMap, level: Level, record?: string): ValueMap => {
    const own = parsePermissions(job['permissions']) ?? parsePermissions(document['permissions']) ?? level.granted;
    if (level.isCalled) refuseBeyond(own, level, id);
    const uses = textOf(job['uses']);
    const prefix = `${level.prefix}${id}/`;
    const permissions = settings.isReadOnly ? readOnly(own) : own;
    const planned: PlannedJob = {
      key: `j${jobs.length + 1}`,
      id: `${level.prefix}${id}`,
      jobId: id,
      name: textOf(job['name']) || id,
      needs: listOf(job['needs']).map((need) => `${level.prefix}${need}`),
      condition: textOf(job['if']),
      isCall: uses !== '',
      permissions,
      token: `ghs_${randomBytes(18).toString('hex')}`,
      runtimeToken: runtimeToken(settings.scopes),
      ...identityOf(job, permissions, { ...level, ownRef: settings.substitutions.get('github.workflow_ref') ?? '' }),
      cacheMode: cacheModeOf(job, document),
      ...(record === undefined ? {} : { record }),
      ...matrixOf(job),
    };
    jobs.push(planned);
    const surroundings = surroundingsOf(planned, level, settings, shellOf(job) || shellOf(document));
    const acted = withLegs(actJob(job, planned.key, surroundings), planned, variables);
    if (uses === '') return withDeployment(acted, job, planned.key, settings.recordFolder, surroundings);
    const callee = calleeOf(uses, settings, level);
    checkCall(job, callee.contract, `${level.written}: Error calling workflow '${uses}'`);
    const file = planFile(callee.document, {
      label: callee.label,
      written: uses.startsWith('$/') ? callee.label : uses,
      prefix: settings.isGenerated && !level.isCalled ? '' : prefix,
      granted: own,
      isCalled: true,
      depth: level.depth + 1,
    });
    return { ...acted, uses: `./${settings.filePrefix}${file}` };
  };

  const entry = planFile(settings.caller, {
    label: settings.callerLabel,
    written: settings.callerLabel,
    prefix: '',
    granted: RESTRICTED_DEFAULT,
    isCalled: false,
    depth: 1,
  });
  return { jobs, files, entry, records, variables };
}

/** The job as act runs it, with outputs that every leg of its matrix can set; adds the variables for it. */
function withLegs(acted: ValueMap, { matrix, key, isCall }: PlannedJob, variables: Record<string, string>): ValueMap {
  if (matrix === undefined || isCall) return acted;
  const legs = legOutputs(acted['outputs'], key);
  Object.assign(variables, legs.variables);
  return { ...acted, outputs: legs.outputs };
}

/** The job as act runs it, with the step that says what it deploys to. */
function withDeployment(
  acted: ValueMap,
  job: ValueMap,
  key: string,
  folder: string,
  { substitutions }: JobSurroundings,
): ValueMap {
  const step = deploymentStep(job, key, folder, substitutions);
  if (step === undefined || !Array.isArray(acted['steps'])) return acted;
  return { ...acted, steps: [...(acted['steps'] as readonly ValueMap[]), step] };
}

function refuseBeyond(own: Permissions, level: Level, id: string): void {
  const excess = beyond(own, level.granted);
  if (excess === undefined) return;
  throw new UsageError(
    `The workflow is not valid. Error calling workflow '${level.written}'. The nested job '${id}' is requesting ` +
      `'${excess.asked}', but is only allowed '${excess.allowed}'.`,
  );
}

function calleeOf(uses: string, settings: PlanSettings, level: Level) {
  const file = /(?:^|\/)\.github\/workflows\/([^/@]+\.ya?ml)(?:@.*)?$/.exec(uses)?.[1];
  if (file === undefined) throw new UsageError(`${level.written}: '${uses}' is no workflow file`);
  if (level.depth >= DEEPEST) {
    throw new UsageError(`${level.written}: calling '${uses}' nests workflows deeper than GitHub's ${DEEPEST} levels`);
  }
  const document = settings.workflow(file);
  const contract = contractOf(document);
  if (contract === undefined) {
    throw new UsageError(`${level.written}: '${uses}' cannot be called: it has no workflow_call trigger`);
  }
  return { document, contract, label: `${BUNDLE_REPOSITORY}/.github/workflows/${file}@${BUNDLE_REF}` };
}

/** act reads only its own keys of `workflow_call`, and needs the caller's events as they are. */
function callTriggers(document: ValueMap, isCalled: boolean): ValueMap {
  const triggers = triggersOf(document);
  if (!isCalled) {
    const { workflow_dispatch: dispatch } = triggers as { workflow_dispatch?: ValueMap };
    const names = Object.keys(triggers).filter((name) => name !== 'workflow_call');
    // Filters (branches, paths, types) are GitHub's business; here the event is given.
    return Object.fromEntries(
      names.map((name) => [
        name,
        name === 'workflow_dispatch' ? mapOf(dispatch) : name === 'schedule' ? triggers[name] : {},
      ]),
    );
  }
  const contract = contractOf(document);
  const inputs = Object.entries(contract?.inputs ?? {}).map(([name, { type, required, default: fallback }]) => [
    name,
    { type, required, ...(fallback === undefined ? {} : { default: fallback }) },
  ]);
  const outputs = Object.entries(contract?.outputs ?? {}).map(([name, value]) => [name, { value }]);
  return {
    workflow_call: {
      inputs: Object.fromEntries(inputs),
      secrets: mapOf(mapOf(triggers['workflow_call'])['secrets']),
      outputs: Object.fromEntries(outputs),
    },
  };
}

function shellOf(carrier: ValueMap): string {
  return textOf(mapOf(mapOf(carrier['defaults'])['run'])['shell']);
}

function surroundingsOf(job: PlannedJob, level: Level, settings: PlanSettings, shell: string): JobSurroundings {
  const own = new Map(settings.substitutions);
  own.set('github.token', job.token);
  own.set('secrets.github_token', job.token);
  own.set('job.workflow_ref', level.isCalled ? level.label : (own.get('github.workflow_ref') ?? ''));
  own.set('job.workflow_repository', level.isCalled ? BUNDLE_REPOSITORY : (own.get('github.repository') ?? ''));
  const { tokenInputs, wrapper } = settings;
  return {
    ...{ substitutions: own, tokenInputs, token: job.token, label: level.written, wrapper, shell },
    actionEnvironment: settings.actionEnvironment(job),
    stepEnvironment: settings.stepEnvironment(job),
  };
}

function cacheModeOf(job: ValueMap, document: ValueMap): CacheMode {
  const mode = textOf(job['cache-mode']) || textOf(document['cache-mode']);
  return mode === 'read' || mode === 'write-only' || mode === 'none' ? mode : 'write';
}
