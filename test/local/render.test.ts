import { describe, expect, test } from 'vitest';
import { failedLog } from '../../src/local/failed-log.ts';
import { renderSummary } from '../../src/local/render-summary.ts';
import { safeText, widthOf } from '../../src/local/terminal-text.ts';

const PLAIN = { width: 60, hasColours: false };
const shown = (markdown: string, width = 60) => renderSummary(markdown, { width, hasColours: false }).join('\n');

describe('a summary on a terminal', () => {
  test('has its tables in boxes, aligned, with marks and escapes resolved', () => {
    const table =
      '## Done\n\n| task | result | time |\n| :--- | :---: | ---: |\n| `npm run a\\|b` | ✅ **ok** | 1.5 s |\n| 日本 | :x: no | 12 s |\n';
    expect(shown(table)).toBe(
      [
        'Done',
        '',
        '┌─────────────┬────────┬───────┐',
        '│ task        │ result │  time │',
        '├─────────────┼────────┼───────┤',
        '│ npm run a|b │ ✅ ok  │ 1.5 s │',
        '│ 日本        │ ❌ no  │  12 s │',
        '└─────────────┴────────┴───────┘',
      ].join('\n'),
    );
  });

  test('keeps every line of a table as wide as the others, and within the terminal', () => {
    const long = 'word '.repeat(40);
    const lines = renderSummary(
      `| a | b | c |\n|-|-|-|\n| ${long} | x | https://example.com/${'y'.repeat(80)} |\n`,
      PLAIN,
    );
    expect(new Set(lines.map(widthOf)).size).toBe(1);
    expect(widthOf(lines[0] ?? '')).toBeLessThanOrEqual(60);
    expect(lines.join('').match(/word/g)).toHaveLength(40);
  });

  test('breaks a word behind its marks, and only where no other column can be narrower', () => {
    const row = '| packages/web:build | npm run build -w packages/web | ok |';
    expect(shown(`| task | command | x |\n|-|-|-|\n${row}\n`, 46)).toBe(
      [
        '┌────────────────────┬──────────────────┬────┐',
        '│ task               │ command          │ x  │',
        '├────────────────────┼──────────────────┼────┤',
        '│ packages/web:build │ npm run build -w │ ok │',
        '│                    │ packages/web     │    │',
        '└────────────────────┴──────────────────┴────┘',
      ].join('\n'),
    );
    expect(shown('| task |\n|-|\n| packages/web:build |\n', 18)).toContain('│ packages/web:  │\n│ build          │');
    expect(shown('packages/web:build', 14)).toBe('packages/web:\nbuild');
  });

  test('is free of what keeps GitHub from making a mention or a link of it', () => {
    expect(
      shown('| a |\n|-|\n| npm@\u200b11.19.1 :\u200bbug: https\u200b&#58;//x <code>a<!-- -->&#64;b.c</code> |'),
    ).toContain('│ npm@11.19.1 :bug: https://x a@b.c │');
  });

  test('shows HTML tables, folded parts, alerts, lists and code', () => {
    const html = '<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>x &lt; y<br>z</td></tr></table>';
    expect(shown(html)).toBe(
      '┌───┬───────┐\n│ a │ b     │\n├───┼───────┤\n│ 1 │ x < y │\n│   │ z     │\n└───┴───────┘',
    );
    const folded = '<details><summary>The <b>log</b></summary>\n\n```text\nline | one\n  ::error::x\n```\n\n</details>';
    expect(shown(folded)).toBe('▸ The log\n      line | one\n        ::error::x');
    expect(shown('> [!WARNING]\n> Take care of `this`')).toBe('┃ WARNING\n┃ Take care of this');
    expect(shown('- one\n- [x] two\n  - three\n1. four')).toBe('• one\n☑ two\n  • three\n1. four');
  });

  test('draws a gantt chart as bars, and says of other diagrams that they are drawn on GitHub', () => {
    const gantt =
      '```mermaid\ngantt\n  dateFormat x\n  axisFormat %M:%S\n  section gate\n  lint :done, 0, 2000\n  test: a :crit, 1000, 4000\n```';
    const lines = shown(gantt).split('\n');
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(/^lint {3} {2}█+ +2\.0 s$/);
    expect(lines[1]).toMatch(/^test: a +█+ +3\.0 s$/);
    expect(lines[0]?.match(/█/g)?.length).toBeLessThan(lines[1]?.match(/█/g)?.length ?? 0);
    expect(shown('```mermaid\nflowchart LR\n  a --> b\n```')).toBe('(a diagram, drawn on GitHub)');
  });

  test('hides comments, images and where links lead, and leaves words with underscores alone', () => {
    expect(
      shown('<!-- marker -->\n![badge](https://x/y.png) see [the docs](https://x/d) in snake_case_name, _really_'),
    ).toBe('badge see the docs in snake_case_name, really');
    const run = 'commit [61f457f](https://github.com/o/r/commit/61f457f), <a href="https://github.com/o/r">run 1</a>';
    expect(shown(run)).toBe('commit 61f457f, run 1');
    expect(shown('[](https://x/d) <https://x/e>')).toBe('https://x/d https://x/e');
  });

  test('cannot speak to the terminal: control sequences are gone, also those written as entities', () => {
    expect(shown('a\u001b]52;c;ZXZpbA==\u0007b\u001b[2Jc&#27;[31m&#x1b;d')).toBe('abc[31md');
    expect(safeText('\u001b[31mred\u001b[0m\u001b[2J\u001b]0;title\u0007 10%\r100%\n', { hasColours: true })).toBe(
      '100%\n',
    );
    expect(safeText('\u001b[31mred\u001b[0m\u001b[2K', { hasColours: true })).toBe('\u001b[31mred\u001b[0m');
    expect(safeText('\u001b[31mred\u001b[0m', { hasColours: false })).toBe('red');
  });

  test('is made of hostile text as of any other', () => {
    for (const part of ['*a', '[', '<a ', '`', '_a ', '\\|', '<b>', '~~', '![', '**a', '| a ', '> ', '<details>']) {
      expect(shown(`x${part.repeat(20_000)}`).replaceAll('\n', '')).toMatch(/^x/);
      expect(shown(`x${part.repeat(1_000)}`)).toMatch(/^x/);
    }
  });
});

describe('the log of a failed step', () => {
  const lines = (name: string, count: number) => Array.from({ length: count }, (_, index) => `${name}${index}`);
  const shownLog = (parts: readonly (readonly [string, number, boolean?])[], after: readonly string[] = []) => {
    const log: string[] = [];
    const groups = parts.map(([title, count, hasFailed = false]) => {
      const from = log.push(title, ...lines(title[0] ?? '', count)) - count - 1;
      return { from, to: log.length, hasFailed };
    });
    return failedLog({ log: [...log, ...after].join('\n'), groups }, PLAIN).map((line) => line.trim());
  };

  test('is open where a group failed, by its title or by an error in it, and folded elsewhere', () => {
    expect(
      shownLog(
        [
          ['passed lint', 2],
          ['failed test', 2],
          ['x', 1, true],
          ['skipped e2e', 0],
        ],
        ['end'],
      ),
    ).toEqual([
      '│ ▸ passed lint (2 lines)',
      ...['│ failed test', '│ f0', '│ f1', '│ x', '│ x0'],
      ...['│ ▸ skipped e2e', '│ end'],
    ]);
  });

  test('is shown whole where no group says that it failed', () => {
    expect(
      shownLog([
        ['one', 1],
        ['two', 1],
      ]),
    ).toEqual(['│ one', '│ o0', '│ two', '│ t0']);
  });

  test('keeps the end of every failed group', () => {
    const shown = shownLog([
      ['failed a', 500],
      ['failed b', 500],
      ['passed c', 500],
    ]);
    expect(shown).toHaveLength(2 * (60 + 2) + 1);
    expect(shown).toEqual(expect.arrayContaining(['│ f499', '… 440 lines before (--verbose shows all)']));
    expect(shown.at(-1)).toBe('│ ▸ passed c (500 lines)');
    expect(shownLog([], lines('x', 200))).toHaveLength(121);
  });
});
