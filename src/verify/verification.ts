import { fileOfRun } from '../github/artifact-file.ts';
import { artifactName } from '../github/artifact-name.ts';
import type { GitHub } from '../github/client.ts';
import type { RunJob } from '../github/run-jobs.ts';
import { LARGEST_RECORD, RECORD_FILE, type ReleaseRecord, readRecord, recordName } from '../release/record.ts';
import { parseReference } from '../release/reference.ts';
import { shown } from '../runtime/errors.ts';
import { type ScannedImage, scannedImages } from './scan-record.ts';
import { jobOf, type Run } from './verified-run.ts';

/** What a run has verified of a commit. */
export interface Verification {
  /** `sha256:…`; empty where there is no image. */
  readonly digest: string;
  /** Name of the image below its registry; empty where it is not known. */
  readonly imageName: string;
  /** Reference of the release in staging; empty where there was none. */
  readonly release: string;
  readonly lastMigration: string;
  /** Address in staging; empty where there was none. */
  readonly url: string;
  /** What was looked at, in words: `staging: health and smoke`. */
  readonly by: string;
}

/** What releases of each platform are made of: an image by its digest, or the very release that staging has. */
export function isOfImages(deploy: string): boolean {
  return deploy === 'cloud-run';
}

/** One call of the pipeline, by what it was given. */
export interface PipelineCall {
  readonly workflow: string;
  readonly workingDirectory: string;
  readonly service: string;
  /** Environment in which the release has to have served. */
  readonly staging: string;
  /** The job of the workflow file that makes the call; undefined where there is one only. */
  readonly call: string | undefined;
  /** Scheme of its releases, `cloud-run`. */
  readonly deploy: string;
  /** Environment that is released to. */
  readonly environment: string;
}

/**
 * What a run's promotion has left: its record, where nothing of it contradicts the run that GitHub names.
 *
 * @returns why it has none, as a phrase about the run
 */
export async function verifiedInStaging(
  run: Run,
  jobs: readonly RunJob[],
  call: PipelineCall,
  github: GitHub,
): Promise<Verification | string> {
  const key = { ...call, environment: call.staging };
  const wanted = { artifact: recordName(key), file: RECORD_FILE, limit: LARGEST_RECORD };
  const content = await fileOfRun(github, run, wanted);
  if (typeof content === 'string') return `${content} (the record of the release, ${shown(wanted.artifact, 200)})`;
  const record = readRecord(content);
  if (typeof record === 'string') return `its record is not one: ${record}`;
  const wrong = contradictionIn(record, run, call);
  if (wrong !== undefined) return `its record contradicts it: ${wrong}`;
  const other = isForOther(record, call.environment);
  if (other !== undefined) return other;
  const { digest, release, lastMigration, url } = record;
  const smoke = jobOf(jobs, 'smoke', call.call)?.conclusion === 'success';
  const looks = [...(record.verifiedBy === 'health' ? ['health'] : []), ...(smoke ? ['smoke'] : [])];
  const was = record.held === true ? 'it was staged' : 'it served';
  const seen = looks.length === 0 ? `${was}, and neither health nor smoke looked at it` : looks.join(' and ');
  // Only the scan knows how the image is called; without one it is called like the service.
  const images = isOfImages(call.deploy) ? await scannedIn(run, call, github) : [];
  const imageName = typeof images === 'string' ? '' : (images.find((one) => one.digest === digest)?.name ?? '');
  return { digest, imageName, release, lastMigration, url, by: `${call.staging}: ${seen}` };
}

/** Why a build is not good for an environment, as a phrase about the run. */
function isForOther({ builtFor = '' }: ReleaseRecord, environment: string): string | undefined {
  if (builtFor === '' || builtFor === environment) return undefined;
  return `it was built for ${shown(builtFor)}: values of that environment are baked into it (let a branch of its own build for ${shown(environment)}, by \`environments\` of the pipeline)`;
}

/** What of a record is not what its run is. */
function contradictionIn(
  record: ReleaseRecord,
  run: Pick<Run, 'head_sha' | 'html_url'>,
  call: PipelineCall,
): string | undefined {
  const { workflow, workingDirectory, service, staging, deploy } = call;
  const pairs = [
    ['commit', record.commit, run.head_sha],
    ['run', record.run, run.html_url],
    ['environment', record.environment, staging],
    ['workflow', record.workflow, workflow],
    ['folder', record.workingDirectory, workingDirectory],
    ['service', record.service, service],
    ['platform', parseReference(record.release).scheme, deploy],
  ] as const;
  const wrong = pairs.find(([, said, is]) => said !== is);
  return wrong === undefined ? undefined : `${wrong[0]} ${shown(wrong[1])} instead of ${shown(wrong[2])}`;
}

/**
 * What a push run without staging has verified: its check and its scan. The digest is the one that the job `publish` has
 * scanned, from the artifact of that scan; never from a tag, which may lead elsewhere by now.
 *
 * @returns why it has none, as a phrase about the run
 */
export async function verifiedByCheck(run: Run, call: PipelineCall, github: GitHub): Promise<Verification | string> {
  const images = await scannedIn(run, call, github);
  if (typeof images === 'string') return images;
  const [{ name: imageName, digest } = { name: '', digest: '' }, ...others] = images;
  if (others.length > 0) return `it has scanned ${images.length} images, and a release is of one`;
  return {
    digest,
    imageName,
    release: '',
    lastMigration: '',
    url: '',
    by: 'check and scan only: it has served nowhere',
  };
}

/** The images that the scan of a run has passed, or why there are none, as a phrase about the run. */
async function scannedIn(run: Run, call: PipelineCall, github: GitHub): Promise<readonly ScannedImage[] | string> {
  const { workflow, workingDirectory: folder, service } = call;
  const artifact = artifactName('scan-image', { workflow, folder, service });
  const content = await fileOfRun(github, run, { artifact, file: 'scan.json', limit: LARGEST_SCAN });
  if (typeof content === 'string') return `${content} (the result of the scan, ${shown(artifact, 200)})`;
  const images = scannedImages(content, run.head_sha);
  return typeof images === 'string' ? `the result of its scan is of no use: ${images}` : images;
}

/** Findings of a base image come in thousands. */
const LARGEST_SCAN = 64 * 1024 * 1024;
