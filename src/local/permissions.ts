import type { Permissions } from './run-types.ts';

type Level = 'read' | 'write' | 'none';

const RANK: Readonly<Record<Level, number>> = { none: 0, read: 1, write: 2 };

/**
 * Scopes of the job token (https://docs.github.com/actions/reference/workflow-syntax-for-github-actions#permissions);
 * `id-token` has no read.
 */
const SCOPES = [
  'actions',
  'artifact-metadata',
  'attestations',
  'checks',
  'contents',
  'deployments',
  'discussions',
  'id-token',
  'issues',
  'models',
  'packages',
  'pages',
  'pull-requests',
  'security-events',
  'statuses',
  'vulnerability-alerts',
] as const;

/** What a repository with restricted defaults (the setting of new repositories) gives where no block says otherwise. */
export const RESTRICTED_DEFAULT: Permissions = { contents: 'read', packages: 'read' };

/** A `permissions:` value of a workflow file; undefined where there is none. */
export function parsePermissions(value: unknown): Permissions | undefined {
  if (value === undefined || value === null) return undefined;
  if (value === 'read-all') return every('read');
  if (value === 'write-all') return every('write');
  if (typeof value !== 'object') return undefined;
  const entries = Object.entries(value).filter((entry): entry is [string, Level] => isLevel(entry[1]));
  return Object.fromEntries(entries);
}

function every(level: 'read' | 'write'): Permissions {
  return Object.fromEntries(SCOPES.filter((scope) => scope !== 'id-token' || level === 'write').map((s) => [s, level]));
}

function isLevel(value: unknown): value is Level {
  return value === 'read' || value === 'write' || value === 'none';
}

/** True when the block gives the scope at least at that level. */
export function allows(permissions: Permissions, scope: string, level: 'read' | 'write'): boolean {
  return RANK[permissions[scope] ?? 'none'] >= RANK[level];
}

/** The scopes that `requested` wants beyond `granted`, as GitHub words them. */
export function beyond(requested: Permissions, granted: Permissions): { asked: string; allowed: string } | undefined {
  const scopes = Object.keys(requested)
    .filter((scope) => RANK[requested[scope] ?? 'none'] > RANK[granted[scope] ?? 'none'])
    .sort();
  if (scopes.length === 0) return undefined;
  return {
    asked: scopes.map((scope) => `${scope}: ${requested[scope] ?? 'none'}`).join(', '),
    allowed: scopes.map((scope) => `${scope}: ${granted[scope] ?? 'none'}`).join(', '),
  };
}

/** What GitHub makes of a block on a pull request from a fork or of Dependabot: nothing writes. */
export function readOnly(permissions: Permissions): Permissions {
  const entries = Object.entries(permissions)
    .filter(([scope]) => scope !== 'id-token')
    .map(([scope, level]): [string, Level] => [scope, level === 'write' ? 'read' : level]);
  return Object.fromEntries(entries);
}

/** The smallest block that covers all of them. */
export function union(blocks: readonly Permissions[]): Permissions {
  const result: Record<string, Level> = {};
  for (const block of blocks) {
    for (const [scope, level] of Object.entries(block)) {
      if (RANK[level] > RANK[result[scope] ?? 'none']) result[scope] = level;
    }
  }
  return result;
}
