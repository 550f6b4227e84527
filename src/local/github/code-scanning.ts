import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { RecordedSarif } from '../run-types.ts';
import { type Answer, type Call, notFound, problem, type Route, textField } from './api.ts';
import { analysesOf, sarifProblems } from './sarif.ts';

const unzip = promisify(gunzip);

const READS = [{ scope: 'security-events', level: 'read' }] as const;
const WRITES = [{ scope: 'security-events', level: 'write' }] as const;

const UPLOAD = 'code-scanning/code-scanning#upload-an-analysis-as-sarif-data';
const STATUS = 'code-scanning/code-scanning#get-information-about-a-sarif-upload';

/** Bytes of a file that GitHub takes, compressed; and that are unpacked here. */
const LARGEST = 10 * 1024 * 1024;
const LARGEST_UNPACKED = 512 * 1024 * 1024;

/**
 * Uploads to code scanning (https://docs.github.com/rest/code-scanning/code-scanning). What cannot be a SARIF file at all
 * is refused at once; what GitHub finds while it processes the file is in the upload's status, as there.
 */
export function codeScanningRoutes() {
  const uploads: RecordedSarif[] = [];

  const upload = async (call: Call): Promise<Answer> => {
    const { body, job } = call;
    const [commitSha = '', ref = '', packed = ''] = ['commit_sha', 'ref', 'sarif'].map((name) => textField(body, name));
    const missing = Object.entries({ commit_sha: commitSha, ref, sarif: packed }).find(([, value]) => value === '');
    if (missing !== undefined) return invalid(422, `"${missing[0]}" wasn't supplied.`);
    if (!/^[0-9a-f]{40}([0-9a-f]{24})?$/i.test(commitSha))
      return invalid(422, `"commit_sha" is no commit: ${commitSha}`);
    if (!/^refs\/(heads\/.+|tags\/.+|pull\/\d+\/(merge|head))$/.test(ref))
      return invalid(422, `"ref" is no ref: ${ref}`);
    const bytes = Buffer.from(packed, 'base64');
    if (bytes.toString('base64').replaceAll('=', '') !== packed.replaceAll(/[=\s]/g, '')) {
      return invalid(400, '"sarif" is not valid base64.');
    }
    if (bytes.length > LARGEST) {
      return { status: 413, body: problem('SARIF file is too large: it has more than 10 MB, compressed', UPLOAD, 413) };
    }
    const sarif = await parsed(bytes);
    if (typeof sarif === 'string') return invalid(400, sarif);
    const errors = sarifProblems(sarif.value);
    const id = randomUUID();
    const analyses = errors.length > 0 ? [] : analysesOf(sarif.value, textField(body, 'tool_name'));
    const added: RecordedSarif = { id, job: job.id, commitSha, ref, analyses, errors, sarif: sarif.value };
    replace(added);
    uploads.push(added);
    return { status: 202, body: { id, url: address(call, `sarifs/${id}`) } };
  };

  /** An analysis takes the place of the one before with the same tool and category, on the same commit and ref. */
  const replace = (added: RecordedSarif): void => {
    for (const [index, earlier] of uploads.entries()) {
      const isSamePlace = earlier.commitSha === added.commitSha && earlier.ref === added.ref;
      const isSame = earlier.analyses.some((one) =>
        added.analyses.some(({ tool, category }) => tool === one.tool && category === one.category),
      );
      if (isSamePlace && isSame) uploads[index] = { ...earlier, replacedBy: added.id };
    }
  };

  const status = (call: Call): Answer => {
    const found = uploads.find(({ id }) => id === call.params['sarif_id']);
    if (found === undefined) return notFound(STATUS);
    const isTaken = found.errors.length === 0;
    const body = {
      processing_status: isTaken ? 'complete' : 'failed',
      analyses_url: isTaken ? address(call, `analyses?sarif_id=${found.id}`) : null,
      errors: isTaken ? null : found.errors,
    };
    return { status: 200, body };
  };

  const sarifs = '/repos/{owner}/{repo}/code-scanning/sarifs';
  const routes: readonly Route[] = [
    { method: 'POST', path: sarifs, needs: WRITES, page: UPLOAD, handle: upload },
    { method: 'GET', path: `${sarifs}/{sarif_id}`, needs: READS, page: STATUS, handle: status },
  ];
  return { routes, recorded: (): readonly RecordedSarif[] => uploads };
}

function invalid(status: number, what: string): Answer {
  return { status, body: problem(`Invalid request.\n\n${what}`, UPLOAD, status) };
}

function address({ addresses: { api, owner, name } }: Call, path: string): string {
  return `${api}/repos/${owner}/${name}/code-scanning/${path}`;
}

/** The file's JSON, or what is wrong with it. */
async function parsed(bytes: Buffer): Promise<{ readonly value: unknown } | string> {
  let text: string;
  try {
    text = (await unzip(bytes, { maxOutputLength: LARGEST_UNPACKED })).toString('utf8');
  } catch {
    return '"sarif" is not compressed by gzip.';
  }
  try {
    return { value: JSON.parse(text) };
  } catch {
    return 'Invalid SARIF. It is no JSON.';
  }
}
