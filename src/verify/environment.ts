import { NOT_FOUND } from '../github/answers.ts';
import { ask, hasCode } from '../github/ask.ts';
import type { GitHub } from '../github/client.ts';
import { noEnvironment, noReviewers } from './faults.ts';

/** Who has to approve: logins and names of teams; foreign texts. */
export type Reviewers = readonly string[];

/**
 * Who has to approve a job that names an environment (REST API, "Get an environment").
 *
 * @param input name of the input that names it
 * @throws ConfigurationError PIPE-VERIFY-008 it does not exist
 */
export async function reviewersOf(name: string, input: string, github: GitHub): Promise<Reviewers> {
  try {
    const { protection_rules: rules = [] } = await ask(
      github,
      'GET',
      '/repos/{owner}/{repo}/environments/{environment_name}',
      { doing: `read the environment ${name}`, permission: 'actions: read', path: { environment_name: name } },
    );
    return rules.flatMap((rule) => {
      const listed = rule.type === 'required_reviewers' && 'reviewers' in rule ? (rule.reviewers ?? []) : [];
      return listed.flatMap(({ reviewer }) => {
        if (reviewer === undefined) return [];
        return ['login' in reviewer ? reviewer.login : `team ${'name' in reviewer ? reviewer.name : ''}`];
      });
    });
  } catch (error) {
    if (hasCode(error, NOT_FOUND)) throw noEnvironment(name, input);
    throw error;
  }
}

/** @throws ConfigurationError PIPE-VERIFY-009 nobody is asked, and the caller did not say that this is meant */
export function refuseUnasked(name: string, reviewers: Reviewers, approval: 'required' | 'none'): void {
  if (reviewers.length === 0 && approval === 'required') throw noReviewers(name);
}
