import type { Environment } from '../runtime/environment.ts';
import { OutsideFault, shown } from '../runtime/errors.ts';
import type { HttpClient } from '../runtime/http.ts';

/** Service and code of every fault of the cache. */
export const SERVICE = { service: "GitHub's cache service", code: 'PIPE-CACHE-001' } as const;

/** What names an entry. */
export interface EntryName {
  readonly key: string;
  readonly version: string;
}

/** An entry that was found, or a place for a new one; else why not. */
export type Found = { readonly key: string; readonly url: string } | undefined | Denied;
export type Reserved = { readonly url: string } | Denied;

/** The service does not want to, which is no fault. */
export interface Denied {
  readonly denied: string;
}

/** GitHub's cache service, version 2: calls in Twirp's JSON (twitchtv.github.io/twirp, "Routing and Serialization"). */
export interface CacheService {
  /** The newest entry for a key, or for the first of `restoreKeys` that one begins with. */
  readonly find: (name: EntryName, restoreKeys: readonly string[]) => Promise<Found>;
  readonly reserve: (name: EntryName) => Promise<Reserved>;
  /** Makes an entry of what was sent. @param size bytes */
  readonly finish: (name: EntryName, size: number) => Promise<void>;
}

/** Asked this often at most: a service that failed twice is left alone, and so is one that asks for a long wait. */
const TRIES = 2;

/** Milliseconds for both tries and the wait between them. */
const LONGEST = 20_000;

/** Every method throws OutsideFault PIPE-CACHE-001 when the service does not do its part. */
export function createService(environment: Environment, http: HttpClient, signal: AbortSignal): CacheService {
  const call = async (method: string, body: object): Promise<Answer> => {
    const started = performance.now();
    const base = environment['ACTIONS_RESULTS_URL'] ?? '';
    const path = `/twirp/github.actions.results.api.v1.CacheService/${method}`;
    const response = await http.send({
      method: 'POST',
      url: URL.canParse(path, base) ? new URL(path, base).href : base,
      headers: {
        authorization: `Bearer ${environment['ACTIONS_RUNTIME_TOKEN'] ?? ''}`,
        'content-type': 'application/json',
        accept: 'application/json',
      },
      body: JSON.stringify(body),
      // Finding changes nothing; a place reserved twice is taken, and then somebody else's as far as we know.
      idempotent: true,
      tries: TRIES,
      deadline: LONGEST,
      limit: 1024 * 1024,
      signal,
    });
    const { status } = response;
    const answer = fieldsOf(response.body);
    const said = answer === undefined ? '' : textOf(answer, 'msg') || textOf(answer, 'message');
    const isKnown = (status >= 200 && status < 300) || status === 409 || (status === 403 && said !== '');
    if (answer !== undefined && isKnown) return { status, answer, said };
    const what = `${SERVICE.service} gave no usable answer to ${method}${said === '' ? '' : `: ${shown(said, 200)}`}`;
    const details = { service: SERVICE.service, status, tries: TRIES, elapsed: performance.now() - started };
    throw new OutsideFault({ code: SERVICE.code, what }, details);
  };
  return {
    find: async ({ key, version }, restoreKeys) => {
      const { status, answer, said } = await call('GetCacheEntryDownloadURL', {
        key,
        restore_keys: restoreKeys,
        version,
      });
      if (status === 403) return { denied: printableDenial(said) };
      const url = textOf(answer, 'signed_download_url', 'signedDownloadUrl');
      if (answer['ok'] !== true || url === '') return undefined;
      return { key: textOf(answer, 'matched_key', 'matchedKey') || key, url };
    },
    reserve: async (name) => {
      const { answer, said } = await call('CreateCacheEntry', name);
      const url = textOf(answer, 'signed_upload_url', 'signedUploadUrl');
      return answer['ok'] === true && url !== '' ? { url } : { denied: printableDenial(said) };
    },
    finish: async (name, size) => {
      const { answer, said, status } = await call('FinalizeCacheEntryUpload', { ...name, size_bytes: String(size) });
      if (answer['ok'] === true) return;
      const what = `${SERVICE.service} did not keep what was sent${said === '' ? '' : `: ${shown(said, 200)}`}`;
      throw new OutsideFault({ code: SERVICE.code, what }, { service: SERVICE.service, status, tries: 1, elapsed: 0 });
    },
  };
}

interface Answer {
  readonly status: number;
  readonly answer: Fields;
  /** What it says beside its answer; empty when nothing. */
  readonly said: string;
}

type Fields = Readonly<Record<string, unknown>>;

/** The object in an answer; undefined when it holds none. */
function fieldsOf(body: Buffer): Fields | undefined {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
  } catch {
    // What is no JSON has no fields, and the caller says so.
    return undefined;
  }
}

/** A text under the name of the protocol, or under the one that JSON's own rules for it would give. */
function textOf(fields: Fields, ...names: readonly string[]): string {
  const value = names.map((name) => fields[name]).find((found) => typeof found === 'string');
  return typeof value === 'string' ? value : '';
}

function printableDenial(said: string): string {
  return said === '' ? 'the service did not take it' : `the service says ${shown(said, 200)}`;
}
