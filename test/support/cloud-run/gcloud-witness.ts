import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { requireGcloud } from '../../../tools/registry/install.ts';
import { startCloudProxy } from '../cloud-proxy.ts';
import { gcloudEnvironment } from '../gcloud.ts';
import { addKey } from '../google-cloud.ts';
import { startWitness } from '../witness.ts';
import type { CloudRun } from './cloud.ts';

export interface GcloudWitness {
  /** What `gcloud run services describe` says of the traffic of a service: revisions to percent. */
  readonly serving: (service: string, region: string) => Promise<Readonly<Record<string, number>>>;
  readonly stop: () => Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Google's own program, asked what serves as often as wanted, on a way to Google of its own. */
export async function startGcloudWitness({ services, state }: CloudRun): Promise<GcloudWitness> {
  const sdk = join(dirname(await realpath(await requireGcloud())), '..');
  const proxy = await startCloudProxy(services);
  const folder = await mkdtemp(join(tmpdir(), 'pipelines-gcloud-'));
  const key = join(folder, 'key.json');
  const { project } = state.settings;
  await writeFile(key, JSON.stringify(addKey(state.google, `witness@${project}.iam.gserviceaccount.com`)), {
    mode: 0o600,
  });
  const witness = startWitness<{ readonly args: readonly string[] }, Answer>(
    new URL('gcloud-witness.py', import.meta.url),
    [join(sdk, 'lib')],
    {
      cwd: folder,
      env: { ...gcloudEnvironment(folder, key, proxy), CLOUDSDK_CORE_PROJECT: project },
      program: await pythonOf(sdk),
    },
  );
  return {
    serving: async (service, region) => {
      const args = ['run', 'services', 'describe', service, `--region=${region}`, '--format=json(status.traffic)'];
      const { status, stdout, stderr } = await witness.ask({ args });
      if (status !== 0) throw new Error(`gcloud ${args.join(' ')} ended with ${status}: ${stderr}`);
      return sharesIn(stdout);
    },
    stop: async () => {
      await witness.stop();
      await proxy.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The Python that comes with the program, else the machine's; without its own packages, as bin/gcloud starts it. */
async function pythonOf(sdk: string): Promise<readonly [string, ...string[]]> {
  const bundled = join(sdk, 'platform/bundledpythonunix/bin/python3');
  const python = await realpath(bundled).catch(() => 'python3');
  return [python, '-S'];
}

function sharesIn(text: string): Readonly<Record<string, number>> {
  const { status } = JSON.parse(text) as {
    readonly status?: { readonly traffic?: readonly { readonly revisionName: string; readonly percent?: number }[] };
  };
  const shares: Record<string, number> = {};
  for (const { revisionName, percent = 0 } of status?.traffic ?? []) {
    if (percent > 0) shares[revisionName] = (shares[revisionName] ?? 0) + percent;
  }
  return shares;
}
