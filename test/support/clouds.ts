import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { signingKey } from '../../src/local/oidc/key.ts';
import { installTrivy } from '../../tools/scan/trivy.ts';
import { pushDatabase } from '../scan/images.ts';
import { artifactRegistry } from './artifact-registry.ts';
import { type BuildKit, startBuildKit } from './buildkit.ts';
import { type CloudProxy, type CloudService, startCloudProxy } from './cloud-proxy.ts';
import { type CloudRun, createCloudRun } from './cloud-run/cloud.ts';
import { cloudRunProjects } from './cloud-run/projects.ts';
import type { Settings } from './cloud-run/state.ts';
import { createFirebaseHosting, type FirebaseHosting } from './firebase/hosting.ts';
import { createGoogleCloud, type GoogleCloud } from './google-cloud.ts';
import { pushNodeBase } from './node-base.ts';
import { npmRegistryHost } from './npm-registry.ts';
import { startRegistry } from './registry-server.ts';
import { machine } from './run-dist.ts';
import { createStops } from './stops.ts';

/** Everything outside GitHub that a delivery to Google Cloud meets. */
export interface Clouds {
  readonly google: GoogleCloud;
  /** Cloud Run by project, in the order of the option `projects`. */
  readonly run: readonly [CloudRun, ...CloudRun[]];
  readonly hosting: FirebaseHosting;
  readonly proxy: CloudProxy;
  /** Real registry behind the host of Artifact Registry, and that host. */
  readonly registry: { readonly origin: string; readonly host: string };
  /** Present when images are built. */
  readonly buildkit: BuildKit | undefined;
  /** Setting `db-repositories` of the action `scan`; empty when no images are built. */
  readonly scan: string;
  /** Private key (PEM) that signs the identity tokens of the runs that these clouds let in. */
  readonly oidcKey: string;
  /** Variables of an environment by which its jobs sign in without a stored key. @param project one of the option */
  readonly variables: (project: string) => Readonly<Record<string, string>>;
  /** The machine that jobs run on: its way out leads to these clouds. */
  readonly machine: Readonly<Record<string, string>>;
  readonly stop: () => Promise<void>;
}

export interface CloudsOptions {
  /** Projects on Google Cloud. */
  readonly projects: readonly [string, ...string[]];
  /** `owner/name` whose jobs are let in. */
  readonly repository: string;
  /** Region of the registry and of services. */
  readonly region: string;
  /** Whether images are built: BuildKit, a base with Node, Trivy with a database. */
  readonly builds: boolean;
  readonly settings?: Partial<Settings>;
  /** Hosts that are played besides. */
  readonly services?: Readonly<Record<string, CloudService>>;
}

const POOL = 'projects/123456789012/locations/global/workloadIdentityPools/github/providers/jobs';

/** Starts them all on the loopback. @throws Error that says what to install */
export async function startClouds(options: CloudsOptions): Promise<Clouds> {
  const { projects, repository, region, builds, settings, services = {} } = options;
  const { add, stop } = createStops();
  try {
    const folder = await mkdtemp(join(tmpdir(), 'pipelines-clouds-'));
    add(() => rm(folder, { recursive: true, force: true }));
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
    const oidcKey = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
    const google = await createGoogleCloud(signingKey(oidcKey).keySet());
    const accountOf = (project: string) => `deploy@${project}.iam.gserviceaccount.com`;
    google.providers.set(POOL, {
      allowedAudiences: [],
      condition: (claims) => claims['repository'] === repository,
    });
    for (const project of projects) {
      google.accounts.set(accountOf(project), (claims) => claims['repository'] === repository);
    }
    const registry = await startRegistry();
    add(registry.stop);
    const origin = `http://${registry.host}`;
    const host = `${region}-docker.pkg.dev`;
    const create = async (project: string, index: number) => {
      const own = { project, projectNumber: String(123_456_789_012 + index), regions: [region] };
      const run = await createCloudRun(google, { ...own, startWithin: 60_000, ...settings });
      add(run.stop);
      run.state.images.registries.set(host, origin);
      return run;
    };
    const [project, ...more] = projects;
    const run = [
      await create(project, 0),
      ...(await Promise.all(more.map((name, index) => create(name, index + 1)))),
    ] as const;
    const hosting = await createFirebaseHosting({
      access: (token) => (google.holderOf(token) === undefined ? 'nobody' : 'everything'),
    });
    const artifacts = artifactRegistry(origin, (token) => google.holderOf(token) !== undefined);
    const proxy = await startCloudProxy({
      ...google.services,
      ...hosting.services,
      ...services,
      ...cloudRunProjects(...run),
      [host]: artifacts,
    });
    add(proxy.stop);
    const building = builds ? await startBuilding(proxy, host, join(folder, 'database')) : undefined;
    if (building !== undefined) add(building.buildkit.stop);
    return {
      ...{ google, run: run as readonly [CloudRun, ...CloudRun[]], hosting, proxy, oidcKey, stop },
      registry: { origin, host },
      buildkit: building?.buildkit,
      scan: building === undefined ? '' : `db-repositories: ${building.database}`,
      variables: (name) => ({
        GOOGLE_CLOUD_PROJECT: name,
        GOOGLE_WORKLOAD_IDENTITY_PROVIDER: POOL,
        GOOGLE_SERVICE_ACCOUNT: accountOf(name),
      }),
      machine: {
        ...machine(),
        ...building?.buildkit.environment,
        ...proxy.environment,
        // Trivy and Buildx are Go programs.
        SSL_CERT_FILE: proxy.authorities,
        NO_PROXY: [proxy.environment['NO_PROXY'] ?? '', await npmRegistryHost()].join(','),
        PATH: [building?.trivy ?? '', process.env['PATH'] ?? ''].filter((path) => path !== '').join(delimiter),
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startBuilding(proxy: CloudProxy, host: string, folder: string) {
  const buildkit = await startBuildKit({ ...proxy, hosts: [host] });
  try {
    await pushNodeBase(buildkit.registry);
    const database = await pushDatabase({ host: buildkit.registry, repository: 'trivy-db' }, folder);
    return { buildkit, database, trivy: await installTrivy() };
  } catch (error) {
    await buildkit.stop();
    throw error;
  }
}
