import { appendFile, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createGitHub } from '../../src/github/client.ts';
import { gitIn } from '../../src/local/git.ts';
import { environmentOf } from '../../src/runtime/environment.ts';
import { CONTRACT_FILE, type Contract } from '../build/contract.ts';
import { hasPassed, releasePage } from './github.ts';
import { readHistory } from './history.ts';
import { planRelease, type ReleasePlan, ReleaseRefused } from './plan.ts';
import { isPlaced, publish } from './publish.ts';
import { openRemote } from './remote.ts';
import { tagOf } from './version.ts';

/**
 * The release of this bundle, for ci-release.yml: `node tools/release/main.ts plan` says what would be released (output
 * `version`, notes in the summary), `… publish` does it. Both run in a whole clone and read GitHub's variables. They need
 * no installed package: the job that holds the token that writes installs none.
 */
const env = environmentOf(process.env);
const folder = process.cwd();
const TESTS = 'ci-test.yml';

try {
  const [command = ''] = process.argv.slice(2);
  if (command === 'plan') await tell(await planHere());
  else if (command === 'publish') await release(await planHere());
  else throw new Error('say `plan` or `publish`');
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  console.error(`::error::${message.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')}`);
  process.exitCode = 1;
}

async function planHere(): Promise<ReleasePlan> {
  const text = (path: string) => readFile(join(folder, path), 'utf8');
  const { version } = JSON.parse(await text('package.json')) as { version: string };
  const repository = env['GITHUB_REPOSITORY'] ?? '';
  return planRelease({
    history: await readHistory(gitIn(folder, env)),
    branch: /^refs\/heads\/(.+)$/.exec(env['GITHUB_REF'] ?? '')?.[1] ?? '',
    packageVersion: version,
    contract: JSON.parse(await text(CONTRACT_FILE)) as Contract,
    pages: await pages(),
    repository,
    server: env['GITHUB_SERVER_URL'] ?? 'https://github.com',
  });
}

/** What callers read and copy. */
async function pages(): Promise<ReadonlyMap<string, string>> {
  const listed = await Promise.all(
    ['docs', 'examples/callers', 'actions'].map(async (name) => {
      const entries = await readdir(join(folder, name), { recursive: true });
      return entries.filter((path) => /\.(md|ya?ml)$/.test(path)).map((path) => `${name}/${path}`);
    }),
  );
  const paths = ['README.md', ...listed.flat().sort()];
  return new Map(
    await Promise.all(paths.map(async (path) => [path, await readFile(join(folder, path), 'utf8')] as const)),
  );
}

async function tell(plan: ReleasePlan): Promise<void> {
  if (plan.kind === 'nothing') return await say(`Nothing to release: ${plan.reason}.`);
  const { version, commit, notes } = plan;
  const tag = tagOf(version);
  const github = createGitHub({ environment: env, token: env['GITHUB_TOKEN'] ?? '' });
  try {
    if (!(await hasPassed(github, TESTS, commit))) {
      throw new ReleaseRefused(`${TESTS} has not passed on ${commit.slice(0, 12)}: wait for it, or mend what it found`);
    }
    const tags = await openRemote(folder, env, env['GITHUB_TOKEN'] ?? '').tags();
    if (isPlaced(version, commit, tags) && (await releasePage(github, tag)) !== undefined) {
      return await say(`Nothing to release: ${tag} is this commit and published.`);
    }
  } finally {
    github.close();
  }
  if (env['GITHUB_OUTPUT'] !== undefined) await appendFile(env['GITHUB_OUTPUT'], `version=${tag}\n`);
  await say(`## ${tag}\n\n${notes}`);
}

async function release(plan: ReleasePlan): Promise<void> {
  if (plan.kind === 'nothing') return await say(`Nothing to release: ${plan.reason}.`);
  const token = env['GITHUB_TOKEN'] ?? '';
  const github = createGitHub({ environment: env, token });
  try {
    const told = await publish(plan, openRemote(folder, env, token), github);
    await say(told.map((sentence) => `- ${sentence}`).join('\n'));
  } finally {
    github.close();
  }
}

async function say(text: string): Promise<void> {
  console.log(text);
  if (env['GITHUB_STEP_SUMMARY'] !== undefined) await appendFile(env['GITHUB_STEP_SUMMARY'], `${text}\n`);
}
