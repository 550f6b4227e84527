import { ConfigurationError, type Fault, nearest, ProjectFailure, shown } from '../runtime/errors.ts';
import { type ReleaseReference, referenceText, releaseName } from './reference.ts';
import type { Release } from './target.ts';

const UNMOVED = 'no traffic was moved';

/** What can be chosen instead, in one line. */
function available(releases: readonly Release[]): string {
  const usable = releases.filter(({ isReady, isRolledBack }) => isReady && !isRolledBack);
  const names = usable.slice(0, 10).map(({ reference, createdAt, mark }) => {
    const commit = mark.commit === '' ? '' : ` of commit ${mark.commit.slice(0, 8)}`;
    return `${releaseName(reference)} (${new Date(createdAt).toISOString().slice(0, 16)}Z${commit})`;
  });
  const more = usable.length > names.length ? ` and ${usable.length - names.length} more` : '';
  return names.length === 0 ? 'none' : `${names.join(', ')}${more}`;
}

export function releaseGone(reference: ReleaseReference, releases: readonly Release[]): ConfigurationError {
  const meant = nearest(
    releaseName(reference),
    releases.map((release) => releaseName(release.reference)),
  );
  return new ConfigurationError({
    code: 'PIPE-RELEASE-005',
    what: `the release ${shown(referenceText(reference), 300)} does not exist`,
    accepted: `a release that the platform still has: ${available(releases)}`,
    ...(meant === undefined ? {} : { example: meant }),
    remedy: 'name one of these, or deploy its commit again',
    state: UNMOVED,
  });
}

export function releaseNotReady({ reference, reason }: Release): ProjectFailure {
  return new ProjectFailure({
    code: 'PIPE-RELEASE-006',
    what: `the release ${releaseName(reference)} can’t take traffic: ${reason === '' ? 'the platform does not say why' : shown(reason, 400)}`,
    remedy: 'repair the cause and deploy again',
    state: UNMOVED,
  });
}

export function wasRolledBack({ reference }: Release): ProjectFailure {
  return new ProjectFailure({
    code: 'PIPE-RELEASE-007',
    what: `the release ${releaseName(reference)} was rolled back before, and is not promoted again by itself`,
    remedy: 'deploy a commit that repairs it; when its cause was elsewhere, use `promote` with `force: true`',
    state: UNMOVED,
  });
}

export function cannotSplit(title: string, steps: readonly number[]): ConfigurationError {
  return new ConfigurationError({
    code: 'PIPE-RELEASE-008',
    what: `${title} gives all traffic to one release, so that there are no steps`,
    given: `\`steps\` ${steps.join(', ')}`,
    accepted: 'no `steps`',
    remedy: 'leave `steps` out',
    state: UNMOVED,
  });
}

export function stepsDoNotRise(steps: readonly number[]): ConfigurationError {
  return new ConfigurationError({
    code: 'PIPE-RELEASE-008',
    what: 'the input `steps` does not rise',
    given: steps.join(', '),
    accepted: 'whole percents, each greater than the one before',
    example: '`steps: [10, 50]`',
    state: UNMOVED,
  });
}

/** @param state what is there already */
export function candidateHidden(reason: string, state: string): ConfigurationError {
  return new ConfigurationError({
    code: 'PIPE-RELEASE-009',
    what: `the candidate could not be probed: ${shown(reason, 300)}`,
    accepted: 'an address that the runner can reach',
    remedy:
      'give `probe-url`, use a runner inside that network, or say `health: off` to go without (the release then takes traffic unseen)',
    state,
  });
}

/** After the traffic was moved to it, the release was not well; the traffic is where it was before. */
export function movedBack(
  release: ReleaseReference,
  percent: number,
  [cause]: readonly [Fault, ...Fault[]],
): ProjectFailure {
  return new ProjectFailure({
    ...cause,
    code: 'PIPE-RELEASE-010',
    what: `${releaseName(release)} was not well with ${percent}% of the traffic (${cause.code}): ${cause.what}`,
    state: 'all traffic was moved back to what served before, and the release is marked as rolled back',
  });
}

/** The traffic should be moved back, and that did not come about. @param why in a few words */
export function notMovedBack(
  release: ReleaseReference,
  [cause]: readonly [Fault, ...Fault[]],
  why: string,
): ProjectFailure {
  return new ProjectFailure({
    code: 'PIPE-RELEASE-011',
    what: `${releaseName(release)} has traffic and should not: ${why}`,
    given: `${cause.code}: ${cause.what}`,
    remedy: 'move the traffic by the command that stands here',
    state: `${releaseName(release)} has live traffic`,
  });
}

export function nothingToGoBackTo(place: string, releases: readonly Release[]): ConfigurationError {
  return new ConfigurationError({
    code: 'PIPE-RELEASE-012',
    what: `there is no earlier release of ${place} to go back to`,
    accepted: `a release that was not rolled back itself; there are: ${available(releases)}`,
    remedy: 'name one with `release`, or deploy an earlier commit again',
    state: UNMOVED,
  });
}

export function notTheOneMeant(release: ReleaseReference, said: string): ProjectFailure {
  return new ProjectFailure({
    code: 'PIPE-RELEASE-013',
    what: `the platform took the change and does not serve ${releaseName(release)}`,
    given: said,
    remedy: 'look at what serves now; run again when that is what you expect',
    state: 'see what serves now',
  });
}

export function noCommit(): ConfigurationError {
  return new ConfigurationError({
    code: 'PIPE-RELEASE-014',
    what: 'there is no commit to put on the release',
    given: 'neither `commit` nor GITHUB_SHA',
    accepted: 'a whole commit',
    example: '`commit: ${{ github.sha }}`',
    state: 'nothing was staged',
  });
}

/** @param other the inputs that name it in the other way */
export function notNamed(action: string, other: string): ConfigurationError {
  return new ConfigurationError({
    code: 'PIPE-RELEASE-015',
    what: `\`${action}\` was not told what to work on`,
    accepted: `either \`release\`, or ${other}, not both`,
    remedy: `give \`release\`, the output of a deploy action, or ${other}`,
    state: 'nothing was changed',
  });
}

export function servesTraffic(reference: ReleaseReference): ConfigurationError {
  return new ConfigurationError({
    code: 'PIPE-RELEASE-016',
    what: `${releaseName(reference)} has live traffic: it is no preview`,
    accepted: 'a preview, or a release that serves nothing',
    remedy: 'look at where the reference comes from; `rollback` moves traffic away from it first',
    state: 'nothing was removed',
  });
}
