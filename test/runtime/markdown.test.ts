import { describe, expect, it } from 'vitest';
import {
  code,
  codeBlock,
  details,
  link,
  type Markdown,
  markdown,
  paragraphs,
  table,
  text,
} from '../../src/runtime/markdown.ts';
import { elementsOf, rendered, textOf } from './github-markdown.ts';
import { seeded } from './random.ts';

const HOSTILE = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '</code></td></tr></table></summary></details>',
  '<!-- comment',
  '--> text',
  '&lt;b&gt; &amp; &#60;b&#62;',
  '[x](https://evil.example)',
  '![x](https://evil.example/x.png)',
  '[x]: https://evil.example',
  '[^1] [^1]: x',
  '<https://evil.example>',
  '<a@evil.example>',
  'https://evil.example/path?a=b&c=d',
  'HTTP://EVIL.EXAMPLE',
  'see www.evil.example and ftp://evil.example',
  'mailto:a@evil.example xmpp:a@evil.example/x',
  'a.b+c@evil.example, @octocat and @org/team',
  'pkg@1.2.3 @scope/pkg@4',
  '#1 GH-2 gh-3 owner/repo#4 owner/repo@0123456',
  '| a | b |',
  'a|b\\|c',
  '\\',
  '`',
  '``` js',
  '~~~',
  '~~x~~ **x** __x__ *x* _x_',
  '# x',
  '## x',
  '===',
  '---',
  '***',
  '- x',
  '+ x',
  '* x',
  '1. x',
  '1) x',
  '- [x] x',
  '> x',
  '> [!NOTE]',
  '    indented',
  '\tindented',
  '$a$ $$b$$',
  'src/a.ts:100:5 12:30:45 :bug: :+1: :-1:',
  '{% raw %} {{ x }}',
  '$(id) `id` ;ls',
  '::error file=a::x',
  'trailing  ',
  '"quotes" \'too\'',
  'ä€😀',
];

const isWhole = (html: string, expected: string) => {
  return textOf(html).replace(/\s+/g, ' ').includes(expected.replace(/\s+/g, ' ').trim());
};

/** The places in which foreign text is put. */
const places: readonly (readonly [place: string, put: (part: Markdown) => string, elements: readonly string[]])[] = [
  ['a paragraph', (part) => part, ['p']],
  ['a paragraph after a line', (part) => `line\n${part}`, ['p']],
  ['a list', (part) => `- ${part}`, ['ul', 'li']],
  [
    'a cell',
    (part) => table([text('h'), text('k')], [[part, text('z')]]),
    ['table', 'thead', 'tr', 'th', 'th', 'tbody', 'tr', 'td', 'td'],
  ],
  ['a folded part', (part) => details(text('t'), part), ['details', 'summary', 'p']],
  ['a title', (part) => details(part, text('body')), ['details', 'summary', 'p']],
];

describe.each(places)('in %s', (_, put, elements) => {
  it.each(HOSTILE)('text shows %j as it is', (hostile) => {
    const html = rendered(put(text(hostile)));
    expect(elementsOf(html)).toEqual(elements);
    expect(isWhole(html, hostile)).toBe(true);
  });

  it.each(HOSTILE)('code shows %j as it is', (hostile) => {
    const html = rendered(put(code(hostile)));
    expect(elementsOf(html).filter((name) => name !== 'code')).toEqual(elements);
    expect(elementsOf(html).filter((name) => name === 'code')).toHaveLength(1);
    expect(isWhole(html, hostile)).toBe(true);
  });

  it('random texts show as they are', () => {
    const random = seeded(elements.length);
    const alphabet = '<>&#;:/@|\\`*_~[](){}!.-+=$^"\' \t1aw\u00e4\u{1f600}';
    for (let count = 0; count < 300; count += 1) {
      const hostile = random.text(alphabet, 25);
      if (hostile.trim() === '') continue;
      const html = rendered(put(text(hostile)));
      expect(elementsOf(html), JSON.stringify(hostile)).toEqual(elements);
      expect(isWhole(html, hostile), JSON.stringify(hostile)).toBe(true);
      const inCode = rendered(put(code(hostile)));
      expect(
        elementsOf(inCode).filter((name) => name !== 'code'),
        JSON.stringify(hostile),
      ).toEqual(elements);
      expect(isWhole(inCode, hostile), JSON.stringify(hostile)).toBe(true);
    }
  });
});

describe('text', () => {
  it('has no mention, reference, link or emoji left for GitHub to find after rendering', () => {
    const shown = rendered(
      text('@octocat @org/team #1 o/r#2 GH-3 https://a.example www.a.example :bug: x:100:'),
    ).replace(/<[^>]*>/g, '');
    expect(shown).not.toMatch(/@\w|#\d|GH-\d|https?:|www\.|:bug:|:100:/);
  });

  it('keeps what is only like one', () => {
    expect(text('src/a.ts:10:5 at 12:30:45, a@b')).not.toMatch(/:\u200b/);
  });

  it.each([
    ['a\nb\r\nc\rd\u2028e', 'a b c d e'],
    ['\u001b[1;31mred\u001b[0m', 'red'],
    ['\u001b]8;;https://evil.example\u0007label\u001b]8;;\u001b\\', 'label'],
    ['a\u0000b\u0007c\u009bd', 'abcd'],
    ['a\u202eb\u2066c\u200fd', 'abcd'],
  ])('shows %j as one line without what is not text', (given, expected) => {
    expect(textOf(rendered(text(given))).trim()).toBe(expected);
    expect(textOf(rendered(code(given))).trim()).toBe(expected);
  });
});

describe('a block of code', () => {
  it.each(
    [
      ...HOSTILE,
      '```',
      '````\n```\n`````',
      'a\n```\n[x](https://evil.example)',
      '\u0060\u0060\u0000\u0060\n# heading',
      '</details>',
      'a\r```\rb',
      '`a'.repeat(200_000),
      '',
    ].map((hostile) => [JSON.stringify(hostile).slice(0, 60), hostile]),
  )('shows %s as it is', (_, hostile = '') => {
    const html = rendered(`before\n${codeBlock(hostile)}\nafter`);
    expect(elementsOf(html)).toEqual(['p', 'pre', 'code', 'p']);
    expect(isWhole(html, hostile.replaceAll('\u0000', ''))).toBe(true);
  });
});

it('code keeps the halves of an e-mail address apart: GitHub’s own parser links one that is written in entities', () => {
  expect(code('a.b@evil.example')).toBe('<code>a.b<!-- -->&#64;evil.example</code>');
  expect(code('@scope/pkg@^1')).toBe('<code>&#64;scope/pkg&#64;^1</code>');
});

describe('a link', () => {
  it('shows its label and leads to its address', () => {
    const html = rendered(link('run [1] *a* | b', 'https://github.com/o/r/actions/runs/1?a=b&copy;=c'));
    expect(elementsOf(html)).toEqual(['p', 'a']);
    expect(html).toContain('href="https://github.com/o/r/actions/runs/1?a=b&amp;copy;=c"');
    expect(textOf(html)).toBe('run [1] *a* | b');
  });

  it.each([
    'javascript:alert(1)',
    'http://evil.example',
    'https://a b',
    'https://a">x',
    'https://a)x',
    'https://a\nb',
    '//evil',
    'data:text/html,x',
    'https://a\u202eb',
  ])('leads nowhere for %j', (url) => {
    expect(elementsOf(rendered(link('label', url)))).toEqual(['p']);
  });

  it('keeps a table’s columns', () => {
    const html = rendered(table([text('a'), text('b')], [[link('x', 'https://a.example/|\\`[]{}^'), text('z')]]));
    expect(elementsOf(html).filter((name) => name === 'td')).toHaveLength(2);
    expect(html).toContain('href="https://a.example/%7C%5C%60%5B%5D%7B%7D%5E"');
  });
});

it('a table keeps its columns whatever is in its cells', () => {
  const cells = [...HOSTILE.map(text), ...HOSTILE.map(code), codeBlock('a\n|b|'), markdown('')];
  const html = rendered(
    table(
      [text('first'), text('second'), text('third')],
      cells.map((cell) => [text('x'), cell, text('z')]),
    ),
  );
  expect(elementsOf(html).filter((name) => name === 'tr')).toHaveLength(cells.length + 1);
  expect(elementsOf(html).filter((name) => name === 'td')).toHaveLength(cells.length * 3);
});

it('paragraphs stand apart, empty ones are left out', () => {
  expect(elementsOf(rendered(paragraphs([text('a'), markdown(''), text('b')])))).toEqual(['p', 'p']);
});

it('a megabyte of anything is written in time that grows with its length', { timeout: 15_000 }, () => {
  for (const piece of [' ', '\n', '`', '@', ':', ':a', '\u001b[', '\u001b]', 'w', '&', '<', '1', '#', 'a@']) {
    const megabyte = piece.repeat(1_048_576 / piece.length);
    for (const write of [text, code, codeBlock]) expect(write(megabyte).length).toBeGreaterThanOrEqual(0);
  }
});
