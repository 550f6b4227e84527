import { join } from 'node:path';
import type { Mark, Surroundings } from '../../../src/release/target.ts';
import { inputs as declared, type FirebaseInputs } from '../../../src/release/targets/firebase/inputs.ts';
import { createHttp } from '../../../src/runtime/http.ts';
import { createLog } from '../../../src/runtime/log.ts';
import { type CloudProxy, type CloudRequest, type CloudService, startCloudProxy } from '../../support/cloud-proxy.ts';
import { createFirebaseHosting, type FirebaseHosting, type HostingOptions } from '../../support/firebase/hosting.ts';
import { createNeighbours, type Neighbours } from '../../support/firebase/neighbours.ts';
import { type GithubIdentity, startGithubIdentity } from '../../support/github-identity.ts';
import { addKey, createGoogleCloud, type GoogleCloud } from '../../support/google-cloud.ts';

export const PROJECT = 'acme-shop';
export const PROVIDER = 'projects/123456789012/locations/global/workloadIdentityPools/github/providers/acme';

const ACCOUNT = 'deploy@acme-shop.iam.gserviceaccount.com';

/** Firebase and what it takes to be let in, for the tests of this room. */
export interface Room {
  readonly hosting: FirebaseHosting;
  readonly neighbours: Neighbours;
  readonly google: GoogleCloud;
  readonly github: GithubIdentity;
  readonly proxy: CloudProxy;
  readonly key: string;
  /** What was said, as it went to the log. */
  readonly said: string[];
  readonly surroundings: (workspace: string, changes?: Partial<Surroundings>) => Surroundings;
  /** `METHOD host/path?query` of the calls to Google's APIs since the last look, sign-in left out. */
  readonly calls: () => readonly string[];
  /** What a browser sees. */
  readonly get: (url: string, headers?: Readonly<Record<string, string>>) => Promise<Seen>;
  readonly stop: () => Promise<void>;
}

export interface Seen {
  readonly status: number;
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** @param disturb put in front of every service */
export async function openRoom(
  options: Partial<HostingOptions> = {},
  disturb: (service: CloudService) => CloudService = (service) => service,
): Promise<Room> {
  const github = await startGithubIdentity();
  const google = await createGoogleCloud(github.keys);
  google.providers.set(PROVIDER, { allowedAudiences: [], condition: () => true });
  const access: HostingOptions['access'] = (token) => (google.holderOf(token) === undefined ? 'nobody' : 'everything');
  const neighbours = createNeighbours();
  const hosting = await createFirebaseHosting({ access, hasService: neighbours.hasService, ...options });
  hosting.addProject(PROJECT, ['acme-docs']);
  const services = { ...google.services, ...hosting.services, ...neighbours.services };
  const disturbed = Object.entries(services).map(([host, service]) => [host, disturb(service)] as const);
  const proxy = await startCloudProxy(Object.fromEntries(disturbed));
  const key = JSON.stringify(addKey(google, ACCOUNT));
  const environment = { ...github.environment, ...proxy.environment };
  const http = createHttp({ environment, service: 'Firebase Hosting', code: 'PIPE-RELEASE-003', wait: async () => {} });
  const said: string[] = [];
  return {
    hosting,
    neighbours,
    google,
    github,
    proxy,
    key,
    said,
    surroundings: (workspace, changes = {}) => ({
      credentials: {
        workloadIdentityProvider: undefined,
        serviceAccount: undefined,
        credentialsJson: key,
        token: undefined,
        protectionBypass: undefined,
      },
      http,
      environment,
      workspace,
      temp: join(workspace, '.temp'),
      log: createLog((text) => said.push(text)),
      secrets: { add: () => undefined },
      signal: new AbortController().signal,
      ...changes,
    }),
    calls: () => proxy.requests.splice(0).filter(isApi).map(callText),
    get: async (url, headers = {}) => {
      const answer = await http.send({ url, headers, tries: 1, method: 'GET' });
      return { status: answer.status, text: answer.body.toString('utf8'), headers: answer.headers };
    },
    stop: async () => {
      http.close();
      await proxy.stop();
      await github.stop();
    },
  };
}

function isApi({ host }: CloudRequest): boolean {
  return !/^(sts|oauth2|iamcredentials)\.|\.web\.app$/.test(host);
}

function callText({ method, host, path, query }: CloudRequest): string {
  const text = query.toString();
  return `${method} ${host}${path}${text === '' ? '' : `?${text}`}`;
}

/** Inputs with their defaults. */
export function given(workspace: string, values: Partial<FirebaseInputs> = {}): FirebaseInputs {
  return {
    project: PROJECT,
    site: undefined,
    target: undefined,
    config: workspace,
    public: undefined,
    channel: undefined,
    expires: undefined,
    predeploy: declared.predeploy.default,
    clone: undefined,
    ...values,
  };
}

export function mark(fingerprint: string, commit = 'a'.repeat(40)): Mark {
  return {
    commit,
    fingerprint,
    lastMigration: '20261104120000_Add.Email',
    run: 'https://github.com/acme/Shop/actions/runs/42/attempts/1',
  };
}
