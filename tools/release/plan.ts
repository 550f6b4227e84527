import { breakingChanges, type Contract } from '../build/contract.ts';
import { changeOf, levelOf } from './commits.ts';
import type { History } from './history.ts';
import { notesOf } from './notes.ts';
import { compareVersions, type Level, larger, raised, tagOf, type Version, versionOf } from './version.ts';

/** This commit must not be released; the message says why and what to do. */
export class ReleaseRefused extends Error {
  override readonly name = 'ReleaseRefused';
}

export interface PlanFacts {
  readonly history: History;
  /** Branch that is released from: `main`, or a line that is still cared for, `1.x` or `1.4.x`. */
  readonly branch: string;
  /** `version` of package.json: the first release, then only its major counts. */
  readonly packageVersion: string;
  readonly contract: Contract;
  /** Files that say how callers refer to this bundle, by path. */
  readonly pages: ReadonlyMap<string, string>;
  readonly repository: string;
  readonly server: string;
}

/** What is released next. */
export type ReleasePlan =
  | { readonly kind: 'nothing'; readonly reason: string }
  | {
      readonly kind: 'release';
      readonly version: Version;
      readonly previous: Version | undefined;
      readonly commit: string;
      readonly notes: string;
    };

/**
 * The next version of a commit, from its commits and from what callers run, and its notes.
 *
 * @throws ReleaseRefused the branch releases nothing, package.json or pages speak of another major version, the contract
 * breaks callers without one, or the version is taken
 */
export function planRelease(facts: PlanFacts): ReleasePlan {
  const { history, branch, repository, server, contract } = facts;
  const { own, previous, commit } = history;
  const line = lineOf(branch);
  const changes = history.commits.map(changeOf);
  if (own === undefined && previous !== undefined && history.changedFiles.length === 0) {
    return { kind: 'nothing', reason: `nothing that callers run has changed since ${tagOf(previous)}` };
  }
  const declared = versionOf(facts.packageVersion);
  if (declared === undefined)
    throw new ReleaseRefused(`package.json has no version like 1.0.0: ${facts.packageVersion}`);
  const level = changes.reduce<Level>((most, change) => larger(most, levelOf(change) ?? 'patch'), 'patch');
  const version = own ?? (previous === undefined ? declared : raised(previous, level));
  refuseOtherLine(version, line, branch);
  refuseOtherMajor(version, declared, facts.pages);
  refuseTaken(version, history);
  const before = history.contractBefore;
  const breaks = before === undefined ? [] : breakingChanges(before, contract);
  if (previous !== undefined && version.major === previous.major && breaks.length > 0) {
    throw new ReleaseRefused(
      `${tagOf(version)} would break callers of ${tagOf(previous)}, and no commit says so: mend it, or mark the commit (\`feat!:\`) and raise the major version in package.json\n${breaks.join('\n')}`,
    );
  }
  const notes = notesOf({
    ...{ version, previous, commit, changes, repository, server },
    contract: before === undefined ? undefined : { before, after: contract },
  });
  return { kind: 'release', version, previous, commit, notes };
}

/** Versions that a branch may release. */
type Line = { readonly major?: number; readonly minor?: number };

function lineOf(branch: string): Line {
  if (branch === 'main') return {};
  const [, major, minor] = /^(\d{1,9})\.(?:(\d{1,9})\.)?x$/.exec(branch) ?? [];
  if (major === undefined) {
    throw new ReleaseRefused(
      `releases come from main, or from a line such as 1.x or 1.4.x; this is ${branch || 'no branch'}`,
    );
  }
  return { major: Number(major), ...(minor === undefined ? {} : { minor: Number(minor) }) };
}

function refuseOtherLine(version: Version, { major, minor }: Line, branch: string): void {
  const isOther = (major ?? version.major) !== version.major || (minor ?? version.minor) !== version.minor;
  if (!isOther) return;
  throw new ReleaseRefused(
    `the commits make ${tagOf(version)}, and ${branch} releases only ${branch}: take what is new or breaks to another branch`,
  );
}

/** A reference to this bundle by its moving tag. */
const REFERENCE = /org\/pipelines[\w./-]*@v(\d+)\b/g;

function refuseOtherMajor(version: Version, declared: Version, pages: PlanFacts['pages']): void {
  if (declared.major !== version.major) {
    throw new ReleaseRefused(
      `the commits make ${tagOf(version)}, and package.json says ${tagOf(declared).slice(1)}: ` +
        (declared.major < version.major
          ? `raise it to ${version.major}.0.0 and build, so that the contract starts anew`
          : 'a major version is raised by a commit that breaks callers (`feat!:`); lower it, or mark that commit'),
    );
  }
  const stale = [...pages].flatMap(([path, text]) => {
    const others = [...text.matchAll(REFERENCE)].filter(([, major]) => Number(major) !== version.major);
    return others.length === 0 ? [] : [`${path}: ${[...new Set(others.map(([reference]) => reference))].join(', ')}`];
  });
  if (stale.length === 0) return;
  throw new ReleaseRefused(`these pages refer to another major version than ${tagOf(version)}:\n${stale.join('\n')}`);
}

function refuseTaken(version: Version, { tags, commit, own }: History): void {
  const taken = tags.get(tagOf(version));
  if (taken === undefined || (own !== undefined && compareVersions(own, version) === 0 && taken === commit)) return;
  throw new ReleaseRefused(
    `${tagOf(version)} is the commit ${taken.slice(0, 12)} already, and this is ${commit.slice(0, 12)}: a version is never given twice; release from the branch that has it`,
  );
}
