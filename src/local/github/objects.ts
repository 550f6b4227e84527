/** Objects of GitHub's REST API with every field its OpenAPI description requires (github/rest-api-description). */

/** Addresses that objects point to. */
export interface Addresses {
  /** `http://127.0.0.1:port`, without a slash at the end. */
  readonly api: string;
  readonly owner: string;
  readonly name: string;
}

const WEB = 'https://github.com';

/** Accounts whose ids are public knowledge; everybody else gets one made of the name. */
const KNOWN_IDS: Readonly<Record<string, number>> = {
  octocat: 583_231,
  'github-actions[bot]': 41_898_282,
  'dependabot[bot]': 49_699_333,
};

/** A positive number that depends on the text only, below 2^31. */
export function idOf(text: string): number {
  let hash = 2_166_136_261;
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 16_777_619);
  return (hash >>> 1) + 1;
}

function nodeId(kind: string, id: number | string): string {
  return Buffer.from(`${kind}:${id}`).toString('base64url');
}

/** `simple-user` */
export function user(addresses: Addresses, login: string) {
  const id = KNOWN_IDS[login] ?? idOf(login);
  const url = `${addresses.api}/users/${encodeURIComponent(login)}`;
  return {
    login,
    id,
    node_id: nodeId('User', id),
    avatar_url: `https://avatars.githubusercontent.com/u/${id}?v=4`,
    gravatar_id: '',
    url,
    html_url: `${WEB}/${login.replace(/^(.*)\[bot\]$/, 'apps/$1')}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type: login.endsWith('[bot]') ? 'Bot' : 'User',
    site_admin: false,
  };
}

/** Path templates of a repository's sub-resources, as GitHub lists them in every repository object. */
const RESOURCES: Readonly<Record<string, string>> = {
  archive_url: '/{archive_format}{/ref}',
  assignees_url: '/assignees{/user}',
  blobs_url: '/git/blobs{/sha}',
  branches_url: '/branches{/branch}',
  collaborators_url: '/collaborators{/collaborator}',
  comments_url: '/comments{/number}',
  commits_url: '/commits{/sha}',
  compare_url: '/compare/{base}...{head}',
  contents_url: '/contents/{+path}',
  contributors_url: '/contributors',
  deployments_url: '/deployments',
  downloads_url: '/downloads',
  events_url: '/events',
  forks_url: '/forks',
  git_commits_url: '/git/commits{/sha}',
  git_refs_url: '/git/refs{/sha}',
  git_tags_url: '/git/tags{/sha}',
  hooks_url: '/hooks',
  issue_comment_url: '/issues/comments{/number}',
  issue_events_url: '/issues/events{/number}',
  issues_url: '/issues{/number}',
  keys_url: '/keys{/key_id}',
  labels_url: '/labels{/name}',
  languages_url: '/languages',
  merges_url: '/merges',
  milestones_url: '/milestones{/number}',
  notifications_url: '/notifications{?since,all,participating}',
  pulls_url: '/pulls{/number}',
  releases_url: '/releases{/id}',
  stargazers_url: '/stargazers',
  statuses_url: '/statuses/{sha}',
  subscribers_url: '/subscribers',
  subscription_url: '/subscription',
  tags_url: '/tags',
  teams_url: '/teams',
  trees_url: '/git/trees{/sha}',
};

/** `full-repository`; the smaller forms are parts of it. */
export function repository(addresses: Addresses, more: { defaultBranch: string; isFork?: boolean; now: string }) {
  const { owner, name } = addresses;
  const fullName = `${owner}/${name}`;
  const url = `${addresses.api}/repos/${fullName}`;
  const id = idOf(fullName);
  return {
    id,
    node_id: nodeId('Repository', id),
    name,
    full_name: fullName,
    private: true,
    visibility: 'private',
    owner: user(addresses, owner),
    html_url: `${WEB}/${fullName}`,
    description: null,
    fork: more.isFork === true,
    url,
    ...Object.fromEntries(Object.entries(RESOURCES).map(([field, path]) => [field, `${url}${path}`])),
    created_at: more.now,
    updated_at: more.now,
    pushed_at: more.now,
    git_url: `git://github.com/${fullName}.git`,
    ssh_url: `git@github.com:${fullName}.git`,
    clone_url: `${WEB}/${fullName}.git`,
    svn_url: `${WEB}/${fullName}`,
    homepage: null,
    size: 1,
    stargazers_count: 0,
    watchers_count: 0,
    language: null,
    has_issues: true,
    has_projects: true,
    has_downloads: true,
    has_wiki: true,
    has_pages: false,
    has_discussions: false,
    forks_count: 0,
    mirror_url: null,
    archived: false,
    disabled: false,
    open_issues_count: 1,
    license: null,
    allow_forking: true,
    is_template: false,
    topics: [],
    forks: 0,
    open_issues: 1,
    watchers: 0,
    default_branch: more.defaultBranch,
    network_count: 0,
    subscribers_count: 0,
  };
}

export interface PullRequestFacts {
  readonly number: number;
  readonly title: string;
  readonly author: string;
  readonly headOwner: string;
  readonly headRef: string;
  readonly headSha: string;
  readonly baseRef: string;
  readonly baseSha: string;
  readonly mergeSha: string;
  readonly isClosed: boolean;
  readonly isMerged: boolean;
  readonly defaultBranch: string;
  readonly now: string;
}

/** `pull-request` */
export function pullRequest(addresses: Addresses, facts: PullRequestFacts) {
  const { api, owner, name } = addresses;
  const { number, now } = facts;
  const repo = `${api}/repos/${owner}/${name}`;
  const url = `${repo}/pulls/${number}`;
  const issue = `${repo}/issues/${number}`;
  const html = `${WEB}/${owner}/${name}/pull/${number}`;
  const links = {
    html: html,
    issue,
    comments: `${issue}/comments`,
    review_comments: `${url}/comments`,
    review_comment: `${repo}/pulls/comments{/number}`,
    commits: `${url}/commits`,
    statuses: `${repo}/statuses/${facts.headSha}`,
  };
  const side = (sideOwner: string, ref: string, sha: string) => ({
    label: `${sideOwner}:${ref}`,
    ref,
    sha,
    user: user(addresses, sideOwner),
    repo: repository(
      { api, owner: sideOwner, name },
      { defaultBranch: facts.defaultBranch, isFork: sideOwner !== owner, now },
    ),
  });
  return {
    id: idOf(`${owner}/${name}#${number}`),
    node_id: nodeId('PullRequest', number),
    number,
    state: facts.isClosed ? 'closed' : 'open',
    locked: false,
    title: facts.title,
    body: null,
    user: user(addresses, facts.author),
    labels: [],
    milestone: null,
    assignee: null,
    assignees: [],
    requested_reviewers: [],
    requested_teams: [],
    draft: false,
    url,
    html_url: html,
    diff_url: `${html}.diff`,
    patch_url: `${html}.patch`,
    issue_url: issue,
    commits_url: links.commits,
    review_comments_url: links.review_comments,
    review_comment_url: links.review_comment,
    comments_url: links.comments,
    statuses_url: links.statuses,
    created_at: now,
    updated_at: now,
    closed_at: facts.isClosed ? now : null,
    merged_at: facts.isMerged ? now : null,
    merge_commit_sha: facts.mergeSha,
    head: side(facts.headOwner, facts.headRef, facts.headSha),
    base: side(owner, facts.baseRef, facts.baseSha),
    _links: {
      self: { href: url },
      ...Object.fromEntries(Object.entries(links).map(([key, href]) => [key, { href }])),
    },
    author_association: facts.headOwner === owner ? 'MEMBER' : 'CONTRIBUTOR',
    auto_merge: null,
    merged: facts.isMerged,
    mergeable: facts.isClosed ? null : true,
    rebaseable: facts.isClosed ? null : true,
    mergeable_state: 'clean',
    merged_by: facts.isMerged ? user(addresses, owner) : null,
    comments: 0,
    review_comments: 0,
    maintainer_can_modify: false,
    commits: 1,
    additions: 0,
    deletions: 0,
    changed_files: 0,
  };
}
