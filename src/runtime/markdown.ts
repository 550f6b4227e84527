/** GitHub-flavoured Markdown that is safe to render; made only by the functions of this file. */
export type Markdown = string & { readonly markdown: true };

/** Text of our own that is Markdown already. Never for text from outside: that goes through {@link text}. */
export function markdown(source: string): Markdown {
  return source as Markdown;
}

/** Foreign text as Markdown that shows it as it is, on one line: no markup, links, mentions or HTML come of it. */
export function text(value: string): Markdown {
  const line = visible(value).replace(/\s*[\r\n]+\s*/g, ' ');
  const escaped = escapeHtml(line).replace(/[\\`*_{}[\]()#+!|~$^-]/g, (character) => `&#${character.charCodeAt(0)};`);
  // A zero-width joiner keeps @name, #1 and bare links from becoming notifications and links.
  return markdown(escaped.replace(/@(?=\w)/g, '@\u200b').replace(/(https?|www)(?=[:.])/gi, '$1\u200b'));
}

/** Foreign text as inline code on one line. */
export function code(value: string): Markdown {
  const line = escapeHtml(visible(value).replace(/[\r\n]+/g, ' ')).replaceAll('|', '&#124;');
  return markdown(`<code>${line.replace(/[`*_[\]~$\\@]/g, (character) => `&#${character.charCodeAt(0)};`)}</code>`);
}

/** Foreign text as a block of code; its fence is longer than any run of backticks in it. */
export function codeBlock(value: string, language = ''): Markdown {
  const longest = Math.max(2, ...[...value.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return markdown(`\n${fence}${language}\n${visible(value).replace(/\n$/, '')}\n${fence}\n`);
}

export function link(label: string, url: string): Markdown {
  if (!/^https:\/\/[^\s<>()"']+$/.test(url)) return text(`${label} (${url})`);
  return markdown(`[${text(label)}](${url})`);
}

export function table(headers: readonly Markdown[], rows: readonly (readonly Markdown[])[]): Markdown {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
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

export function escapeHtml(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

/** Text without colours, control characters and characters that reorder what is shown. */
function visible(value: string): string {
  return value
    .replace(/\u001b\[[0-9;?]*[ -/]*[@-~]/g, '')
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '');
}

/**
 * Markdown cut to at most `limit` bytes of UTF-8 at a line's end, with a line that says so. A code fence or folded
 * part that the cut leaves open is closed.
 */
export function cut(source: Markdown, limit: number): Markdown {
  if (Buffer.byteLength(source) <= limit) return source;
  const closing = '\n\n</details>\n\n_Cut: the rest is in the log._\n';
  const bytes = Buffer.from(source).subarray(0, limit - Buffer.byteLength(closing) - 16);
  const kept = bytes.toString('utf8').replace(/\n[^\n]*$/, '\n');
  const fences = kept.match(/^`{3,}/gm) ?? [];
  const fence = fences.length % 2 === 1 ? `${fences.at(-1) ?? ''}\n` : '';
  const open = (kept.match(/<details>/g) ?? []).length > (kept.match(/<\/details>/g) ?? []).length;
  return markdown(`${kept}${fence}${open ? closing : '\n_Cut: the rest is in the log._\n'}`);
}
