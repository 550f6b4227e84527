import { NOT_FOUND } from '../github/answers.ts';
import { ask, hasCode } from '../github/ask.ts';
import type { GitHub } from '../github/client.ts';
import type { Event } from '../github/event.ts';
import { OutsideFault, shown } from '../runtime/errors.ts';
import { contradictory, nothingNamed, notThere } from './faults.ts';

/** What is to be released. */
export interface Subject {
  /** 40 or 64 hexadecimal digits. */
  readonly commit: string;
  /** Git tree of the commit. */
  readonly tree: string;
  readonly parents: readonly string[];
  readonly tag: string | undefined;
  /** Whether the tag is there already. */
  readonly hasTag: boolean;
}

const PERMISSION = 'contents: read';

/** Tags of tags that are followed. */
const DEEPEST = 5;

/**
 * The commit that is named by a version, a commit, or the event `release`. A tag is read as a tag and a commit as a
 * commit: a branch that has the name of one is neither.
 *
 * @throws ConfigurationError PIPE-VERIFY-001 nothing is named, -002 it does not exist, -003 tag and commit are two
 */
export async function subjectOf(
  wish: { readonly version?: string | undefined; readonly commit?: string | undefined },
  event: () => Promise<Event>,
  github: GitHub,
): Promise<Subject> {
  const tag = wish.version ?? (wish.commit === undefined ? tagOf(await event()) : undefined);
  const ofTag = tag === undefined ? undefined : await commitOfTag(tag, github);
  if (tag !== undefined && ofTag === undefined && wish.commit === undefined) {
    throw notThere(
      `there is no tag ${shown(tag)}`,
      'push the tag, or give the `commit` too: the tag is then made after the release',
    );
  }
  const found = await commitOf(wish.commit ?? ofTag ?? '', github);
  if (tag !== undefined && ofTag !== undefined && ofTag !== found.commit) throw contradictory(tag, ofTag, found.commit);
  return { ...found, tag, hasTag: ofTag !== undefined };
}

function tagOf(event: Event): string {
  if (event.kind !== 'release') throw nothingNamed('neither `version` nor `commit` is given');
  if (event.isDraft) throw nothingNamed('the release that started this run is a draft');
  return event.tag;
}

/** The commit of a tag, also of an annotated one; undefined when there is no such tag. */
export async function commitOfTag(tag: string, github: GitHub): Promise<string | undefined> {
  let at = await refOf(`tags/${tag}`, `read the tag ${shown(tag)}`, github);
  for (let depth = 0; at !== undefined && at.type === 'tag' && depth < DEEPEST; depth += 1) {
    const { object } = await ask(github, 'GET', '/repos/{owner}/{repo}/git/tags/{tag_sha}', {
      doing: `read the tag ${shown(tag)}`,
      permission: PERMISSION,
      path: { tag_sha: at.sha },
    });
    at = object;
  }
  if (at !== undefined && at.type !== 'commit') {
    throw notThere(`the tag ${shown(tag)} leads to no commit but to a ${shown(at.type)}`, 'tag a commit');
  }
  return at?.sha;
}

/** Tip of a branch; undefined when there is no such branch, whatever tags are called. */
export async function tipOf(branch: string, github: GitHub): Promise<string | undefined> {
  return (await refOf(`heads/${branch}`, `read the branch ${shown(branch)}`, github))?.sha;
}

/** What a ref points at: only the ref of exactly that name. */
async function refOf(ref: string, doing: string, github: GitHub) {
  try {
    const answer = await ask(github, 'GET', '/repos/{owner}/{repo}/git/ref/{ref}', {
      doing,
      permission: PERMISSION,
      path: { ref },
    });
    return answer.ref === `refs/${ref}` ? answer.object : undefined;
  } catch (error) {
    if (hasCode(error, NOT_FOUND)) return undefined;
    throw error;
  }
}

async function commitOf(given: string, github: GitHub): Promise<Pick<Subject, 'commit' | 'tree' | 'parents'>> {
  const missing = () =>
    notThere(`there is no commit ${shown(given)}`, 'push it, or give more of its digits: it has to be the only one');
  try {
    const { sha, commit, parents } = await ask(github, 'GET', '/repos/{owner}/{repo}/commits/{ref}', {
      doing: `read the commit ${given.slice(0, 12)}`,
      permission: PERMISSION,
      path: { ref: given },
      // The list of files is not wanted.
      query: { per_page: 1 },
    });
    // A branch or a tag may have such a name.
    if (!sha.startsWith(given)) throw missing();
    return { commit: sha, tree: commit.tree.sha, parents: parents.map((parent) => parent.sha) };
  } catch (error) {
    // 422: no commit for these digits, or several.
    const isUnknown = hasCode(error, NOT_FOUND) || (error instanceof OutsideFault && error.details.status === 422);
    throw isUnknown ? missing() : error;
  }
}
