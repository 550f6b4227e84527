import { type PipelineError, ProjectFailure, printable, shown } from '../../../runtime/errors.ts';
import { listOf } from '../../../runtime/json.ts';
import type { Log } from '../../../runtime/log.ts';
import type { Mark } from '../../target.ts';
import type { VercelApi } from './api.ts';
import { endOfBuildLog } from './build-log.ts';
import { type Deployment, deploymentOf, isMarked, isUnderWay, metaOf, metaQuery } from './deployment.ts';
import { refused, tookTooLong } from './faults.ts';
import type { DeployedFile } from './files.ts';
import { listDeployments } from './list.ts';
import { uploadFiles } from './upload.ts';

/** A deployment that is ready to be made. */
export interface Staging {
  readonly api: VercelApi;
  readonly log: Pick<Log, 'info' | 'group'>;
  readonly projectId: string;
  /** `production`, `preview`, or the slug of a custom environment. */
  readonly target: string;
  readonly channel: string;
  /** Body of the request but its files and `meta`. */
  readonly request: Readonly<Record<string, unknown>>;
  /** Metadata beside our own. */
  readonly meta: Readonly<Record<string, string>>;
  readonly isPrebuilt: boolean;
  readonly files: readonly DeployedFile[];
  /** Longest time until it is ready, in milliseconds. */
  readonly timeout: number;
}

/** How often files are uploaded that Vercel says it has not. */
const ROUNDS = 3;

/** Milliseconds between two looks at a deployment: the first and the longest. */
const FIRST_LOOK = 200;
const LONGEST_LOOK = 5_000;

/**
 * Makes a deployment, or finds the one that an earlier run made or began to make, and waits until it is ready.
 *
 * @param before all deployments of the project for that target, where they have just been read
 * @throws ProjectFailure PIPE-VERCEL-023 its build failed; PIPE-VERCEL-024 Vercel did not let it be built
 * @throws OutsideFault PIPE-VERCEL-018 it was not ready in time
 */
export async function stageDeployment(
  staging: Staging,
  mark: Mark,
  before: readonly Deployment[] | undefined,
): Promise<Deployment> {
  const { api, projectId, target } = staging;
  const isUsable = (found: Deployment) => found.target === target && (found.state === 'READY' || isUnderWay(found));
  const [known] =
    before?.filter((found) => isMarked(found, mark) && isUsable(found)) ??
    (await listDeployments(api, projectId, metaQuery(mark), isUsable, 1));
  return ready(staging, known ?? (await create(staging, mark)));
}

/** POST /v13/deployments: Vercel says which files it has not, gets them, and is asked again. */
async function create(staging: Staging, mark: Mark): Promise<Deployment> {
  const { api, log, request, files, channel, isPrebuilt } = staging;
  const meta = { ...staging.meta, ...metaOf(mark, channel) };
  const body = { ...request, meta, files: files.map(({ path, sha, size, mode }) => ({ file: path, size, mode, sha })) };
  const query = { skipAutoDetectionConfirmation: '1', ...(isPrebuilt ? { prebuilt: '1' } : {}) };
  for (let round = 1; ; round += 1) {
    const { value, refusal } = await api.ask({ method: 'POST', path: '/v13/deployments', query, body });
    if (refusal === undefined) return deploymentOf(value);
    const missing = listOf(refusal.details['missing']).filter((sha) => typeof sha === 'string');
    if (refusal.code !== 'missing_files' || missing.length === 0 || round > ROUNDS) {
      throw refused('make the deployment', refusal, 'nothing was staged');
    }
    const sizes = new Map(files.map(({ sha, size }) => [sha, size]));
    const bytes = missing.reduce((sum: number, sha) => sum + (sizes.get(sha) ?? 0), 0);
    log.info(`uploading ${missing.length} of ${sizes.size} files, ${Math.ceil(bytes / 1_024)} KiB`);
    await uploadFiles(api, files, missing);
  }
}

async function ready(staging: Staging, made: Deployment): Promise<Deployment> {
  const { api, log, timeout, target } = staging;
  const started = performance.now();
  let now = made;
  let said = '';
  for (let look = FIRST_LOOK; !isReady(now, target); look = Math.min(LONGEST_LOOK, look * 1.3)) {
    if (!isUnderWay(now) && now.state !== 'READY') throw await failed(staging, now);
    const waited = performance.now() - started;
    if (waited > timeout) {
      const what = `the deployment ${now.id} is not ready after ${Math.round(waited / 1_000)} s: ${shown(now.state)}`;
      throw tookTooLong(what, waited, 'Vercel still works on it; no traffic was moved');
    }
    if (now.state !== said) log.info(`${now.id}: ${printable(now.state.toLowerCase())}`);
    said = now.state;
    await api.pause(look);
    now = await read(api, now.id);
  }
  return now;
}

/** What is not promoted later has to have its names, too. */
function isReady({ state, isAliased, aliasError }: Deployment, target: string): boolean {
  return state === 'READY' && (target === 'production' || isAliased || aliasError !== '');
}

async function read(api: VercelApi, id: string): Promise<Deployment> {
  const { value, refusal } = await api.ask({ path: `/v13/deployments/${id}` });
  if (refusal !== undefined) throw refused(`read the deployment ${id}`, refusal, 'no traffic was moved');
  return deploymentOf(value);
}

async function failed({ api, log, isPrebuilt }: Staging, { id, state, reason }: Deployment): Promise<PipelineError> {
  const stateOf = `${id} is there and serves nothing; no traffic was moved`;
  if (state !== 'ERROR') {
    return new ProjectFailure({
      code: 'PIPE-VERCEL-024',
      what: `Vercel did not build the deployment: ${shown(state)}${reason === '' ? '' : `, ${shown(reason, 300)}`}`,
      remedy:
        'somebody cancelled it, or its commit is by somebody who is no member of the team (vercel.com, the deployment, tells)',
      state: stateOf,
    });
  }
  const lines = await endOfBuildLog(api, id);
  if (lines.length > 0) log.group('the end of the build on Vercel', lines);
  const last = lines.slice(-3).join(' | ');
  return new ProjectFailure({
    code: 'PIPE-VERCEL-023',
    what: `the build failed on Vercel: ${reason === '' ? 'it does not say why' : shown(reason, 300)}`,
    ...(last === '' ? {} : { given: `its log ends with ${shown(last, 500)}` }),
    remedy: isPrebuilt ? 'build the output again with a current `vercel build`' : 'repair the build; its log is above',
    state: stateOf,
  });
}
