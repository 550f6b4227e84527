import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { capture } from '../../../src/runtime/process.ts';
import { requireGcloud } from '../../../tools/registry/install.ts';
import { gcloudEnvironment } from '../../support/gcloud.ts';
import { addKey } from '../../support/google-cloud.ts';
import type { World } from './place.ts';

/** Google's own program, signed in to the stand-in with a key of its own. */
export interface Gcloud {
  /** Runs a command. @returns what it printed. @throws Error with what it said when it fails */
  readonly run: (...args: string[]) => Promise<string>;
  readonly json: (...args: string[]) => Promise<Readonly<Record<string, unknown>>>;
  readonly stop: () => Promise<void>;
}

export async function startGcloud({ proxy, google }: Pick<World, 'proxy' | 'google'>): Promise<Gcloud> {
  const program = await requireGcloud();
  const folder = await mkdtemp(join(tmpdir(), 'pipelines-gcloud-'));
  const key = join(folder, 'key.json');
  await writeFile(key, JSON.stringify(addKey(google, 'witness@acme-production.iam.gserviceaccount.com')), {
    mode: 0o600,
  });
  const env = {
    ...gcloudEnvironment(folder, key, proxy),
    CLOUDSDK_CORE_PROJECT: 'acme-production',
    CLOUDSDK_RUN_REGION: 'europe-west1',
  };
  const run = async (...args: string[]) => {
    const { exitCode, stdout, stderr } = await capture(program, args, { cwd: folder, env });
    if (exitCode !== 0) throw new Error(`gcloud ${args.join(' ')} ended with ${exitCode}: ${stderr}`);
    return stdout;
  };
  return {
    run,
    json: async (...args) => JSON.parse(await run(...args, '--format=json')) as Readonly<Record<string, unknown>>,
    stop: () => rm(folder, { recursive: true, force: true }),
  };
}
