import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { capture } from '../../../src/runtime/process.ts';
import { installFirebase } from '../../../tools/conformance/firebase.ts';
import type { CloudRequest, CloudService } from '../cloud-proxy.ts';
import { startFront } from './front.ts';

const ORIGINS: Readonly<Record<string, string>> = {
  FIREBASE_HOSTING_API_URL: 'firebasehosting.googleapis.com',
  FIREBASE_API_URL: 'firebase.googleapis.com',
  FIREBASE_RESOURCEMANAGER_URL: 'cloudresourcemanager.googleapis.com',
  FIREBASE_SERVICE_USAGE_URL: 'serviceusage.googleapis.com',
  FIREBASE_IDENTITY_URL: 'identitytoolkit.googleapis.com',
  FIREBASE_AUTH_MANAGEMENT_URL: 'identitytoolkit.googleapis.com',
  FIREBASE_FUNCTIONS_URL: 'cloudfunctions.googleapis.com',
  FIREBASE_FUNCTIONS_V2_URL: 'cloudfunctions.googleapis.com',
  CLOUD_RUN_URL: 'run.googleapis.com',
};

/** Firebase's own program over services that stand in for the real ones. */
export interface FirebaseCli {
  /** @returns what it printed; throws when it fails */
  readonly run: (folder: string, ...args: readonly string[]) => Promise<string>;
  /** What it asked for, in order. */
  readonly requests: CloudRequest[];
  /** The program and the environment that it needs. */
  readonly program: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly stop: () => Promise<void>;
}

/** @param delay milliseconds before each answer */
export async function startFirebaseCli(
  services: Readonly<Record<string, CloudService>>,
  delay = 0,
): Promise<FirebaseCli> {
  const program = await installFirebase();
  const front = await startFront(services, delay);
  const home = await mkdtemp(join(tmpdir(), 'pipelines-firebase-'));
  const origins = Object.entries(ORIGINS).map(([name, host]) => [name, front.origins[host] ?? 'http://127.0.0.1:9']);
  const environment = {
    PATH: process.env['PATH'] ?? '',
    HOME: home,
    XDG_CONFIG_HOME: join(home, 'config'),
    CI: 'true',
    // Only so that it goes on: over plain http it sends `owner`.
    FIREBASE_TOKEN: 'a-refresh-token',
    FIREBASE_CLI_DISABLE_UPDATE_CHECK: '1',
    NO_UPDATE_NOTIFIER: '1',
    ...Object.fromEntries(origins),
  };
  return {
    program,
    environment,
    requests: front.requests,
    run: async (folder, ...args) => {
      const all = [program, ...args, '--non-interactive'];
      const { exitCode, stdout, stderr } = await capture(process.execPath, all, { cwd: folder, env: environment });
      if (exitCode !== 0) throw new Error(`firebase ${args.join(' ')} ended with ${exitCode}: ${stdout}${stderr}`);
      return stdout;
    },
    stop: async () => {
      await front.stop();
      await rm(home, { recursive: true, force: true });
    },
  };
}
