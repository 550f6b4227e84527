import { stdin, stdout } from 'node:process';

/** What the process is asked on standard input, as JSON. The store is its working directory. */
export interface CacheJob {
  readonly operation: 'restore' | 'save';
  readonly key: string;
  readonly restoreKeys: readonly string[];
}

/** What it answers: the last line of standard output, as JSON behind {@link ANSWER}. */
export interface CacheAnswer {
  /** Key of the entry that was restored, or that was saved. */
  readonly key: string | undefined;
}

export const ANSWER = 'pipelines-cache-answer ';

/**
 * Restores or saves one folder with @actions/cache, as a process of its own: the library can neither be stopped nor
 * asked to forget its sockets, a process can. It logs its troubles and answers as if there were no entry; the caller
 * reads them in the output.
 */
export async function main(): Promise<void> {
  const job = readJob(await readInput());
  const { restoreCache, saveCache } = await import('@actions/cache');
  // Relative to the working directory, so that an entry fits wherever the store lies.
  const paths = ['.'];
  const key =
    job.operation === 'restore'
      ? await restoreCache(paths, job.key, [...job.restoreKeys])
      : (await saveCache(paths, job.key)) < 0
        ? undefined
        : job.key;
  const answer: CacheAnswer = { key };
  stdout.write(`\n${ANSWER}${JSON.stringify(answer)}\n`);
}

async function readInput(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stdin as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

function readJob(text: string): CacheJob {
  const job = JSON.parse(text) as Partial<CacheJob>;
  if (
    job.key === undefined ||
    job.restoreKeys === undefined ||
    (job.operation !== 'restore' && job.operation !== 'save')
  ) {
    throw new TypeError('not a cache job');
  }
  return { operation: job.operation, key: job.key, restoreKeys: job.restoreKeys };
}
