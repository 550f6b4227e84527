import { appendFileSync } from 'node:fs';
import type { Log } from './log.ts';
import { cut, type Markdown, markdown } from './markdown.ts';
import { type Secrets, withoutRanges } from './secrets.ts';

/** GitHub's limit for the summary of a step, in bytes, with room for a closing line. */
const LIMIT = 1_048_576 - 4_096;

/**
 * Writes the parts of a step's summary: without secrets, and cut where GitHub would refuse the whole.
 *
 * @param file the runner's file (GITHUB_STEP_SUMMARY); nothing is written when it is empty
 */
export function createSummary(file: string, secrets: Secrets, log: Log): (part: Markdown) => void {
  let room = LIMIT;
  return (part) => {
    if (file === '' || room <= 0) return;
    const written = cut(redactMarkdown(part, secrets), room);
    if (written === '') return;
    room -= Buffer.byteLength(written) + 1;
    try {
      appendFileSync(file, `${written}\n`);
    } catch (error) {
      // The result stands without its summary; the run says why there is none.
      const reason = error instanceof Error ? error.message : String(error);
      log.annotate('warning', `The summary of this step could not be written: ${secrets.redact(reason)}`);
      room = 0;
    }
  };
}

/**
 * Markdown with every secret replaced by `***`, also those that are written with entities and zero-width characters:
 * no mask of the runner finds `p&#64;ss` in a summary or a comment, and the reader sees `p@ss`.
 */
export function redactMarkdown(source: Markdown, secrets: Secrets): Markdown {
  const redacted = secrets.redact(source);
  const { text, starts } = readAsShown(redacted);
  const ranges = secrets.find(text).map(({ start, end }) => ({
    start: starts[start] ?? redacted.length,
    end: starts[end] ?? redacted.length,
  }));
  return markdown(withoutRanges(redacted, ranges));
}

/** What a reader sees of Markdown as markdown.ts makes it, and where each of its characters starts in it. */
function readAsShown(source: string): { readonly text: string; readonly starts: readonly number[] } {
  const parts: string[] = [];
  const starts: number[] = [];
  for (const match of source.matchAll(/&(?:#(\d{1,7})|(amp|lt|gt|quot));|<!-- -->|\u200b|[^&<\u200b]+|[&<]/g)) {
    const [token, code, name] = match;
    const entity = code === undefined ? NAMED[name ?? ''] : String.fromCodePoint(Math.min(Number(code), 0x10ffff));
    const shown = entity ?? (token === '<!-- -->' || token === '\u200b' ? '' : token);
    parts.push(shown);
    for (let offset = 0; offset < shown.length; offset += 1) {
      starts.push(match.index + (entity === undefined ? offset : 0));
    }
  }
  return { text: parts.join(''), starts };
}

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"' };
