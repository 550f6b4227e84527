import { writeSync } from 'node:fs';

/** Milliseconds between two tries while a pipe is full. */
const PAUSE = 2;

/**
 * Writes to standard output, all of it before it returns, as Node does with pipes and files on Linux and macOS. Done
 * directly: `process.stdout` loads Node's streams and sockets, an eighth of an action's start. Nothing else may write
 * there: what goes through `process.stdout` could come later.
 *
 * @param onGone called once when nobody reads any more; what is written then is dropped
 * @param descriptor of the file, 1; another one in tests
 */
export function standardOutput(onGone: () => void, descriptor = 1): (text: string) => void {
  let isGone = false;
  return (text) => {
    if (isGone) return;
    const bytes = Buffer.from(text, 'utf8');
    for (let start = 0; start < bytes.length; ) {
      try {
        start += writeSync(descriptor, bytes, start);
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code === 'EAGAIN') pause();
        else if (code === 'EPIPE') {
          isGone = true;
          onGone();
          return;
        } else throw error;
      }
    }
  };
}

/** A process that shares the pipe can have made it one that does not wait: then we do. */
function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE);
}
