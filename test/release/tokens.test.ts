import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startCloudProxy } from '../support/cloud-proxy.ts';
import { serviceOf } from '../support/cloud-run/state.ts';
import { addKey } from '../support/google-cloud.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { loadVercelSchemas } from '../support/vercel/schemas.ts';
import { createVercel } from '../support/vercel/vercel.ts';
import { ACCOUNT, BROKEN, pushed, REGION, startWorld, type World } from './cloud-run/place.ts';
import { cloudRunScenario } from './cloud-run/scenario.ts';
import type { Scenario } from './fault-matrix.ts';
import { firebaseScenario } from './firebase/scenario.ts';
import type { ActionName } from './operations.ts';
import { leaks, sentTokens, type Traces, watched } from './traces.ts';
import { DOMAIN } from './vercel/room.ts';
import { vercelScenario } from './vercel/scenario.ts';

type Texts = Readonly<Record<string, string>>;

/** A scenario with what is secret in it. */
interface Subject {
  readonly scenario: Scenario;
  readonly secrets: readonly string[];
  /** Inputs of a deployment beside those of the scenario. */
  readonly deployed: Texts;
  /** Inputs that make it a preview; undefined where there are none. */
  readonly preview?: Texts;
  /** Inputs with which it fails. */
  readonly failing: Texts;
  /** Is done when it is deployed for the first time. */
  readonly afterFirst?: () => void;
  /** Tokens that a run sends beside the secrets that it was given, at least. */
  readonly exchanged: number;
}

const PASSWORD = 'a-long/pass"word+of the=database';
const REQUEST_TOKEN = 'request-token-of-the-job';

async function cloudRun(byKey: boolean): Promise<Subject> {
  const world = await startWorld({ polls: 0, pace: 2, startWithin: 1_000 });
  onTestFinished(world.stop);
  const scenario = cloudRunScenario(world, { serving: async () => ({}) }, 'quiet');
  const key = JSON.stringify(addKey(world.google, 'quiet@acme-production.iam.gserviceaccount.com'));
  const { private_key: privateKey } = JSON.parse(key) as { readonly private_key: string };
  const secret = { 'app-secrets': `DATABASE_URL: ${JSON.stringify(`postgres://app:${PASSWORD}@db/app`)}` };
  const common = {
    secrets: [PASSWORD, ...(byKey ? [key, privateKey] : [REQUEST_TOKEN])],
    // A private service is probed with a token of its own kind.
    deployed: { ...secret, authentication: byKey ? 'public' : 'private' },
    failing: { image: pushed(world, BROKEN), 'failure-logs': 'true' },
    exchanged: byKey ? 2 : 4,
  };
  if (!byKey) return { scenario, ...common, afterFirst: () => allow(world, 'quiet') };
  const credentials = { 'credentials-json': key };
  const inputs = async (deployment: number, workspace: string) => {
    const {
      'workload-identity-provider': _,
      'service-account': __,
      ...rest
    } = await scenario.inputs(deployment, workspace);
    return { ...rest, ...credentials };
  };
  return { scenario: { ...scenario, credentials, inputs, environment: {} }, ...common };
}

/** Lets the account of the job ask a private service. */
function allow({ cloud }: World, name: string): void {
  const service = serviceOf(cloud.state, REGION, name);
  if (service === undefined) throw new Error(`there is no service ${name}`);
  service.policy = {
    ...service.policy,
    bindings: [{ role: 'roles/run.invoker', members: [`serviceAccount:${ACCOUNT}`] }],
  };
}

async function firebase(): Promise<Subject> {
  const { scenario, stop } = await firebaseScenario();
  onTestFinished(stop);
  return {
    scenario,
    secrets: [REQUEST_TOKEN],
    deployed: {},
    preview: { channel: 'pr-12' },
    failing: {
      'workload-identity-provider': scenario.credentials?.['workload-identity-provider']?.replace(/.$/, 'x') ?? '',
    },
    exchanged: 2,
  };
}

async function vercel(): Promise<Subject> {
  const bypass = 'bypass-of-the-deployment-protection';
  const scenario = vercelScenario(createVercel({ domains: [DOMAIN], schemas: await loadVercelSchemas() }));
  const { token = '' } = scenario.credentials ?? {};
  return {
    scenario: { ...scenario, credentials: { token, 'protection-bypass': bypass } },
    secrets: [token, bypass, PASSWORD],
    deployed: { 'protection-bypass': bypass, secrets: `STRIPE_KEY: ${JSON.stringify(PASSWORD)}` },
    preview: { target: 'preview' },
    failing: { health: '{consecutive: 1, interval: 100ms, timeout: 1s, contains: nowhere}' },
    exchanged: 0,
  };
}

describe.each([
  ['Cloud Run, signed in by workload identity', () => cloudRun(false)],
  ['Cloud Run, signed in by a key', () => cloudRun(true)],
  ['Firebase Hosting', firebase],
  ['Vercel', vercel],
] as const)('on %s', (_, start) => {
  it('no token and no secret comes into a process, a file, or a line of the log', async () => {
    const { scenario, secrets, deployed, preview, failing, afterFirst, exchanged } = await start();
    const proxy = await startCloudProxy(scenario.services);
    onTestFinished(proxy.stop);
    const workspace = join(await temporaryFolder(), 'workspace');
    await mkdir(workspace);
    const runs: [string, Traces][] = [];
    const environment = (commit: number) => ({
      ...proxy.environment,
      ...scenario.environment,
      GITHUB_SHA: `${commit}`.repeat(40),
    });
    const run = async (action: ActionName, commit: number, inputs: Texts) => {
      const traces = await watched({
        action,
        module: scenario.module,
        inputs,
        environment: environment(commit),
        workspace,
      });
      runs.push([`${action} ${commit}`, traces]);
      return traces.outputs;
    };
    const health = '{consecutive: 1, interval: 100ms, timeout: 4s}';
    const deploy = async (commit: number, more: Texts = {}) =>
      run('deploy', commit, { health, ...(await scenario.inputs(commit, workspace)), ...deployed, ...more });
    const one = await deploy(1, { health: 'off' });
    afterFirst?.();
    const two = await deploy(2, { promote: 'false' });
    const given = { ...scenario.credentials, release: two['release'] ?? '' };
    await run('promote', 2, { ...given, health });
    await run('rollback', 2, { ...given, release: one['release'] ?? '' });
    const old = preview === undefined ? two : await deploy(3, preview);
    await run('delete-preview', 3, { ...given, release: old['release'] ?? '' });
    expect(runs.map(([name, { exitCode }]) => `${name}: ${exitCode}`)).toEqual(runs.map(([name]) => `${name}: 0`));
    await deploy(4, failing);
    expect(runs.at(-1)?.[1].exitCode).not.toBe(0);
    const sent = sentTokens(proxy.requests).filter((token) => !secrets.includes(token));
    expect(sent.length).toBeGreaterThanOrEqual(exchanged);
    const found = runs.flatMap(([name, traces]) => {
      return leaks(traces, [...secrets, ...sent]).map((leak) => `${name}: ${leak}`);
    });
    expect(found).toEqual([]);
  });
});

it.each([
  ['log', 'log'],
  ['log in base64', 'log'],
  ['command line', 'recording'],
  ['environment', 'recording'],
  ['inherited environment', 'recording'],
  ['workspace', 'file settings.json'],
  ['home', 'file home/.netrc'],
  ['name of a folder', 'recording'],
  ['file that is gone', 'recording'],
])('finds a token that was left in: %s', async (way, where) => {
  const workspace = join(await temporaryFolder(), 'workspace');
  await mkdir(workspace);
  const token = 'token of "the" tests/0123456789+';
  const traces = await watched({
    action: 'deploy',
    module: new URL('leaky.ts', import.meta.url),
    inputs: { token, health: 'off' },
    environment: { WAY: way, GITHUB_SHA: 'a'.repeat(40) },
    workspace,
  });
  expect(traces.exitCode).toBe(1);
  expect(
    leaks(traces, [token]).some((leak) => leak.endsWith(`in ${where}`)),
    leaks(traces, [token]).join('\n'),
  ).toBe(true);
});
