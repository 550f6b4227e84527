import { ConfigurationError, ProjectFailure, shown } from '../runtime/errors.ts';

/** What every refusal leaves. */
const STATE = 'nothing was released; what serves is what served before';

/** Reasons that are told of one search. */
const MOST_REASONS = 6;

export function nothingNamed(why: string): ConfigurationError {
  return new ConfigurationError({
    code: 'PIPE-VERIFY-001',
    what: `nothing says what to release: ${why}`,
    accepted: 'a `version` (a tag), a `commit`, or a run of the event `release`',
    example: '`version: v1.4.0`',
    state: STATE,
  });
}

export function notThere(what: string, remedy: string): ConfigurationError {
  return new ConfigurationError({ code: 'PIPE-VERIFY-002', what, remedy, state: STATE });
}

export function contradictory(tag: string, ofTag: string, commit: string): ConfigurationError {
  return new ConfigurationError({
    code: 'PIPE-VERIFY-003',
    what: `the tag ${shown(tag)} is of another commit than the one that was given`,
    given: `${ofTag.slice(0, 12)} by the tag, ${commit.slice(0, 12)} by \`commit\``,
    accepted: 'one of the two, or both of the same commit',
    state: STATE,
  });
}

export function notReachable(commit: string, branches: readonly string[]): ConfigurationError {
  const named = branches.map((branch) => shown(branch)).join(', ');
  return new ConfigurationError({
    code: 'PIPE-VERIFY-004',
    what: `the commit ${commit.slice(0, 12)} is on no branch that this environment is released from`,
    given: `${branches.length === 1 ? 'the branch' : 'the branches'} ${named}`,
    accepted: 'a commit that one of them has',
    remedy: 'merge it first, or name its branch in `branches`; whoever may push a tag may not release by that alone',
    state: STATE,
  });
}

export function noBranch(branch: string, input: string): ConfigurationError {
  return new ConfigurationError({
    code: 'PIPE-VERIFY-005',
    what: `\`${input}\` names a branch that does not exist`,
    given: shown(branch),
    accepted: 'branches of this repository',
    state: STATE,
  });
}

export function notVerified(commit: string, by: string, reasons: readonly string[]): ProjectFailure {
  const told = reasons.slice(0, MOST_REASONS).join('; ');
  const more = reasons.length > MOST_REASONS ? `; and ${reasons.length - MOST_REASONS} more` : '';
  return new ProjectFailure({
    code: 'PIPE-VERIFY-006',
    what: `${by} did not verify the commit ${commit.slice(0, 12)}, nor another one with the same files`,
    given: `${told}${more}`,
    accepted:
      'a green push run of the pipeline that GitHub itself names; a tag, a label, a status or a file proves nothing',
    remedy: 'let the pipeline run for that commit (a push, or "Re-run all jobs" of its push run), then release again',
    state: STATE,
  });
}

export function severalCalls(name: string, calls: readonly string[]): ConfigurationError {
  return new ConfigurationError({
    code: 'PIPE-VERIFY-007',
    what: `several jobs of that run are called \`${name}\`, and \`job\` does not say whose counts`,
    given: calls
      .slice(0, 10)
      .map((call) => shown(call))
      .join(', '),
    accepted: 'the name of the job that calls the pipeline, as GitHub shows it',
    example: `\`job: ${calls[0]?.split(' / ')[0] ?? 'api'}\``,
    state: STATE,
  });
}

export function noEnvironment(name: string, input: string): ConfigurationError {
  return new ConfigurationError({
    code: 'PIPE-VERIFY-008',
    what: `there is no environment ${shown(name)}, and GitHub would make it on the spot, without any protection`,
    given: `\`${input}: ${name}\``,
    accepted: 'an environment of this repository',
    remedy: 'look for a misspelt name, or make it in the repository’s settings, under Environments',
    state: STATE,
  });
}

export function noReviewers(name: string): ConfigurationError {
  return new ConfigurationError({
    code: 'PIPE-VERIFY-009',
    what: `nobody has to approve a release to the environment ${shown(name)}`,
    accepted: 'an environment with required reviewers',
    example: '`approval: none`, where that is meant',
    remedy:
      'add required reviewers in the repository’s settings, under Environments; private repositories have them with ' +
      'GitHub Enterprise only: there `approval: none` is what remains',
    state: STATE,
  });
}

export function noDigest(why: string): ConfigurationError {
  return new ConfigurationError({
    code: 'PIPE-VERIFY-010',
    what: `which image was verified is not known: ${why}`,
    accepted: 'one image, whose digest the run that verified it has kept',
    remedy: 'see whether the pipeline builds and scans one image (`registry`, `scan`); several are released one by one',
    state: STATE,
  });
}

export function notByCheck(deploy: string): ConfigurationError {
  return new ConfigurationError({
    code: 'PIPE-VERIFY-013',
    what: `a release on ${shown(deploy)} is the one that staging has, and \`verified-by: check\` says that there is none`,
    given: `\`deploy: ${deploy}\` with \`verified-by: check\``,
    accepted: '`verified-by: staging`; `check` is for images',
    remedy: 'deploy to staging first, or let the pipeline deploy to production by a branch of its own (`environments`)',
    state: STATE,
  });
}
