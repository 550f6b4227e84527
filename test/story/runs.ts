import { join } from 'node:path';
import { runWorkflow } from '../../src/local/run.ts';
import type { Conclusion, EventRequest, RunEvent, RunResult } from '../../src/local/run-types.ts';
import { root } from '../../tools/install/root.ts';
import { type EnvironmentName, projectOf, REPOSITORY, SITE, type World } from './world.ts';

/** What starts a run. */
export interface Start {
  /** Workflow file of the shop, `ci.yml`. */
  readonly file: string;
  readonly event: EventRequest;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly environment: EnvironmentName;
  readonly onEvent?: (event: RunEvent) => void;
}

/** A run that has ended. */
export interface Ended {
  readonly file: string;
  readonly result: RunResult;
  /** Conclusion of each job by its name without the calling job's. */
  readonly jobs: Readonly<Record<string, Conclusion>>;
  /** Rows of the table that the run has left, by their names. */
  readonly table: ReadonlyMap<string, Row>;
  /** The line above the table. */
  readonly verdict: string;
  /** The five lines of a bad night; empty in a good one. */
  readonly night: ReadonlyMap<string, string>;
}

export interface Row {
  readonly state: string;
  readonly detail: string;
}

/** Runs a workflow file of the shop as it is in its repository now. */
export async function runFile(world: World, { file, event, inputs, environment, onEvent }: Start): Promise<Ended> {
  const { clouds, shop, folder, browsers } = world;
  const isWeb = file === 'web.yml';
  const result = await runWorkflow({
    ...{ bundle: root, project: shop.folder, repository: REPOSITORY, caller: `.github/workflows/${file}` },
    ...{ event, inputs: inputs ?? {}, oidcKey: clouds.oidcKey, machine: clouds.machine },
    variables: { ...clouds.variables(projectOf(environment)), ...(isWeb && { GOOGLE_CLOUD_PROJECT: SITE }) },
    secrets: { DATABASE_URL: world.databaseOf(environment) },
    environment: { PLAYWRIGHT_BROWSERS_PATH: browsers },
    environments: ['staging', { name: 'production', reviewers: ['grace'] }, 'production-rollback'],
    cacheFolder: join(folder, 'cache'),
    stateFolder: join(folder, 'state'),
    ...(onEvent === undefined ? {} : { onEvent }),
  });
  keepTags(world, result);
  return { file, result, ...told(result) };
}

/** Tags that the run has made in GitHub's repository, as a fetch brings them. */
function keepTags({ shop }: World, { requests }: RunResult): void {
  for (const { method, path, status, requestBody } of requests) {
    if (method !== 'POST' || status !== 201 || !path.endsWith('/git/refs')) continue;
    const { ref = '', sha = '' } = requestBody as { readonly ref?: string; readonly sha?: string };
    shop.git('update-ref', ref, sha);
  }
}

/** What a reader finds in the summary and the log of the job `report`. */
function told({ jobs, summaries }: RunResult): Omit<Ended, 'file' | 'result'> {
  const nameOf = (id: string) => id.replace(/^.*\//, '');
  const markdown = summaries
    .filter(({ job }) => nameOf(job) === 'report')
    .map((summary) => summary.markdown)
    .join('\n');
  const rows = [
    ...markdown.matchAll(/^\| (?<name>[^|]+?) \| \S+?\u00a0(?<state>[^|]+?) \| (?<detail>.*?) \|[^|]*\|$/gmu),
  ];
  const night = [...markdown.matchAll(/^- \*\*(.+?):\*\* (.*)$/gm)];
  return {
    jobs: Object.fromEntries(jobs.map(({ id, conclusion }) => [nameOf(id), conclusion])),
    table: new Map(
      rows.map(({ groups = {} }) => [
        plain(groups['name'] ?? '').replaceAll('*', ''),
        { state: plain(groups['state'] ?? ''), detail: plain(groups['detail'] ?? '') },
      ]),
    ),
    verdict: plain(/^#+ (.*)$/m.exec(markdown)?.[1] ?? ''),
    night: new Map(night.map(([, name = '', text = '']) => [name, plain(text)])),
  };
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"' };

/** Markdown as it is read. */
export function plain(text: string): string {
  return text
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll(/&#(\d+);/g, (_, digits: string) => String.fromCodePoint(Number(digits)))
    .replaceAll(/&(amp|lt|gt|quot);/g, (_, name: string) => ENTITIES[name] ?? '')
    .replaceAll('\u00a0', ' ')
    .replaceAll('\u200b', '')
    .replaceAll(/\s+/g, ' ')
    .trim();
}
