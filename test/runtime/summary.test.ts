import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createLog } from '../../src/runtime/log.ts';
import { code, codeBlock, cut, details, markdown, paragraphs, table, text } from '../../src/runtime/markdown.ts';
import { createSecrets } from '../../src/runtime/secrets.ts';
import { createSummary, redactMarkdown } from '../../src/runtime/summary.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { elementsOf, rendered, textOf } from './github-markdown.ts';
import { seeded } from './random.ts';

const body = paragraphs([
  text('before'),
  details(
    text('outer ä'),
    paragraphs([text('€ in'), details(text('inner 😀'), codeBlock('a\n```\n<details>\n```b\n€€€\nz'))]),
  ),
  table(
    [text('a'), text('b')],
    Array.from({ length: 20 }, (_, row) => [text(`r${row}`), code('x|y')]),
  ),
  codeBlock('```\n'.repeat(10)),
  text('last'),
]);

describe('Markdown that is cut', () => {
  it('stays as it is where it fits', () => {
    expect(cut(body, Buffer.byteLength(body))).toBe(body);
  });

  it('at any length keeps the limit in bytes, ends at a line and leaves nothing open', () => {
    for (let limit = 0; limit < Buffer.byteLength(body); limit += 1) {
      const kept = cut(body, limit);
      expect(Buffer.byteLength(kept)).toBeLessThanOrEqual(limit);
      if (kept === '') continue;
      const html = rendered(`${kept}\n\nAFTER`);
      expect(kept).toContain('_Cut: the rest is in the log._');
      expect(kept).not.toContain('\ufffd');
      expect(html.match(/<details>/g)?.length).toBe(html.match(/<\/details>/g)?.length);
      // What comes after it is a paragraph of its own, in no code and no folded part.
      expect(html).toMatch(/<p>AFTER<\/p>$/);
      expect(html.lastIndexOf('</details>')).toBeLessThan(html.indexOf('AFTER'));
      expect(elementsOf(html).at(-1)).toBe('p');
    }
  });

  it('is as long as the limit lets it be', () => {
    const lines = markdown('0123456789\n'.repeat(100));
    expect(cut(lines, 500).length).toBeGreaterThan(440);
  });

  it('is empty where not even the last line has room', () => {
    expect(cut(body, 10)).toBe('');
    expect(cut(body, 0)).toBe('');
    expect(cut(body, -5)).toBe('');
  });
});

describe('a summary', () => {
  async function summary(file = 'summary.md') {
    const path = join(await temporaryFolder(), file);
    const said: string[] = [];
    const secrets = createSecrets(() => undefined);
    const write = createSummary(
      path,
      secrets,
      createLog((line) => said.push(line)),
    );
    return { path, said, secrets, write };
  }

  it('holds its parts in order', async () => {
    const { path, write } = await summary();
    await writeFile(path, 'of another step\n');
    write(text('one'));
    write(text('two'));
    expect(await readFile(path, 'utf8')).toBe('of another step\none\ntwo\n');
  });

  it('stays below GitHub’s limit of 1 MiB and says that it was cut', async () => {
    const { path, write } = await summary();
    for (let count = 0; count < 30; count += 1) write(markdown('ä line of text\n'.repeat(5_000)));
    const written = await readFile(path);
    expect(written.length).toBeLessThanOrEqual(1_048_576);
    expect(written.length).toBeGreaterThan(1_000_000);
    expect(written.toString()).toContain('_Cut: the rest is in the log._');
    expect(written.toString().match(/_Cut:/g)).toHaveLength(1);
  });

  it('shows no secret, also not in the entities that its text is written with', async () => {
    const { path, secrets, write } = await summary();
    const credential = 'p@ss_w0rd|<1>#2 https://x';
    secrets.add(credential);
    write(
      paragraphs([
        text(`a ${credential} b`),
        code(`${credential}`),
        codeBlock(`x${credential}y`),
        details(text(credential), text('z')),
      ]),
    );
    const shown = textOf(rendered(await readFile(path, 'utf8')));
    expect(shown.match(/\*\*\*/g)).toHaveLength(4);
    expect(shown).not.toMatch(/w0rd|ss_/);
    expect(shown).toMatch(/a \*\*\* b/);
  });

  it('that can not be written costs a warning and nothing else', async () => {
    const { said, write } = await summary('missing/summary.md');
    write(text('one'));
    write(text('two'));
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(/^::warning::The summary of this step could not be written: ENOENT/);
  });

  it('is not written where the runner has no file for it', () => {
    const said: string[] = [];
    createSummary(
      '',
      createSecrets(() => undefined),
      createLog((line) => said.push(line)),
    )(text('x'));
    expect(said).toEqual([]);
  });
});

it('a secret is taken out of random Markdown and nothing else is', () => {
  const random = seeded(11);
  const alphabet = 'ab<>&#;@|_*:/.-\u200b€';
  for (let count = 0; count < 2_000; count += 1) {
    const secrets = createSecrets(() => undefined);
    const secret = `${random.text('<>&#@|_*:/x', 8)}12345678`;
    secrets.add(secret);
    const [before, after] = [random.text(alphabet, 8), random.text(alphabet, 8)];
    const hidden = redactMarkdown(text(before + secret + after), secrets);
    const shown = textOf(rendered(`x${hidden}`));
    expect(shown, JSON.stringify([before, secret, after])).toContain('***');
    expect(shown).not.toContain('12345678');
    expect(redactMarkdown(text(before + after), secrets)).toBe(text(before + after));
  }
});
