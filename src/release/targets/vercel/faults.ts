import {
  ConfigurationError,
  type OutsideDetails,
  OutsideFault,
  type PipelineError,
  ProjectFailure,
  shown,
} from '../../../runtime/errors.ts';

/** What Vercel refused, in its words. */
export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  /** All that it said: `missing`, `limit`. */
  readonly details: Readonly<Record<string, unknown>>;
}

const UNCHANGED = 'nothing was changed';

/** What Vercel said, for a message. */
export function said({ code, message }: Pick<Refusal, 'code' | 'message'>): string {
  return shown([code, message].filter((part) => part !== '').join(': '), 400);
}

export function noToken(): ConfigurationError {
  return new ConfigurationError({
    code: 'PIPE-VERCEL-001',
    what: 'there is no token for Vercel',
    given: 'an empty input `token`',
    accepted: 'an access token (vercel.com, Account Settings, Tokens)',
    example: '`token: ${{ secrets.VERCEL_TOKEN }}`',
    remedy:
      'a secret is empty when it does not exist, belongs to another environment, or the run is one of a fork; see `secrets: inherit`',
    state: UNCHANGED,
  });
}

export function invalidToken(refusal: Refusal): ConfigurationError {
  return new ConfigurationError({
    code: 'PIPE-VERCEL-001',
    what: 'Vercel does not accept the token',
    given: `its answer ${said(refusal)} (status ${refusal.status})`,
    accepted: 'a token that is neither expired nor revoked',
    remedy: 'make a new one (vercel.com, Account Settings, Tokens) and store it as the secret',
    state: 'nothing more was changed',
  });
}

/** @param doing what was not allowed, as a phrase: `read the project "web"` */
function notAllowed(doing: string, refusal: Refusal): ConfigurationError {
  return new ConfigurationError({
    code: 'PIPE-VERCEL-002',
    what: `the token may not ${doing}`,
    given: `Vercel's answer ${said(refusal)} (status ${refusal.status})`,
    accepted: 'a token whose scope has the team, of a member who may deploy (role Developer or higher)',
    remedy: 'check the scope of the token (vercel.com, Account Settings, Tokens), and the input `team`',
    state: 'nothing more was changed',
  });
}

export function noProject(name: string, owner: string): ConfigurationError {
  return new ConfigurationError({
    code: 'PIPE-VERCEL-003',
    what: `${owner} has no project ${shown(name)}`,
    accepted: 'the name or the id of a project of that team, which the token may see',
    remedy: 'compare with `vercel project ls`; a project of another team needs the input `team`',
    state: UNCHANGED,
  });
}

export function noTeam(name: string): ConfigurationError {
  return new ConfigurationError({
    code: 'PIPE-VERCEL-004',
    what: `there is no team ${shown(name)}, or the token may not see it`,
    accepted: 'the slug of a team (vercel.com/<slug>) or its id (team_…)',
    remedy: 'compare with `vercel teams ls`',
    state: UNCHANGED,
  });
}

export function notNamed(): ConfigurationError {
  return new ConfigurationError({
    code: 'PIPE-VERCEL-003',
    what: 'it was not said which project of Vercel is meant',
    given: 'no input `project`, no variable VERCEL_PROJECT_ID, no file .vercel/project.json',
    accepted: 'the name or the id of a project',
    example: '`project: web`',
    state: UNCHANGED,
  });
}

/** A refusal that has no code of its own. */
export function refused(doing: string, refusal: Refusal, state: string): PipelineError {
  if (refusal.status === 403) return notAllowed(doing, refusal);
  return new ProjectFailure({
    code: 'PIPE-VERCEL-015',
    what: `Vercel refused to ${doing}`,
    given: `${said(refusal)} (status ${refusal.status})`,
    remedy: refusal.status === 402 ? 'the plan of the team does not have it' : 'see what Vercel says',
    state,
  });
}

/** Milliseconds since the epoch as a time of day, in UTC. */
function timeOf(milliseconds: unknown): string {
  return typeof milliseconds === 'number' ? `; it ends at ${new Date(milliseconds).toISOString()}` : '';
}

export function rateLimited(refusal: Refusal, details: OutsideDetails): OutsideFault {
  const { limit } = refusal.details;
  const reset = typeof limit === 'object' && limit !== null && 'resetMs' in limit ? limit.resetMs : undefined;
  return new OutsideFault(
    {
      code: 'PIPE-VERCEL-016',
      what: `Vercel takes no more of these calls for now: ${said(refusal)}${timeOf(reset)}`,
      remedy: 'run the job again after that; the limits of each plan: https://vercel.com/docs/limits',
      state: 'the call had no effect',
    },
    details,
  );
}

export function noAnswer(call: string, reason: string, details: OutsideDetails): OutsideFault {
  return new OutsideFault(
    {
      code: 'PIPE-VERCEL-017',
      what: `Vercel gave no usable answer to ${call}: ${reason}`,
      remedy: 'run the job again; https://www.vercel-status.com tells of outages',
      state: 'it may have done what it was asked, or not',
    },
    details,
  );
}

/** Vercel works on something for longer than it may. */
export function tookTooLong(what: string, waited: number, state: string): OutsideFault {
  return new OutsideFault(
    { code: 'PIPE-VERCEL-018', what, remedy: 'look at its page; running again continues it', state },
    { service: 'Vercel at api.vercel.com', status: 200, tries: 1, elapsed: waited },
  );
}
