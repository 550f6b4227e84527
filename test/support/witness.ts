import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/**
 * A vendor's own program that is loaded once, in a process of its own, and asked many times: what it sees is not what
 * our code or our stand-in says. One question at a time.
 */
export interface Witness<Question, Answer> {
  /** @throws Error when it ends, or does not answer in a minute */
  readonly ask: (question: Question) => Promise<Answer>;
  readonly stop: () => Promise<void>;
}

interface WitnessPlace {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly program?: readonly [string, ...string[]];
}

/** Longest time for one answer in milliseconds; the first one loads the program. */
const LONGEST = 60_000;

/**
 * @param module answers messages of its parent, each with one of its own
 * @param args of that process
 * @param cwd folder in which the program runs
 * @param program what runs the module, with its own arguments; Node when left out
 */
export function startWitness<Question extends object, Answer>(
  module: URL,
  args: readonly string[],
  { cwd, env, program: [execPath, ...execArgv] = [process.execPath] }: WitnessPlace,
): Witness<Question, Answer> {
  const child = fork(fileURLToPath(module), [...args], {
    cwd,
    env,
    execPath,
    execArgv,
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString('utf8')).slice(-4_000);
  });
  let before: Promise<unknown> = Promise.resolve();
  const ask = (question: Question) =>
    new Promise<Answer>((resolve, reject) => {
      const end = (why: string) => {
        settle();
        reject(new Error(`the witness ${why}: ${said}`));
      };
      const answered = (answer: unknown) => {
        settle();
        resolve(answer as Answer);
      };
      const exited = () => end('has ended');
      const timer = setTimeout(() => end('does not answer'), LONGEST);
      const settle = () => {
        clearTimeout(timer);
        child.off('exit', exited).off('message', answered);
      };
      if (child.exitCode !== null || child.signalCode !== null) return end('had ended');
      child.once('exit', exited).once('message', answered);
      child.send(question);
    });
  return {
    ask: (question) => {
      const asked = before.then(() => ask(question));
      before = asked.catch(() => undefined);
      return asked;
    },
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}
