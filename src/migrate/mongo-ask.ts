import { setTimeout as delay } from 'node:timers/promises';
import type { ActionContext } from '../runtime/action.ts';
import type { Environment } from '../runtime/environment.ts';
import { capture } from '../runtime/process.ts';
import { isMap } from '../runtime/yaml.ts';
import { PAUSE } from './connecting.ts';
import type { MongoAddress } from './mongo-address.ts';
import { type LedgerError, mongoFault } from './mongo-faults.ts';
import { ANSWER, type LedgerRequest, ledgerProgram, REQUEST } from './mongo-ledger.ts';

type Answer = Readonly<Record<string, unknown>>;

/** Asks the ledger in the database; the answer is of the question's kind. */
export type Ask = (request: LedgerRequest) => Promise<Answer>;

export interface LedgerPlace {
  readonly context: ActionContext;
  /** Absolute folder of the project: its driver is used. */
  readonly cwd: string;
  /** With the address in DATABASE_URL. */
  readonly env: Environment;
  /** Longest wait for a server that does not answer, by the clock of `performance.now()`. */
  readonly deadline: number;
}

/** Longest run of one question, in milliseconds. */
const LONGEST = 60_000;

/**
 * The ledger of a database. It waits, visibly, for a server that does not answer yet.
 *
 * @throws PipelineError PIPE-MIGRATE-050 to 052 from its function
 */
export function ledgerOf({ place }: MongoAddress, at: LedgerPlace): Ask {
  const { log, signal } = at.context;
  return async (request) => {
    // Giving the lock back is for the end of a cancelled run, too, and waits for nobody.
    const isLast = request.ask === 'release';
    const started = performance.now();
    for (let tries = 1; ; tries += 1) {
      const answer = await askOnce(request, at, isLast ? undefined : signal);
      if ('answer' in answer) return answer.answer;
      const mayPass = /ServerSelection|Network|PoolCleared/.test(answer.error.name);
      if (!mayPass || isLast || performance.now() + PAUSE > at.deadline) {
        throw mongoFault(place, answer.error, { tries, elapsed: performance.now() - started });
      }
      if (tries === 1) log.info(`${place} does not answer yet; trying again`);
      await delay(PAUSE, undefined, { signal });
    }
  };
}

async function askOnce(
  request: LedgerRequest,
  { context, cwd, env }: LedgerPlace,
  signal: AbortSignal | undefined,
): Promise<{ readonly answer: Answer } | { readonly error: LedgerError }> {
  const { stdout, stderr } = await capture('node', ['--input-type=module'], {
    cwd,
    env: { ...env, [REQUEST]: JSON.stringify(request) },
    ...(signal === undefined ? {} : { signal }),
    timeout: LONGEST,
    input: ledgerProgram(),
  });
  signal?.throwIfAborted();
  const answer = answerIn(stdout);
  const error = answer === undefined ? { name: 'NoAnswer', message: stderr } : answer['error'];
  if (answer !== undefined && error === undefined) return { answer };
  const { name, code, message } = isMap(error) ? error : {};
  return { error: { name: String(name), code, message: context.secrets.redact(String(message ?? '')) } };
}

function answerIn(stdout: string): Answer | undefined {
  const line = stdout.split('\n').findLast((text) => text.startsWith(ANSWER));
  if (line === undefined) return undefined;
  const value: unknown = JSON.parse(line.slice(ANSWER.length));
  return isMap(value) ? value : undefined;
}
