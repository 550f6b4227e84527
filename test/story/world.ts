import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { linkBrowsers } from '../../tools/smoke/install.ts';
import type { CloudRun } from '../support/cloud-run/cloud.ts';
import { type Clouds, startClouds } from '../support/clouds.ts';
import { type Postgres, startPostgres } from '../support/postgres.ts';
import { createStops } from '../support/stops.ts';
import { createShop, type Shop } from './shop.ts';

export const REPOSITORY = 'acme/shop';
export const REGION = 'europe-west1';
export const SITE = 'acme-shop';

export const ENVIRONMENTS = ['staging', 'production'] as const;
export type EnvironmentName = (typeof ENVIRONMENTS)[number];

/** Project on Google Cloud of an environment. */
export const projectOf = (name: EnvironmentName): string => `acme-${name}`;

/** Everything that the story happens in. */
export interface World {
  readonly clouds: Clouds;
  readonly postgres: Postgres;
  readonly shop: Shop;
  /** Cloud Run's side of an environment: to break it, never to tell of it. */
  readonly cloudOf: (name: EnvironmentName) => CloudRun;
  /** Address of the database of an environment. */
  readonly databaseOf: (name: EnvironmentName) => string;
  /** Folder for caches and what GitHub would remember. */
  readonly folder: string;
  /** Where Playwright finds its browsers. */
  readonly browsers: string;
  readonly stop: () => Promise<void>;
}

/** Starts it on the loopback, and installs what is missing. @throws Error that says what to install */
export async function startWorld(): Promise<World> {
  const { add, stop } = createStops();
  try {
    const folder = await mkdtemp(join(tmpdir(), 'pipelines-story-'));
    add(() => rm(folder, { recursive: true, force: true }));
    const postgres = await startPostgres();
    add(postgres.remove);
    const clouds = await startClouds({
      projects: [projectOf('staging'), projectOf('production')],
      repository: REPOSITORY,
      region: REGION,
      builds: true,
    });
    add(clouds.stop);
    clouds.hosting.addProject(SITE);
    const [staging, production = staging] = clouds.run;
    const cloudOf = (name: EnvironmentName) => (name === 'staging' ? staging : production);
    for (const name of ENVIRONMENTS) {
      await postgres.sql('postgres', `CREATE DATABASE ${name}`);
      keepSecret(cloudOf(name), 'database-url', postgres.url(name));
    }
    await mkdir(join(folder, 'shop'));
    const shop = await createShop(join(folder, 'shop'), clouds.scan);
    const browsers = await linkBrowsers();
    return { clouds, postgres, shop, cloudOf, databaseOf: (name) => postgres.url(name), folder, browsers, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** What an owner of the project has put into Secret Manager, readable for the account that services run as. */
function keepSecret({ state }: CloudRun, name: string, value: string): void {
  const createTime = new Date().toISOString();
  const { project, projectNumber } = state.settings;
  state.secrets.set(name, {
    ...{ project, name, createTime, etag: 1, labels: {}, annotations: {} },
    versions: [{ state: 'ENABLED', value: Buffer.from(value), createTime }],
    readers: new Set([`${projectNumber}-compute@developer.gserviceaccount.com`]),
  });
}
