import type { Event } from '../github/event.ts';
import type { Evidence } from '../github/evidence.ts';
import { type CoverageRecord, LARGEST_RECORD, RECORD_FILE, readRecord } from './record.ts';

/** The base's figures, or why there are none. */
export type Base =
  | {
      readonly kind: 'known';
      readonly record: CoverageRecord;
      /** Where they are from, `run 12 of main at 0123456789ab`. */
      readonly source: string;
      /** Page of that run. */
      readonly page: string;
      /** Commit that they are of. */
      readonly commit: string;
    }
  | { readonly kind: 'unknown'; readonly reason: string };

/** Which branch a run is compared with, and which of its commits is the base. */
export interface BaseBranch {
  readonly branch: string;
  /** Looked for first; undefined where git could not say. */
  readonly commit: string | undefined;
}

/**
 * The branch whose figures a run is compared with: the one that the change goes to; of a push, the branch itself as it
 * was before.
 */
export function baseBranchOf(event: Event, diffBase: string | undefined): BaseBranch | undefined {
  switch (event.kind) {
    case 'pull_request':
      return { branch: event.base.ref, commit: diffBase ?? event.base.sha };
    case 'merge_group':
      return { branch: event.base.ref.replace(/^refs\/heads\//, ''), commit: event.base.sha };
    case 'push':
      if (event.branch === undefined) return undefined;
      return { branch: event.branch, commit: /^0+$/.test(event.before) ? undefined : event.before };
    default:
      return undefined;
  }
}

export interface BaseWish {
  readonly workflowPath: string;
  readonly artifact: string;
  /** Looks for an artifact of a green push run of the branch. */
  readonly find: (wish: {
    readonly workflowPath: string;
    readonly branch: string;
    readonly commit: string | undefined;
    readonly artifact: string;
    readonly file: string;
    readonly limit: number;
  }) => Promise<Evidence>;
}

/** The figures that the last green push run of the base branch has left, of the exact base commit first. */
export async function findBase(base: BaseBranch | undefined, { find, ...wish }: BaseWish): Promise<Base> {
  if (base === undefined) return { kind: 'unknown', reason: 'this event has no base branch' };
  const { branch, commit } = base;
  const found = await find({ ...wish, branch, commit, file: RECORD_FILE, limit: LARGEST_RECORD });
  if (found.kind === 'none') return { kind: 'unknown', reason: found.reason };
  const source = `run ${found.runNumber} of ${branch} at ${found.commit.slice(0, 12)}`;
  const record = readRecord(found.content);
  if (typeof record === 'string')
    return { kind: 'unknown', reason: `the figures of ${source} can’t be used: ${record}` };
  return { kind: 'known', record, source, page: found.page, commit: found.commit };
}
