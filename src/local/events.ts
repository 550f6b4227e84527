import { type Addresses, idOf, pullRequest, repository, user } from './github/objects.ts';
import type { EventRequest } from './run-types.ts';

type Payload = Readonly<Record<string, unknown>>;

/** Commits and names that an event is made of. */
export interface EventFacts {
  readonly addresses: Addresses;
  readonly branch: string;
  readonly defaultBranch: string;
  readonly baseBranch: string;
  /** Tip of the branch. */
  readonly head: string;
  /** Commit compared with; undefined for a branch that is new. */
  readonly base: string | undefined;
  /** Head merged into base, for pull_request and merge_group. */
  readonly merge: string;
  /** Message of the head commit. */
  readonly message: string;
  /** Tree of the head commit. */
  readonly tree: string;
  /** Inputs of a workflow_dispatch. */
  readonly inputs: Readonly<Record<string, string>>;
  /** ISO 8601. */
  readonly now: string;
}

/** What GitHub makes of an event (https://docs.github.com/actions/reference/events-that-trigger-workflows). */
export interface RunContext {
  readonly payload: Payload;
  /** `GITHUB_REF` */
  readonly ref: string;
  readonly refType: 'branch' | 'tag';
  /** `GITHUB_SHA`: what a checkout gets. */
  readonly sha: string;
  readonly actor: string;
  /** The token reads only and secrets are empty: pull requests of forks and of Dependabot. */
  readonly isReadOnly: boolean;
  /** Cache scopes that a job may read; its own is `ref`. */
  readonly readableScopes: readonly string[];
  /** Refs that GitHub has made for this event, to commits. */
  readonly refs: Readonly<Record<string, string>>;
  /** The pull request of the event, as the API answers it. */
  readonly pullRequest?: ReturnType<typeof pullRequest>;
}

const NO_COMMIT = '0'.repeat(40);
const ACTOR = 'octocat';
/** Number of the pull request in generated events. */
export const PULL_REQUEST = 1;

/** The tag of a release that nobody named. */
export const ASSUMED_TAG = 'v1.0.0';

/** The context of a run for an event of a project. `request.payload` is laid over what is generated. */
export function describeEvent(request: EventRequest, facts: EventFacts): RunContext {
  const context = contextOf(request, facts);
  return { ...context, payload: overlay(context.payload, request.payload ?? {}) };
}

function contextOf(request: EventRequest, facts: EventFacts): RunContext {
  switch (request.name) {
    case 'push':
      return push(request, facts);
    case 'pull_request':
      return pullRequestEvent(request, facts);
    case 'merge_group':
      return mergeGroup(facts);
    case 'workflow_dispatch':
      return onBranch(facts.branch, facts, {
        inputs: Object.keys(facts.inputs).length === 0 ? null : facts.inputs,
        ref: `refs/heads/${facts.branch}`,
      });
    case 'schedule':
      return onBranch(facts.defaultBranch, facts, { schedule: '17 3 * * *' });
    case 'release':
      return release(request, facts);
  }
}

/** What every payload says of where it comes from. */
function sender(facts: EventFacts, login = ACTOR) {
  const { addresses, defaultBranch, now } = facts;
  return { repository: repository(addresses, { defaultBranch, now }), sender: user(addresses, login) };
}

function onBranch(branch: string, facts: EventFacts, payload: Payload): RunContext {
  return {
    payload: { ...payload, ...sender(facts) },
    ref: `refs/heads/${branch}`,
    refType: 'branch',
    sha: facts.head,
    actor: ACTOR,
    isReadOnly: false,
    readableScopes: unique([`refs/heads/${branch}`, `refs/heads/${facts.defaultBranch}`]),
    refs: { [`refs/heads/${branch}`]: facts.head },
  };
}

function push(request: EventRequest, facts: EventFacts): RunContext {
  const isTag = request.tag !== undefined;
  const ref = isTag ? `refs/tags/${request.tag}` : `refs/heads/${facts.branch}`;
  const before = isTag ? NO_COMMIT : (facts.base ?? NO_COMMIT);
  const commit = {
    id: facts.head,
    tree_id: facts.tree,
    distinct: true,
    message: facts.message,
    timestamp: facts.now,
    url: `https://github.com/${facts.addresses.owner}/${facts.addresses.name}/commit/${facts.head}`,
    author: { name: ACTOR, email: `${ACTOR}@users.noreply.github.com`, username: ACTOR },
    committer: { name: ACTOR, email: `${ACTOR}@users.noreply.github.com`, username: ACTOR },
  };
  const payload = {
    ref,
    before,
    after: facts.head,
    base_ref: null,
    created: before === NO_COMMIT,
    deleted: false,
    forced: false,
    compare: `https://github.com/${facts.addresses.owner}/${facts.addresses.name}/compare/${before.slice(0, 12)}...${facts.head.slice(0, 12)}`,
    commits: isTag ? [] : [commit],
    head_commit: commit,
    pusher: { name: ACTOR, email: `${ACTOR}@users.noreply.github.com` },
    ...sender(facts),
  };
  return {
    ...onBranch(facts.branch, facts, payload),
    ref,
    refType: isTag ? 'tag' : 'branch',
    readableScopes: unique([ref, `refs/heads/${facts.defaultBranch}`]),
    refs: { [ref]: facts.head },
  };
}

function pullRequestEvent(request: EventRequest, facts: EventFacts): RunContext {
  const { addresses, now } = facts;
  const from = request.from ?? 'branch';
  const action = request.action ?? 'opened';
  const author = from === 'dependabot' ? 'dependabot[bot]' : from === 'fork' ? 'contributor' : ACTOR;
  const ref = `refs/pull/${PULL_REQUEST}/merge`;
  const pull = pullRequest(addresses, {
    number: PULL_REQUEST,
    title: facts.message.split('\n', 1)[0] ?? '',
    author,
    headOwner: from === 'fork' ? 'contributor' : addresses.owner,
    headRef: facts.branch,
    headSha: facts.head,
    baseRef: facts.baseBranch,
    baseSha: facts.base ?? facts.head,
    mergeSha: facts.merge,
    isClosed: action === 'closed',
    isMerged: action === 'closed',
    defaultBranch: facts.defaultBranch,
    now,
  });
  const changed = action === 'synchronize' ? { before: facts.base ?? facts.head, after: facts.head } : {};
  return {
    payload: { action, number: PULL_REQUEST, pull_request: pull, ...changed, ...sender(facts, author) },
    ref,
    refType: 'branch',
    sha: facts.merge,
    actor: author,
    isReadOnly: from !== 'branch',
    readableScopes: unique([ref, `refs/heads/${facts.baseBranch}`, `refs/heads/${facts.defaultBranch}`]),
    refs: { [ref]: facts.merge, [`refs/pull/${PULL_REQUEST}/head`]: facts.head },
    pullRequest: pull,
  };
}

function mergeGroup(facts: EventFacts): RunContext {
  const baseSha = facts.base ?? facts.head;
  const queue = `refs/heads/gh-readonly-queue/${facts.baseBranch}/pr-${PULL_REQUEST}-${baseSha}`;
  const payload = {
    action: 'checks_requested',
    merge_group: {
      head_sha: facts.merge,
      head_ref: queue,
      base_sha: baseSha,
      base_ref: `refs/heads/${facts.baseBranch}`,
      head_commit: {
        id: facts.merge,
        tree_id: facts.tree,
        message: facts.message,
        timestamp: facts.now,
        author: { name: ACTOR, email: `${ACTOR}@users.noreply.github.com` },
        committer: { name: 'GitHub', email: 'noreply@github.com' },
      },
    },
    ...sender(facts, 'github-merge-queue[bot]'),
  };
  return {
    payload,
    ref: queue,
    refType: 'branch',
    sha: facts.merge,
    actor: 'github-merge-queue[bot]',
    isReadOnly: false,
    readableScopes: unique([queue, `refs/heads/${facts.baseBranch}`, `refs/heads/${facts.defaultBranch}`]),
    refs: { [queue]: facts.merge },
  };
}

function release(request: EventRequest, facts: EventFacts): RunContext {
  const tag = request.tag ?? ASSUMED_TAG;
  const { owner, name, api } = facts.addresses;
  const id = idOf(`${owner}/${name}@${tag}`);
  const payload = {
    action: request.action ?? 'published',
    release: {
      id,
      node_id: Buffer.from(`Release:${id}`).toString('base64url'),
      tag_name: tag,
      target_commitish: facts.branch,
      name: tag,
      body: null,
      draft: false,
      prerelease: false,
      immutable: false,
      created_at: facts.now,
      published_at: facts.now,
      author: user(facts.addresses, ACTOR),
      assets: [],
      url: `${api}/repos/${owner}/${name}/releases/${id}`,
      html_url: `https://github.com/${owner}/${name}/releases/tag/${tag}`,
    },
    ...sender(facts),
  };
  const ref = `refs/tags/${tag}`;
  return {
    ...onBranch(facts.branch, facts, payload),
    ref,
    refType: 'tag',
    readableScopes: unique([ref, `refs/heads/${facts.defaultBranch}`]),
    refs: { [ref]: facts.head },
  };
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)];
}

/** Objects merge, everything else of `over` replaces. */
function overlay(under: Payload, over: Payload): Payload {
  const result: Record<string, unknown> = { ...under };
  for (const [key, value] of Object.entries(over)) {
    const below = result[key];
    result[key] = isPlain(value) && isPlain(below) ? overlay(below, value) : value;
  }
  return result;
}

function isPlain(value: unknown): value is Payload {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
