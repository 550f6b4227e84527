import { describe, expect, it } from 'vitest';
import { createLog, type StepLog } from '../../src/runtime/log.ts';
import { seeded } from './random.ts';
import { understand } from './runner-model.ts';

/** What the runner understands of what is said. */
function heard(say: (log: StepLog) => void) {
  const written: string[] = [];
  say(createLog((text) => written.push(text)));
  return { ...understand(written.join('')), text: written.join('') };
}

const HOSTILE = [
  '::set-output name=image::evil',
  '::add-mask::x',
  '::SET-ENV name=NODE_OPTIONS::--require evil',
  '::stop-commands::known',
  '::endgroup::',
  '::error file=a,line=1::forged',
  '##[add-path]/evil',
  'text ##[set-env name=A;]evil',
  '##[group]forged',
  '  ::add-mask::x',
  '\t::add-mask::x',
  '\u00a0\u3000::add-mask::x',
  '\u0085::add-mask::x',
  '\u2028::add-mask::x',
  '\v\f::add-mask::x',
  'text\n::add-mask::x',
  'text\r::add-mask::x',
  'text\r\n\r\n  ::add-mask::x',
  '\n\n::add-mask::x',
  ':::add-mask::x',
  '::::add-mask::x',
  '%0A::add-mask::x',
  '%25%0D%0A::add-mask::x',
  '::add-mask::x\n::set-output name=a::b',
  '##[add-mask]x ##[set-output name=a]b',
  '###[add-mask]x',
];

describe('the model of the runner', () => {
  it.each(HOSTILE.filter((text) => !/^:{3,}|^%|forged$|###/.test(text)))('obeys %j as it stands', (text) => {
    expect(understand(text).commands.length + (text.includes('stop-commands') ? 1 : 0)).toBeGreaterThan(0);
  });
});

describe('a log', () => {
  it.each(HOSTILE)('says %j without an effect', (text) => {
    const { commands, shown } = heard((log) => log.info(text));
    expect(commands).toEqual([]);
    expect(shown.join('\n').replaceAll('\u200b', '')).toContain(text.split(/[\r\n]+/).at(-1));
  });

  it('leaves harmless text as it is', () => {
    const text = 'a::b\n  std::vector<int>\n12:30: ok\n: x\n# [x]\n50 %';
    expect(heard((log) => log.info(text)).text).toBe(`${text}\n`);
  });

  it.each(HOSTILE)('annotates with %j as the message, the file and the title and with nothing else', (text) => {
    const place = { file: `src/${text}.ts`, line: 3, column: 4, endLine: 3, endColumn: 9, title: text };
    const { commands, shown } = heard((log) => log.annotate('error', text, place));
    expect(commands).toEqual([
      {
        name: 'error',
        properties: { file: `src/${text}.ts`, line: '3', col: '4', endLine: '3', endColumn: '9', title: text },
        data: text,
      },
    ]);
    expect(shown.join('')).toBe('');
  });

  it('leaves out what is not known of a place', () => {
    expect(heard((log) => log.annotate('notice', 'x', { file: '', line: 2 })).text).toBe('::notice line=2::x\n');
    expect(heard((log) => log.annotate('warning', 'x')).text).toBe('::warning::x\n');
  });

  it.each(HOSTILE)('groups %j under %j without an effect', (text) => {
    const { commands, shown } = heard((log) => log.group(text, [text, text]));
    expect(commands).toEqual([
      { name: 'group', properties: {}, data: text },
      { name: 'endgroup', properties: {}, data: '' },
    ]);
    expect(shown.join('\n')).toContain(text.split(/[\r\n]+/).at(-1));
  });

  it('does not let text that comes in pieces become a command', () => {
    const { commands } = heard((log) => log.group('t', ['\n::add', '-mask::x', '\n:', ':set-output name=a::b\n']));
    expect(commands.map(({ name }) => name)).toEqual(['group', 'endgroup']);
  });

  it('obeys again after a group, also one whose text could not be read to its end', () => {
    const { commands } = heard((log) => {
      const broken = (function* () {
        yield 'no line end';
        throw new Error('broken');
      })();
      expect(() => log.group('t', broken)).toThrow('broken');
      log.annotate('error', 'heard');
    });
    expect(commands.map(({ name }) => name)).toEqual(['group', 'endgroup', 'error']);
  });

  it('lets its own commands through while a group is open, and none of the text', () => {
    const { commands, shown } = heard((log) => {
      const group = log.openGroup('install');
      group.write('one\n::add-mask::forged\ntwo without an end');
      log.mask('a secret, 100 %');
      group.write('::set-output name=a::forged\nthree');
      log.annotate('warning', 'slow');
      log.info('::add-mask::forged');
      group.close();
      group.close();
      group.write('::add-mask::forged\n');
      log.annotate('notice', 'done');
    });
    expect(commands.map(({ name, data }) => [name, data])).toEqual([
      ['group', 'install'],
      ['add-mask', 'a secret, 100 %'],
      ['warning', 'slow'],
      ['endgroup', ''],
      ['notice', 'done'],
    ]);
    expect(shown).toContain('two without an end');
  });

  it('keeps one of two open groups closed to commands when the other ends', () => {
    const { commands } = heard((log) => {
      const [first, second] = [log.openGroup('first'), log.openGroup('second')];
      first.close();
      second.write('::add-mask::forged\n');
      second.close();
      log.annotate('notice', 'done');
    });
    expect(commands.map(({ name }) => name)).toEqual(['group', 'group', 'endgroup', 'endgroup', 'notice']);
  });

  it('never uses a token twice', () => {
    const { text } = heard((log) => {
      for (let count = 0; count < 50; count += 1) log.group('t', ['x']);
    });
    expect(new Set(text.match(/^::stop-commands::.+$/gm)).size).toBe(50);
  });

  it('has no effect with 5,000 random texts', () => {
    const random = seeded(3);
    const pieces = [
      ':',
      '::',
      '##[',
      '[',
      ']',
      ' ',
      '\n',
      '\r',
      '\u0085',
      '\u2028',
      '\u200b',
      '%0A',
      '%3A',
      ',',
      '=',
      ';',
    ];
    const words = ['add-mask', 'stop-commands', 'set-output name=a', 'group', 'x'];
    for (let count = 0; count < 5_000; count += 1) {
      const text = Array.from({ length: 10 }, () => random.pick(random.integer(3) === 0 ? words : pieces)).join('');
      expect(heard((log) => log.info(text)).commands, JSON.stringify(text)).toEqual([]);
      const { commands } = heard((log) => log.annotate('error', text, { title: text, file: text }));
      expect(commands, JSON.stringify(text)).toMatchObject([{ name: 'error', data: text }]);
    }
  });

  it('says a megabyte of line breaks and colons', { timeout: 15_000 }, () => {
    for (const text of ['\n', ' ', ':', '\u2028', '##', '::\n'].map((piece) =>
      piece.repeat(1_048_576 / piece.length),
    )) {
      expect(heard((log) => log.info(text)).commands).toEqual([]);
    }
  });
});
