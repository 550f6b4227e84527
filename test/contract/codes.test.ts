import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from '../../tools/install/root.ts';

async function textsOf(folder: string, ending: string): Promise<string[]> {
  const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && entry.name.endsWith(ending));
  return Promise.all(files.map((entry) => readFile(join(entry.parentPath, entry.name), 'utf8')));
}

const codesIn = (texts: readonly string[], pattern: RegExp) => {
  return [...new Set(texts.flatMap((text) => [...text.matchAll(pattern)].map((match) => match[1] ?? '')))].sort();
};

const thrown = codesIn(await textsOf('src', '.ts'), /'(PIPE-[A-Z]+-\d{3})'/g);
const pages = await textsOf('docs/troubleshooting', '.md');
const explained = codesIn(pages, /^## (PIPE-[A-Z]+-\d{3})$/gm);

it('every code that can be met has an entry in the troubleshooting pages, and every entry a code', () => {
  expect(thrown.length).toBeGreaterThan(20);
  expect(explained).toEqual(thrown);
});

it('every entry says what to do, not only what happened', () => {
  const entries = pages.flatMap((page) => page.split(/^## /m).slice(1));
  for (const entry of entries) {
    const [heading = '', ...paragraphs] = entry.trim().split(/\n\s*\n|\n/);
    expect(paragraphs.join(' ').length, heading).toBeGreaterThan(80);
  }
});

it('the index lists every code', async () => {
  const index = await readFile(join(root, 'docs/troubleshooting.md'), 'utf8');
  for (const code of thrown) expect(index).toContain(`[${code}](`);
});
