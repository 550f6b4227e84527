import type { ActionContext } from '../runtime/action.ts';

/** Shows what a program of the project prints while it runs, under a title, without secrets. */
export async function inGroup<T>(
  { log, secrets }: ActionContext,
  title: string,
  work: (write: (text: string) => void) => Promise<T>,
): Promise<T> {
  const group = log.openGroup(title);
  const redacted = lineByLine((line) => group.write(secrets.redact(line)));
  try {
    return await work(redacted.write);
  } finally {
    redacted.end();
    group.close();
  }
}

/** Whole lines only: a secret could be cut in two by the end of a chunk. */
function lineByLine(write: (line: string) => void) {
  let rest = '';
  return {
    write: (text: string) => {
      const lines = `${rest}${text}`.split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) write(`${line}\n`);
    },
    end: () => {
      if (rest !== '') write(`${rest}\n`);
      rest = '';
    },
  };
}
