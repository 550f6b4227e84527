import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Environment, type Git, GitError, gitIn, gitOrNothing } from '../git.ts';
import { type StandIn, StepFailure } from './server.ts';

export interface CheckoutFacts {
  /** The bare repository of the run. */
  readonly gitFolder: string;
  readonly environment: Environment;
  readonly repository: string;
  /** What is checked out when a step asks for nothing else. */
  readonly ref: string;
  readonly sha: string;
}

/** Checks the run's own repository out, at any ref of it, as actions/checkout leaves it behind. */
export function checkoutStandIn(facts: CheckoutFacts): StandIn {
  return async ({ inputs, workspace, token }) => {
    const asked = inputs['repository'] ?? '';
    if (asked !== '' && asked.toLowerCase() !== facts.repository.toLowerCase()) {
      throw new StepFailure(`repository '${asked}' is not here: a local run has ${facts.repository} only`);
    }
    const folder = resolve(workspace, inputs['path'] ?? '');
    if (relative(workspace, folder).startsWith('..')) {
      throw new StepFailure(`Repository path '${folder}' is not under '${workspace}'`);
    }
    const origin = gitIn(facts.gitFolder, { ...facts.environment, GIT_DIR: facts.gitFolder });
    const wanted = await resolveRef(origin, inputs['ref'] ?? '', facts);
    const git = await openClone(folder, facts, inputs['persist-credentials'] === 'false' ? undefined : token);
    try {
      await fetchCommit(git, wanted, inputs);
      await git(['checkout', '--quiet', '--force', ...wanted.checkout]);
    } catch (error) {
      if (error instanceof GitError) throw new StepFailure(error.message);
      throw error;
    }
    return {
      lines: [`HEAD is now at ${wanted.sha} (${wanted.name})`],
      outputs: { ref: wanted.name, commit: wanted.sha },
    };
  };
}

interface Wanted {
  readonly name: string;
  readonly sha: string;
  /** Where the clone keeps it. */
  readonly tracking: string;
  readonly checkout: readonly string[];
}

async function resolveRef(origin: Git, ref: string, facts: CheckoutFacts): Promise<Wanted> {
  if (ref === '' || ref === facts.ref) return wantedOf(facts.ref, facts.sha);
  for (const name of [ref, `refs/heads/${ref}`, `refs/tags/${ref}`]) {
    if (!/^refs\/|^[0-9a-f]{40}$/.test(name)) continue;
    const sha = await gitOrNothing(origin, [
      'rev-parse',
      '--verify',
      '--quiet',
      '--end-of-options',
      `${name}^{commit}`,
    ]);
    if (sha !== undefined) return wantedOf(name, sha);
  }
  throw new StepFailure(`A branch or tag with the name '${ref}' could not be found`);
}

function wantedOf(name: string, sha: string): Wanted {
  const branch = /^refs\/heads\/(.+)$/.exec(name)?.[1];
  if (branch !== undefined) {
    const tracking = `refs/remotes/origin/${branch}`;
    return { name, sha, tracking, checkout: ['-B', branch, tracking] };
  }
  const tracking = name.startsWith('refs/pull/') ? name.replace(/^refs\//, 'refs/remotes/') : name;
  const isSha = !name.startsWith('refs/');
  return { name, sha, tracking: isSha ? '' : tracking, checkout: ['--detach', isSha ? sha : tracking] };
}

/** A clone whose origin has GitHub's address, and fetches from the run's repository. */
async function openClone(folder: string, facts: CheckoutFacts, token: string | undefined): Promise<Git> {
  await mkdir(folder, { recursive: true });
  const git = gitIn(folder, facts.environment);
  const address = `https://github.com/${facts.repository}`;
  if (existsSync(join(folder, '.git'))) {
    await git(['clean', '--quiet', '-ffdx']);
    return git;
  }
  await git(['init', '--quiet', '--initial-branch=main', folder]);
  await git(['remote', 'add', 'origin', address]);
  await git(['config', `url.${pathToFileURL(facts.gitFolder).href}.insteadOf`, address]);
  await git(['config', 'gc.auto', '0']);
  if (token !== undefined) {
    // As on GitHub: whoever reads .git/config afterwards has the job's token, unless persist-credentials is false.
    const basic = Buffer.from(`x-access-token:${token}`).toString('base64');
    await git(['config', 'http.https://github.com/.extraheader', `AUTHORIZATION: basic ${basic}`]);
  }
  return git;
}

async function fetchCommit(git: Git, wanted: Wanted, inputs: Readonly<Record<string, string>>): Promise<void> {
  const depth = Number(inputs['fetch-depth'] ?? 1);
  if (!Number.isInteger(depth) || depth < 0)
    throw new StepFailure(`fetch-depth '${inputs['fetch-depth']}' is no number`);
  const own = wanted.tracking === '' ? wanted.sha : `+${wanted.sha}:${wanted.tracking}`;
  if (depth === 0) {
    const everything = ['+refs/heads/*:refs/remotes/origin/*', '+refs/tags/*:refs/tags/*'];
    // A branch or tag is among them; a commit of neither is asked for by itself.
    const isNamed = /^refs\/(?:tags|remotes\/origin)\//.test(wanted.tracking);
    await git(['fetch', '--quiet', '--no-tags', 'origin', ...everything, ...(isNamed ? [] : [own])]);
    return;
  }
  const tags = inputs['fetch-tags'] === 'true' ? ['+refs/tags/*:refs/tags/*'] : [];
  const isTag = wanted.tracking.startsWith('refs/tags/') && tags.length > 0;
  await git(['fetch', '--quiet', '--no-tags', `--depth=${depth}`, 'origin', ...tags, ...(isTag ? [] : [own])]);
}
