import { spawn } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { addKey } from '../../support/google-cloud.ts';
import { machine } from '../../support/run-dist.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { ACCOUNT, PROVIDER, pushed, REGION, site, startWorld, type World } from './place.ts';

let world: World;

beforeAll(async () => {
  world = await startWorld({ polls: 0, pace: 2 });
});

afterAll(async () => {
  await world.stop();
});

const DATABASE = 'postgres://app:a-long-password@db.example/app';

/** A whole deployment in a process of its own. @returns everything that left it, but by the network */
async function deployed(given: Readonly<Record<string, string>>): Promise<string> {
  const temp = await temporaryFolder();
  const files = ['OUTPUT', 'STATE', 'STEP_SUMMARY', 'ENV', 'PATH'].map((name) => [`GITHUB_${name}`, join(temp, name)]);
  for (const [, path = ''] of files) await writeFile(path, '');
  await mkdir(join(temp, 'workspace'));
  const recording = join(temp, 'recording');
  await writeFile(recording, '');
  const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
  const inputs = Object.entries(given).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]);
  const args = ['--import', here('./recording.ts'), here('../operation-process.ts'), 'deploy'];
  const child = spawn(process.execPath, [...args, here('../../../src/release/targets/cloud-run/target.ts')], {
    stdio: ['ignore', 'pipe', 'pipe'],
    cwd: join(temp, 'workspace'),
    env: {
      ...machine(),
      ...world.surroundings.environment,
      RECORDING: recording,
      GITHUB_SHA: 'a'.repeat(40),
      GITHUB_WORKSPACE: join(temp, 'workspace'),
      RUNNER_TEMP: temp,
      ...Object.fromEntries(files),
      ...Object.fromEntries(inputs),
    },
  });
  let said = '';
  const hear = (chunk: Buffer) => {
    said += chunk.toString('utf8');
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  const code = await new Promise((resolve) => child.once('close', resolve));
  expect(code, said).toBe(0);
  const left = await readdir(temp, { recursive: true, withFileTypes: true });
  const texts = left
    .filter((entry) => entry.isFile())
    .map((entry) => readFile(join(entry.parentPath, entry.name), 'utf8'));
  const all = [said, ...(await Promise.all(texts))].join('\n');
  // What tells the runner to mask a value has to name it; the runner itself does not show it.
  return all.replace(/^.*::add-mask::.*$/gm, '');
}

/** Tokens that went over the network: by them the secrets of a run are known. */
function sent(): readonly string[] {
  const tokens = world.proxy.requests.flatMap(({ headers, body }) => [
    ...Object.values(headers).flatMap((value) => value.match(/(?<=(?:Bearer|Basic) )\S{20,}/g) ?? []),
    ...(body.toString('utf8').match(/eyJ[\w-]+\.[\w-]+\.[\w-]+/g) ?? []),
  ]);
  return [...new Set(tokens)];
}

const place = { region: REGION, project: 'acme-production', health: '{consecutive: 1, interval: 100ms, timeout: 2s}' };

it('tells no token and no secret to any program, file, or line of the log', async () => {
  world.proxy.requests.length = 0;
  const left = await deployed({
    ...place,
    service: 'quiet',
    image: pushed(world, site('quiet')),
    'app-secrets': `DATABASE_URL: ${DATABASE}`,
    'workload-identity-provider': PROVIDER,
    'service-account': ACCOUNT,
    health: 'off',
  });
  const tokens = sent();
  expect(tokens.length).toBeGreaterThanOrEqual(3);
  const secrets = [...tokens, DATABASE, Buffer.from(DATABASE).toString('base64'), 'a-long-password'];
  expect(secrets.filter((secret) => left.includes(secret))).toEqual([]);
  expect(left).not.toMatch(/^process /m);
  expect(left).toContain('quiet-aaaaaaa');
});

it('tells nothing of a key either', async () => {
  world.proxy.requests.length = 0;
  const key = addKey(world.google, 'quiet@acme-production.iam.gserviceaccount.com');
  const left = await deployed({
    ...place,
    service: 'keyed',
    image: pushed(world, site('keyed')),
    'credentials-json': JSON.stringify(key),
    health: 'off',
  });
  const secrets = [...sent(), key['private_key'] ?? '', (key['private_key'] ?? '').split('\n')[3] ?? ''];
  expect(secrets.every((secret) => secret.length > 20)).toBe(true);
  expect(secrets.filter((secret) => left.includes(secret))).toEqual([]);
});
