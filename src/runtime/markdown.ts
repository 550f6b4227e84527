/** GitHub-flavoured Markdown that is safe to render; made only by the functions of this file. */
export type Markdown = string & { readonly markdown: true };

/** Text of our own that is Markdown already. Never for text from outside: that goes through {@link text}. */
export function markdown(source: string): Markdown {
  return source as Markdown;
}

/**
 * Foreign text as Markdown that shows it as it is, on one line: no markup, links, mentions or HTML come of it (GitHub
 * Flavored Markdown; https://github.github.com/gfm). A zero-width space goes into what GitHub itself would turn into a
 * notification, a reference, a link or an emoji after it has rendered the text: @name, #1, GH-1, https://, :bug:.
 */
export function text(value: string): Markdown {
  const line = oneLine(value)
    .replace(/@(?=\w)/g, '@\u200b')
    .replace(/(#|\bGH-)(?=\d)/gi, '$1\u200b')
    .replace(/(https?|www)(?=[:.])/gi, '$1\u200b')
    .replace(/:(?=(?:[+-]1|100|1234|[a-z][a-z0-9_+-]{0,40}):)/g, ':\u200b');
  const escaped = escapeHtml(line).replace(/[\\`*_{}[\]()#+!|~$^-]/g, asEntity);
  // What makes a block or a link only by its place: indentation, `1.`, `===`, `ftp://`, `mailto:`.
  return markdown(
    escaped
      .replace(/^[ \t]/, asEntity)
      .replace(/^(\d{1,9})\.(?=\s|$)/, '$1&#46;')
      .replace(/^=/, asEntity)
      .replace(SCHEME, asEntity),
  );
}

/** Foreign text as inline code on one line; nothing invisible is put in, so that a command can be copied from it. */
export function code(value: string): Markdown {
  const line = escapeHtml(oneLine(value)).replace(/[`*_[\]~$\\|]/g, asEntity);
  const unlinked = line.replace(SCHEME, asEntity).replace(/w(?=ww\.)/gi, asEntity);
  // An e-mail address becomes a link even as entities: an empty comment keeps its two halves apart.
  const apart = unlinked.replace(/(?<=[\w.+-])@(?=[\w-]+\.)/g, '<!-- -->@');
  return markdown(`<code>${apart.replaceAll('@', '&#64;')}</code>`);
}

const SCHEME = /:(?=\/\/)|(?<=mailto|xmpp):/gi;

/** Foreign text as a block of code; its fence is longer than any run of backticks in it. */
export function codeBlock(value: string, language = ''): Markdown {
  const shownText = visible(value).replace(/\r\n?/g, '\n').replace(/\n$/, '');
  let longest = 2;
  for (const [run] of shownText.matchAll(/`+/g)) longest = Math.max(longest, run.length);
  const fence = '`'.repeat(longest + 1);
  return markdown(`\n${fence}${language}\n${shownText}\n${fence}\n`);
}

/** A link to an https address; any other address is shown as text. */
export function link(label: string, url: string): Markdown {
  if (!/^https:\/\/[^\s<>()"'\p{Cc}\p{Cf}]+$/u.test(url)) return text(`${label} (${url})`);
  const address = url.replace(/[|\\`[\]{}^]/g, (character) => encodeURIComponent(character)).replaceAll('&', '&amp;');
  return markdown(`[${text(label)}](${address})`);
}

export function table(headers: readonly Markdown[], rows: readonly (readonly Markdown[])[]): Markdown {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replace(/\n+/g, ' ')).join(' | ')} |`;
  const lines = [line(headers), line(headers.map(() => '---')), ...rows.map((row) => line(row))];
  return markdown(`\n${lines.join('\n')}\n`);
}

/** A part that is folded until somebody opens it. */
export function details(title: Markdown, body: Markdown): Markdown {
  return markdown(`\n<details><summary>${title}</summary>\n\n${body}\n\n</details>\n`);
}

export function paragraphs(parts: readonly Markdown[]): Markdown {
  return markdown(`${parts.filter((part) => part !== '').join('\n\n')}\n`);
}

function escapeHtml(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

/** One character as a numeric entity. */
function asEntity(character: string): string {
  return `&#${character.charCodeAt(0)};`;
}

function oneLine(value: string): string {
  return visible(value).replace(/[\r\n\u2028\u2029]+/g, ' ');
}

/** Text without colours, terminal links, control characters and characters that reorder what is shown. */
function visible(value: string): string {
  return value
    .replace(/\u001b\[[0-9;?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)/g, '')
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '');
}

const CUT = '\n_Cut: the rest is in the log._\n';

/**
 * Markdown cut to at most `limit` bytes of UTF-8 at a line's end, with a line that says so. A code fence or folded
 * parts that the cut leaves open are closed. Empty where not even that line has room.
 */
export function cut(source: Markdown, limit: number): Markdown {
  if (Buffer.byteLength(source) <= limit) return source;
  let bytes = 0;
  let end = 0;
  let open: Open = { fence: '', details: 0 };
  while (end < source.length) {
    const next = source.indexOf('\n', end) + 1 || source.length;
    const line = source.slice(end, next);
    const after = openAfter(open, line);
    bytes += Buffer.byteLength(line);
    if (bytes + Buffer.byteLength(closing(after)) > limit) break;
    open = after;
    end = next;
  }
  const ending = closing(open);
  return markdown(Buffer.byteLength(ending) > limit ? '' : source.slice(0, end) + ending);
}

/** What is open at the end of a line: the fence of a code block, and how many folded parts. */
interface Open {
  readonly fence: string;
  readonly details: number;
}

function openAfter({ fence, details }: Open, line: string): Open {
  const [run = ''] = /^`{3,}/.exec(line) ?? [];
  if (fence !== '') return { fence: run.length >= fence.length ? '' : fence, details };
  if (run !== '') return { fence: run, details };
  const opened = line.startsWith('<details>') ? 1 : line.startsWith('</details>') ? -1 : 0;
  return { fence, details: Math.max(0, details + opened) };
}

function closing({ fence, details }: Open): string {
  return `${fence === '' ? '' : `${fence}\n`}${'\n</details>\n'.repeat(details)}${CUT}`;
}
