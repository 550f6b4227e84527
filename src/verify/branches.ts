import type { AncestrySurroundings } from '../github/ancestry.ts';
import { ancestryOf } from '../github/ancestry.ts';
import { ask } from '../github/ask.ts';
import type { GitHub } from '../github/client.ts';
import { noBranch, notReachable } from './faults.ts';
import { tipOf } from './subject.ts';

/** Branches by name, with the commit at the tip of each. */
export type Branches = ReadonlyMap<string, string>;

/**
 * @param names the default branch when left out
 * @param input name of the input that names them
 * @throws ConfigurationError PIPE-VERIFY-005 one does not exist
 */
export async function branchesOf(
  names: readonly string[] | undefined,
  input: string,
  github: GitHub,
): Promise<Branches> {
  const wanted = names === undefined || names.length === 0 ? [await defaultBranch(github)] : names;
  const found = new Map<string, string>();
  for (const name of new Set(wanted)) {
    const tip = await tipOf(name, github);
    if (tip === undefined) throw noBranch(name, input);
    found.set(name, tip);
  }
  return found;
}

async function defaultBranch(github: GitHub): Promise<string> {
  const answer = await ask(github, 'GET', '/repos/{owner}/{repo}', {
    doing: 'read which branch is the default one',
    permission: 'contents: read',
    path: {},
  });
  return answer.default_branch;
}

/** Whether a branch has a commit. What GitHub can't say is a no. */
export async function isOn(tip: string, commit: string, surroundings: AncestrySurroundings): Promise<boolean> {
  const relation = await ancestryOf(commit, tip, surroundings);
  return relation === 'ancestor' || relation === 'same';
}

/** @throws ConfigurationError PIPE-VERIFY-004 no branch has the commit */
export async function refuseForeign(
  commit: string,
  branches: Branches,
  surroundings: AncestrySurroundings,
): Promise<void> {
  for (const tip of branches.values()) if (await isOn(tip, commit, surroundings)) return;
  throw notReachable(commit, [...branches.keys()]);
}
