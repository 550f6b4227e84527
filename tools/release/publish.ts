import type { GitHub } from '../../src/github/client.ts';
import { publishRelease } from './github.ts';
import type { ReleasePlan } from './plan.ts';
import type { Remote, RemoteTag } from './remote.ts';
import { compareVersions, highest, movingTagOf, tagOf, type Version, versionOf } from './version.ts';

type Planned = Extract<ReleasePlan, { readonly kind: 'release' }>;

/** How often the moving tag is looked at again when somebody else moves it. */
const TRIES = 3;

/**
 * Makes a planned release: the frozen tag, then the GitHub release, then the tag that callers follow. What is there
 * already is kept, so that a run that was killed anywhere can be run again; callers get the release last.
 *
 * @returns what was done, one sentence each
 * @throws Error when the version's tag is of another commit, or the moving tag is of no released one
 */
export async function publish(plan: Planned, remote: Remote, github: GitHub): Promise<readonly string[]> {
  const { version, commit, notes } = plan;
  const tag = tagOf(version);
  const told: string[] = [];
  const before = await remote.tags();
  const isThere = before.get(tag)?.commit === commit;
  if (!isThere && (before.has(tag) || !(await remote.setTag(tag, commit, undefined)))) {
    const found = (await remote.tags()).get(tag)?.commit ?? 'another commit';
    throw new Error(
      `the tag ${tag} is ${found.slice(0, 12)} and not ${commit.slice(0, 12)}; a frozen tag is never moved`,
    );
  }
  told.push(isThere ? `${tag} was there` : `${tag} is ${commit.slice(0, 12)}`);
  const newest = highest([...before.keys()].flatMap((name) => versionOf(name) ?? []));
  const isLatest = newest === undefined || compareVersions(newest, version) <= 0;
  const { page, isNew } = await publishRelease(github, { tag, notes, isLatest });
  told.push(`${isNew ? 'published' : 'was published'}: ${page}`);
  told.push(await moveTag(version, commit, remote));
  return told;
}

/** Whether nothing is left to be done for a version that has its release. */
export function isPlaced(version: Version, commit: string, tags: ReadonlyMap<string, RemoteTag>): boolean {
  const moving = tags.get(movingTagOf(version));
  const serving = moving === undefined ? undefined : versionAt(tags, moving);
  const isServed = serving !== undefined && compareVersions(serving, version) >= 0;
  return isServed && tags.get(tagOf(version))?.commit === commit;
}

/** The moving tag goes forward only: a fix of an older minor version leaves it where it is. */
async function moveTag(version: Version, commit: string, remote: Remote): Promise<string> {
  const name = movingTagOf(version);
  for (let tries = 0; tries < TRIES; tries += 1) {
    const tags = await remote.tags();
    const now = tags.get(name);
    if (now?.commit === commit) return `${name} was there`;
    const serving = now === undefined ? undefined : versionAt(tags, now);
    if (now !== undefined && serving === undefined) {
      throw new Error(
        `${name} is ${now.commit.slice(0, 12)}, which is no released version: see who moved it, then set it by hand`,
      );
    }
    if (serving !== undefined && compareVersions(serving, version) > 0) return `${name} stays at ${tagOf(serving)}`;
    if (await remote.setTag(name, commit, now?.object)) {
      return `${name} is ${tagOf(version)}${serving === undefined ? '' : `, it was ${tagOf(serving)}`}`;
    }
  }
  throw new Error(`${name} is being moved by somebody else: run this again`);
}

/** The highest version whose tag is the same commit. */
function versionAt(tags: ReadonlyMap<string, RemoteTag>, { commit }: RemoteTag): Version | undefined {
  return highest([...tags].flatMap(([name, tag]) => (tag.commit === commit ? (versionOf(name) ?? []) : [])));
}
