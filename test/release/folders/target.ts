import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ReleaseReference, releaseName } from '../../../src/release/reference.ts';
import type { Platform, Release, Serving, Surroundings, Target } from '../../../src/release/target.ts';
import { TrafficMoved } from '../../../src/release/traffic-moved.ts';
import { OutsideFault } from '../../../src/runtime/errors.ts';
import type { HttpResponse, Method } from '../../../src/runtime/http.ts';
import { string, workspacePath } from '../../../src/runtime/kinds.ts';
import type { FoundPlace, FoundRelease } from './agent.ts';

const inputs = {
  place: { kind: string({ example: 'shop' }), description: 'Name of the site.', required: true },
  folder: { kind: workspacePath({ example: 'public' }), description: 'Folder with an index.html.', required: true },
} as const;

/** A fourth target: folders that a real nginx serves, moved by an agent beside it. */
export const target: Target<typeof inputs> = {
  scheme: 'folders',
  title: 'Folders',
  parts: ['host', 'place', 'release'],
  canSplit: true,
  credentials: [],
  inputs,
  prepare: async ({ place, folder }, surroundings) => {
    const reference: ReleaseReference = { scheme: 'folders', parts: [HOST, place, 'new'] };
    const page = await readFile(join(folder, 'index.html'), 'utf8');
    const fingerprint = createHash('sha256').update(page).digest('hex');
    const platform = open(reference, surroundings);
    return {
      place: reference,
      platform,
      fingerprint,
      changes: [],
      stage: async (mark) => {
        const name = `r-${mark.commit.slice(0, 10)}-${fingerprint.slice(0, 10)}`;
        const call = caller(surroundings);
        // The name says what is in it: to send it twice does no harm.
        const answer = await call('PUT', `/places/${place}/releases/${name}`, { page, mark });
        return releaseOf(place, await json<FoundRelease>(answer, 200, 201));
      },
    };
  },
  open: async (reference, surroundings) => open(reference, surroundings),
};

export const HOST = 'folders.test';

function open({ parts }: ReleaseReference, surroundings: Surroundings): Platform {
  const [, place = ''] = parts;
  const call = caller(surroundings);
  const releases = async () => {
    const answer = await call('GET', `/places/${place}/releases`);
    return answer.status === 404 ? [] : (await json<FoundRelease[]>(answer, 200)).map((one) => releaseOf(place, one));
  };
  return {
    current: async () => {
      const answer = await call('GET', `/places/${place}`);
      return answer.status === 404 ? undefined : servingOf(place, await json<FoundPlace>(answer, 200));
    },
    releases,
    release: async (reference) =>
      (await releases()).find((one) => releaseName(one.reference) === releaseName(reference)),
    shift: async (shares, from, reason) => {
      const body = { shares: shares.map(({ reference, percent }) => [releaseName(reference), percent]), reason };
      // The guard makes a second try harmless: it is refused when the first one came through.
      const answer = await call('PUT', `/places/${place}/traffic`, body, { 'if-match': from.guard });
      if (answer.status === 412) throw new TrafficMoved(place, answer.body.toString('utf8'));
      return servingOf(place, await json<FoundPlace>(answer, 200));
    },
    remove: async (reference) => {
      const answer = await call('DELETE', `/places/${place}/releases/${releaseName(reference)}`);
      if (answer.status === 404) return false;
      await json(answer, 200);
      return true;
    },
    commandFor: (reference) => `folders traffic ${place} ${releaseName(reference)}=100`,
    pageFor: () => `https://${HOST}/places/${place}`,
  };
}

function caller({ http, signal }: Surroundings) {
  return (method: Method, path: string, body?: unknown, headers: Readonly<Record<string, string>> = {}) =>
    http.send({
      method,
      url: `https://${HOST}${path}`,
      headers: { ...headers, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal,
    });
}

async function json<T>({ status, body }: HttpResponse, ...expected: readonly number[]): Promise<T> {
  const failed = (what: string, cause?: unknown) =>
    new OutsideFault(
      { code: 'PIPE-FOLDERS-001', what },
      { service: HOST, status, tries: 1, elapsed: 0 },
      cause === undefined ? {} : { cause },
    );
  if (!expected.includes(status)) throw failed(`the agent answered ${status}`);
  try {
    return JSON.parse(body.toString('utf8')) as T;
  } catch (error) {
    throw failed('the agent answered something else than JSON', error);
  }
}

function named(place: string, name: string): ReleaseReference {
  return { scheme: 'folders', parts: [HOST, place, name] };
}

function releaseOf(place: string, { name, createdAt, url, mark, isRolledBack }: FoundRelease): Release {
  const reference = named(place, name);
  return { reference, createdAt, isReady: true, reason: '', url, probeHeaders: {}, mark, isRolledBack };
}

function servingOf(place: string, { url, shares, since, previous, guard }: FoundPlace): Serving {
  return {
    url,
    probeHeaders: {},
    shares: shares.map(([name, percent]) => ({ reference: named(place, name), percent })),
    since,
    previous: previous === undefined ? undefined : named(place, previous),
    guard,
  };
}
