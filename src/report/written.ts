import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunIdentity } from '../github/run.ts';
import type { ActionContext } from '../runtime/action.ts';
import type { Definition } from './definition.ts';
import { factsOf, factsWithin, type ReportFacts } from './facts.ts';
import type { Subject } from './render.ts';
import type { Timeline } from './timeline.ts';

export interface Writing {
  readonly definition: Definition;
  readonly subject: Subject;
  readonly run: RunIdentity;
  readonly token: string;
  /** Name of the artifact; undefined where no files are wanted. */
  readonly artifact: string | undefined;
}

/** What the output `json` holds at most, in bytes. */
const LIMIT = 60_000;

/**
 * The report as data for the output, and as a page and JSON in a folder of its own where they are wanted. That they
 * can't be written changes nothing of the verdict.
 *
 * @returns `folder`: absolute; empty where there is none
 */
export async function written(
  { definition, subject, run, token, artifact }: Writing,
  { environment, log, secrets, signal, temp }: ActionContext,
): Promise<{ readonly json: ReportFacts; readonly folder: string }> {
  const asked = async (): Promise<Timeline> => {
    if (artifact === undefined) return { reason: 'it is read for the page only' };
    // What speaks HTTP is loaded only where somebody is to be asked.
    if (run.id === 0) return { reason: 'this is no run of GitHub' };
    if (token === '') return { reason: 'the input `github-token` is empty' };
    return await (await import('./timeline.ts')).timelineOf(run, { environment, token, signal });
  };
  const facts = factsOf(definition, subject, await asked(), secrets);
  const json = factsWithin(facts, LIMIT);
  if (artifact === undefined) return { json, folder: '' };
  const folder = join(temp, artifact);
  const { pageOf } = await import('./page/page.ts');
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'report.html'), pageOf(facts));
    await writeFile(join(folder, 'report.json'), `${JSON.stringify(facts, undefined, 2)}\n`);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    log.annotate('warning', secrets.redact(`The page of the report could not be written: ${reason}`));
    return { json, folder: '' };
  }
  return { json, folder };
}
