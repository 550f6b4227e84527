import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Mark, Platform, Prepared, Surroundings } from '../../../src/release/target.ts';
import { inputs } from '../../../src/release/targets/cloud-run/inputs.ts';
import { target } from '../../../src/release/targets/cloud-run/target.ts';
import type { Environment } from '../../../src/runtime/environment.ts';
import { createHttp, type HttpClient } from '../../../src/runtime/http.ts';
import { readInputs } from '../../../src/runtime/inputs.ts';
import { createLog } from '../../../src/runtime/log.ts';
import { createSecrets } from '../../../src/runtime/secrets.ts';
import { type CloudProxy, startCloudProxy } from '../../support/cloud-proxy.ts';
import { type CloudRun, createCloudRun } from '../../support/cloud-run/cloud.ts';
import type { Program } from '../../support/cloud-run/instances.ts';
import type { Settings } from '../../support/cloud-run/state.ts';
import { type GithubIdentity, startGithubIdentity } from '../../support/github-identity.ts';
import { createGoogleCloud, type GoogleCloud } from '../../support/google-cloud.ts';
import { inputVariables } from '../../support/step-process.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { stepContext } from '../context.ts';
import { type ActionName, operation } from '../operations.ts';

export const PROVIDER = 'projects/123456789012/locations/global/workloadIdentityPools/github/providers/acme';
export const ACCOUNT = 'deploy@acme-production.iam.gserviceaccount.com';
export const REGION = 'europe-west1';

/** A project on Google Cloud in which a job of `acme/apps` may deploy, and everything that stands around a run. */
export interface World {
  readonly cloud: CloudRun;
  readonly google: GoogleCloud;
  readonly github: GithubIdentity;
  readonly proxy: CloudProxy;
  /** What the run said. */
  readonly said: string[];
  /** What was masked. */
  readonly masked: Set<string>;
  readonly surroundings: Surroundings;
  /** What the target gets for inputs as a caller writes them. */
  readonly prepare: (given: Readonly<Record<string, string>>) => Promise<Prepared>;
  readonly platform: (service?: string) => Promise<Platform>;
  readonly stop: () => Promise<void>;
}

export async function startWorld(settings: Partial<Settings> = {}): Promise<World> {
  const github = await startGithubIdentity();
  const google = await createGoogleCloud(github.keys);
  google.providers.set(PROVIDER, { allowedAudiences: [], condition: (claims) => claims['repository'] === 'acme/apps' });
  google.accounts.set(ACCOUNT, () => true);
  const cloud = await createCloudRun(google, settings);
  const proxy = await startCloudProxy(cloud.services);
  const temp = await mkdtemp(join(tmpdir(), 'pipelines-cloud-run-'));
  const workspace = join(temp, 'workspace');
  await mkdir(workspace);
  const said: string[] = [];
  const masked = new Set<string>();
  const environment: Environment = { ...proxy.environment, ...github.environment };
  const surroundings: Surroundings = {
    credentials: {
      workloadIdentityProvider: PROVIDER,
      serviceAccount: ACCOUNT,
      credentialsJson: undefined,
      token: undefined,
      protectionBypass: undefined,
    },
    http: createHttp({ environment, service: 'Cloud Run', code: 'PIPE-RELEASE-099', wait: async () => undefined }),
    environment,
    workspace,
    temp,
    log: createLog((text) => said.push(text)),
    secrets: { add: (secret) => masked.add(secret) },
    signal: new AbortController().signal,
  };
  return {
    cloud,
    google,
    github,
    proxy,
    said,
    masked,
    surroundings,
    prepare: async (given) => {
      const all = { service: 'api', region: REGION, project: 'acme-production', ...given };
      const secrets = { add: (secret: string) => void masked.add(secret) };
      const values = await readInputs(inputs, inputVariables(all), { workspace }, secrets as never, 'deploy-cloud-run');
      return await target.prepare(values, surroundings);
    },
    platform: (service = 'api') =>
      target.open({ scheme: 'cloud-run', parts: ['acme-production', REGION, service, 'new'] }, surroundings),
    stop: async () => {
      surroundings.http.close();
      await proxy.stop();
      await cloud.stop();
      await github.stop();
      await rm(temp, { recursive: true, force: true });
    },
  };
}

/** A server that answers with a text; it says who it is in the header `x-version` too. */
export function site(text: string): Program {
  const source = `require('node:http').createServer((request, response) => {
    if (request.url === '/env') return response.end(JSON.stringify(process.env));
    if (request.url === '/headers') return response.end(JSON.stringify(request.headers));
    response.writeHead(200, { 'x-version': ${JSON.stringify(text)} }).end(${JSON.stringify(text)});
  }).listen(process.env.PORT)`;
  return { command: [process.execPath, '-e', source] };
}

/** A program that throws at start. */
export const BROKEN: Program = {
  command: [process.execPath, '-e', "console.log('listening soon'); throw new Error('no DATABASE_URL given')"],
};

let images = 0;

/** Pushes an image. @returns its reference by digest */
export function pushed({ cloud }: Pick<World, 'cloud'>, program: Program): string {
  images += 1;
  const digest = `sha256:${images.toString(16).padStart(64, '0')}`;
  cloud.state.images.programs.set(digest, program);
  return `${REGION}-docker.pkg.dev/acme-production/apps/api@${digest}`;
}

export function mark(prepared: Pick<Prepared, 'fingerprint'>, commit: string): Mark {
  return {
    commit: commit.repeat(40).slice(0, 40),
    fingerprint: prepared.fingerprint,
    lastMigration: '20261104120000_add_email',
    run: 'https://github.com/acme/apps/actions/runs/1',
  };
}

/** Asks an address through the proxy, as a user somewhere on the internet. */
export async function ask(
  { surroundings }: Pick<World, 'surroundings'>,
  url: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ readonly status: number; readonly text: string }> {
  const { status, body } = await surroundings.http.send({ url, headers, tries: 1 });
  return { status, text: body.toString('utf8') };
}

/** An action on Cloud Run, whole, as a workflow calls it: it signs in by itself. */
export async function runOperation(
  { surroundings }: Pick<World, 'surroundings'>,
  name: ActionName,
  commit: string,
  given: Readonly<Record<string, string>>,
  http: HttpClient = surroundings.http,
) {
  const temp = await temporaryFolder();
  const workspace = join(temp, 'workspace');
  await mkdir(workspace);
  const action = operation(name, target, { http });
  const all = { 'workload-identity-provider': PROVIDER, 'service-account': ACCOUNT, ...given };
  const secrets = createSecrets(() => undefined);
  const values = await readInputs(action.inputs, inputVariables(all), { workspace }, secrets, action.name);
  const environment = { ...surroundings.environment, GITHUB_SHA: commit.repeat(40), RUNNER_TEMP: temp };
  const step = stepContext({ workspace, temp, environment });
  const { outputs, failure } = await action.run(values, step);
  return { outputs: outputs as Readonly<Record<string, unknown>>, failure, step };
}
