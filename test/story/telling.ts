import { isDeepStrictEqual } from 'node:util';
import type { Ended } from './runs.ts';

/** Columns of a line. */
const WIDTH = 100;

/** What is not as the story has to be: seen and wanted. */
export class Otherwise extends Error {
  readonly run: Ended | undefined;
  constructor(message: string, run: Ended | undefined) {
    super(message);
    this.run = run;
  }
}

/** Whoever tells the story, and looks whether it is true. */
export interface Teller {
  readonly chapter: (title: string) => void;
  /** A paragraph; its parts are sentences. */
  readonly tell: (...sentences: readonly string[]) => void;
  /** Lines that are quoted as they are. */
  readonly quote: (lines: readonly string[]) => void;
  /** @throws Otherwise when what was seen is something else than the story needs */
  readonly agree: (what: string, seen: unknown, wanted: unknown) => void;
  /** Remembers a run: its log explains what goes wrong from now on. */
  readonly about: (run: Ended) => Ended;
  /** Every run so far. */
  readonly runs: readonly Ended[];
}

export function createTeller(write: (text: string) => void): Teller {
  let chapters = 0;
  const runs: Ended[] = [];
  return {
    chapter: (title) => {
      chapters += 1;
      write(`\n${chapters}. ${title}\n\n`);
    },
    tell: (...sentences) => write(`${wrapped(sentences.join(' '))}\n\n`),
    quote: (lines) => write(`${lines.map((line) => `    ${line}`).join('\n')}\n\n`),
    agree: (what, seen, wanted) => {
      if (isDeepStrictEqual(seen, wanted)) return;
      throw new Otherwise(`${what}: seen ${JSON.stringify(seen)}, wanted ${JSON.stringify(wanted)}`, runs.at(-1));
    },
    about: (run) => {
      runs.push(run);
      return run;
    },
    runs,
  };
}

function wrapped(text: string): string {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const line = lines.at(-1);
    if (line === undefined || line.length + 1 + word.length > WIDTH) lines.push(word);
    else lines[lines.length - 1] = `${line} ${word}`;
  }
  return lines.join('\n');
}

/** `a, b and c`; `nothing` for none. */
export function listed(items: readonly string[]): string {
  if (items.length < 2) return items[0] ?? 'nothing';
  return `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}

/** `1 row`, `3 rows`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

export function seconds(milliseconds: number): string {
  return `${(milliseconds / 1_000).toFixed(milliseconds < 10_000 ? 1 : 0)} s`;
}
