import { ConfigurationError, shown } from '../../../runtime/errors.ts';
import type { Log } from '../../../runtime/log.ts';
import { type Contents, inParallel } from './content.ts';
import { noAnswer } from './faults.ts';
import type { Site } from './state.ts';

/** Paths in one call of populateFiles, as Firebase's own program sends them. */
const BATCH = 1_000;

/** Calls of populateFiles at the same time. */
const BATCHES_AT_ONCE = 4;

/** Uploads at the same time. */
const UPLOADS_AT_ONCE = 32;

/** Milliseconds between two lines about how far an upload is. */
const PROGRESS = 5_000;

const UPLOAD_HOST = 'upload-firebasehosting.googleapis.com';

/** What was uploaded. */
export interface Uploaded {
  readonly files: number;
  /** Compressed. */
  readonly bytes: number;
}

/**
 * Names all files of a version and uploads those that Hosting does not have yet. Doing it twice does no harm.
 *
 * @param version id
 * @throws ConfigurationError PIPE-FIREBASE-018 when a file is not taken
 */
export async function uploadFiles(
  site: Site,
  version: string,
  contents: Contents,
  log: Pick<Log, 'info'>,
): Promise<Uploaded> {
  const paths = [...contents.hashes];
  const batches = Array.from({ length: Math.ceil(paths.length / BATCH) }, (_, index) => {
    return paths.slice(index * BATCH, (index + 1) * BATCH);
  });
  const wanted = new Set<string>();
  let address = '';
  await inParallel(batches, BATCHES_AT_ONCE, async (batch) => {
    const { required, uploadUrl } = await populate(site, version, batch);
    address = uploadUrl;
    for (const hash of required) wanted.add(hash);
  });
  const missing = [...wanted].filter((hash) => !contents.files.has(hash));
  if (missing.length > 0) throw strangeAnswer(site, `wants a file that is not named: ${shown(missing[0])}`);
  if (wanted.size === 0) {
    log.info(`Files: ${paths.length}, and Hosting has all of them: nothing is uploaded.`);
    return { files: 0, bytes: 0 };
  }
  return await upload(site, uploadPath(site, version, address), [...wanted], contents, log);
}

async function populate(site: Site, version: string, batch: readonly (readonly [string, string])[]) {
  const { value } = await site.api.call({
    method: 'POST',
    path: `${site.path}/versions/${version}:populateFiles`,
    body: { files: Object.fromEntries(batch) },
    idempotent: true,
    what: `name the files of the version "${version}" of the site "${site.site}"`,
  });
  const { uploadRequiredHashes: required = [], uploadUrl } = value;
  if (
    !Array.isArray(required) ||
    !required.every((hash) => typeof hash === 'string') ||
    typeof uploadUrl !== 'string'
  ) {
    throw strangeAnswer(site, 'says not which files it wants');
  }
  return { required: required as readonly string[], uploadUrl };
}

/** The token goes to Google's own host only, whatever an answer says. */
function uploadPath(site: Site, version: string, address: string): string {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const isRight = url?.protocol === 'https:' && url.host === UPLOAD_HOST && url.search === '';
  if (!isRight) throw strangeAnswer(site, `wants the files of ${version} at ${shown(address, 200)}`);
  return url.pathname.replace(/\/$/, '');
}

function strangeAnswer(site: Site, why: string) {
  const what = `upload files of the site "${site.site}"`;
  const asked = { project: site.project, what, host: UPLOAD_HOST, role: '' };
  return noAnswer(asked, `Hosting ${why}`, 200, performance.now());
}

async function upload(
  site: Site,
  path: string,
  hashes: readonly string[],
  contents: Contents,
  log: Pick<Log, 'info'>,
): Promise<Uploaded> {
  const total = contents.hashes.size;
  log.info(`Files: ${total}; ${hashes.length} of them are new to Hosting and are uploaded.`);
  let files = 0;
  let bytes = 0;
  let spoken = performance.now();
  await inParallel(hashes, UPLOADS_AT_ONCE, async (hash) => {
    const body = await contents.bytes(hash);
    await uploadOne(site, `${path}/${hash}`, body, contents.files.get(hash)?.path ?? hash);
    files += 1;
    bytes += body.length;
    if (performance.now() - spoken < PROGRESS) return;
    spoken = performance.now();
    log.info(`Uploaded ${files} of ${hashes.length} files, ${sizeText(bytes)}.`);
  });
  log.info(`Uploaded ${files} files, ${sizeText(bytes)} compressed.`);
  return { files, bytes };
}

async function uploadOne(site: Site, path: string, body: Buffer, name: string): Promise<void> {
  const what = `upload ${shown(name, 200)}`;
  const { status, response } = await site.api.call({
    method: 'POST',
    host: UPLOAD_HOST,
    path,
    body,
    // The address is the hash of the bytes: a second time changes nothing.
    idempotent: true,
    also: [400],
    timeout: 120_000,
    what,
  });
  if (status === 200) return;
  throw new ConfigurationError({
    code: 'PIPE-FIREBASE-018',
    what: `Hosting does not take the file ${shown(name, 200)}`,
    given: `status ${status}, ${shown(response.body.toString('utf8').trim(), 300)}`,
    remedy: 'the quoted words are its own; a proxy that changes what passes through it breaks the hash of a file',
    state: 'no traffic was moved',
  });
}

/** Bytes for people: `980 B`, `1.4 MB`. */
function sizeText(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  return bytes < 1_000_000 ? `${(bytes / 1_000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
