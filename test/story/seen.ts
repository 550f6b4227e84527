import { createGoogleClient, type GoogleClient } from '../../src/google/client.ts';
import { createHttp, type HttpClient } from '../../src/runtime/http.ts';
import { addKey } from '../support/google-cloud.ts';
import { type EnvironmentName, projectOf, REGION, REPOSITORY, type World } from './world.ts';

/** A revision of the service, as Cloud Run's API describes it. */
export interface Revision {
  readonly name: string;
  /** Share of the traffic in percent. */
  readonly percent: number;
  readonly digest: string;
}

/** What answers at an address. */
export interface Answer {
  readonly status: number;
  readonly text: string;
}

/**
 * Everything that the story says is read by these: from Cloud Run's API, by HTTP, from the database, from the registry.
 * None of it knows what a run was meant to do.
 */
export interface Reader {
  /** Revisions of the service with traffic, the greatest share first; undefined where there is no service. */
  readonly serving: (environment: EnvironmentName) => Promise<readonly Revision[] | undefined>;
  /** Address of the service that users ask. */
  readonly address: (environment: EnvironmentName) => Promise<string>;
  readonly ask: (url: string) => Promise<Answer>;
  /** Names of migrations that the database has; none where it has no table of them. */
  readonly migrations: (environment: EnvironmentName) => Promise<readonly string[]>;
  readonly sql: (environment: EnvironmentName, sql: string) => Promise<string>;
  /** Tags of the image in the registry. */
  readonly tags: () => Promise<readonly string[]>;
  readonly close: () => void;
}

const IMAGE = `${REPOSITORY.split('/')[0]}/apps/api`;

export function createReader({ clouds, postgres }: World): Reader {
  const { environment } = clouds.proxy;
  const http = createHttp({ environment, service: 'the shop', code: 'PIPE-RELEASE-099' });
  const clients = new Map<EnvironmentName, GoogleClient>();
  const client = (name: EnvironmentName): GoogleClient => {
    const known = clients.get(name) ?? signedIn(clouds, projectOf(name), http);
    clients.set(name, known);
    return known;
  };
  const read = async (name: EnvironmentName, path = '') => {
    const place = `projects/${projectOf(name)}/locations/${REGION}/services/api`;
    const { status, body } = await client(name).send({ url: `https://run.googleapis.com/v2/${place}${path}` });
    return { status, body };
  };

  const serving: Reader['serving'] = async (name) => {
    const { status, body } = await read(name);
    if (status === 404) return undefined;
    const shares = (body['trafficStatuses'] ?? []) as readonly { revision?: string; percent?: number }[];
    const live = shares.filter(({ percent = 0 }) => percent > 0);
    const revisions = live.map(async ({ revision = '', percent = 0 }): Promise<Revision> => {
      const { body: described } = await read(name, `/revisions/${revision}`);
      const [container] = (described['containers'] ?? []) as readonly { readonly image: string }[];
      return { name: revision, percent, digest: container?.image.split('@')[1] ?? '' };
    });
    return (await Promise.all(revisions)).sort((a, b) => b.percent - a.percent);
  };

  const sql: Reader['sql'] = (name, text) => postgres.sql(name, text);
  return {
    serving,
    address: async (name) => String((await read(name)).body['uri'] ?? ''),
    ask: async (url) => {
      const { status, body } = await http.send({ url, tries: 1 });
      return { status, text: body.toString('utf8') };
    },
    sql,
    migrations: async (name) => {
      const table = await sql(name, `SELECT to_regclass('pipelines_migrations')`);
      const rows = table === '' ? '' : await sql(name, 'SELECT name FROM pipelines_migrations ORDER BY name');
      return rows.split('\n').filter((row) => row !== '');
    },
    tags: async () => {
      const answer = await fetch(`${clouds.registry.origin}/v2/${IMAGE}/tags/list`);
      if (answer.status === 404) return [];
      const { tags } = (await answer.json()) as { readonly tags: readonly string[] | null };
      return [...(tags ?? [])].sort();
    },
    close: () => http.close(),
  };
}

/** Somebody with a key of their own, who looks. */
function signedIn({ google, proxy }: World['clouds'], project: string, http: HttpClient): GoogleClient {
  const credentialsJson = JSON.stringify(addKey(google, `reader@${project}.iam.gserviceaccount.com`));
  const client = createGoogleClient({
    credentials: { credentialsJson, workloadIdentityProvider: undefined, serviceAccount: undefined },
    ...{ http, environment: proxy.environment, secrets: { add: () => undefined } },
    signal: new AbortController().signal,
  });
  if (client === undefined) throw new Error('a key signs nobody in');
  return client;
}
