import type { RunResult } from '../../src/local/run-types.ts';
import type { Environment } from '../../src/runtime/environment.ts';
import { createHttp } from '../../src/runtime/http.ts';

/** How each job of a run ended, by its id. */
export function conclusions({ jobs }: Pick<RunResult, 'jobs'>): Readonly<Record<string, string>> {
  return Object.fromEntries(jobs.map(({ id, conclusion }) => [id, conclusion]));
}

/** What all jobs of a run have written into their summaries. */
export function summaryOf({ summaries }: Pick<RunResult, 'summaries'>): string {
  return summaries.map(({ markdown }) => markdown).join('\n');
}

/** The Definition of Done of a run, as its summary has it. */
export function reportOf({ summaries }: Pick<RunResult, 'summaries'>): string {
  return summaries.flatMap(({ job, markdown }) => (job === 'report' ? [markdown] : [])).join('\n');
}

/** What a browser behind a proxy gets of a page. */
export async function pageAt(
  url: string,
  environment: Environment,
): Promise<{ readonly status: number; readonly text: string }> {
  const http = createHttp({ environment, service: 'the page', code: 'PIPE-RELEASE-003' });
  const { status, body } = await http.send({ url });
  http.close();
  return { status, text: body.toString('utf8') };
}
