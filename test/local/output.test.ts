import { describe, expect, test } from 'vitest';
import { parseCommand } from '../../src/local/commands.ts';
import { createJobOutput } from '../../src/local/job-output.ts';
import { createMasker } from '../../src/local/masking.ts';

describe('output of a job', () => {
  /** Lines by step, for text and news of steps that come in any order. */
  function collect(events: readonly (string | { start: string } | { end: string })[]): Record<string, string[]> {
    const lines: Record<string, string[]> = {};
    const steps = new Map<string, { id: string; name: string; leg: string }>();
    const output = createJobOutput<{ id: string; name: string; leg: string }>('@', (step, line) => {
      lines[step.name] = [...(lines[step.name] ?? []), line];
    });
    for (const event of events) {
      if (typeof event === 'string') output.push(event);
      else if ('start' in event) {
        const step = { id: event.start.replace('post ', ''), name: event.start, leg: '' };
        steps.set(event.start, step);
        output.started(step);
      } else {
        const step = steps.get(event.end);
        if (step !== undefined) output.ended(step);
      }
    }
    output.close('');
    return lines;
  }

  const expected = { a: ['1', '2'], b: ['3'], 'post a': ['4'] };

  test.each([
    [
      'with the news',
      [
        { start: 'a' },
        '@a\n1\n2',
        { end: 'a' },
        { start: 'b' },
        '@b\n3\n',
        { end: 'b' },
        { start: 'post a' },
        '@a\n4\n',
      ],
    ],
    [
      'before the news',
      ['@a\n1\n', '2', '@b\n3\n@a\n4', { start: 'a' }, { end: 'a' }, { start: 'b' }, { end: 'b' }, { start: 'post a' }],
    ],
    [
      'after the news',
      [{ start: 'a' }, { end: 'a' }, { start: 'b' }, { end: 'b' }, { start: 'post a' }, '@a\n1\n2@b\n3\n@a\n4'],
    ],
    [
      'in pieces',
      [
        ...'@a\n1\n2'.split(''),
        { start: 'a' },
        ...'@b\n'.split(''),
        '3\n',
        { start: 'b' },
        '@',
        'a\n4',
        { start: 'post a' },
      ],
    ],
  ])('belongs to the step that printed it, when it comes %s', (_when, events) => {
    expect(collect(events)).toEqual(expected);
  });

  test('of programs inside a step is not lost', () => {
    expect(collect([{ start: 'a' }, '@inner\n1\n@inner\n2\n'])).toEqual({ a: ['1', '2'] });
  });
});

describe('a workflow command', () => {
  test.each([
    [
      '::error file=a.ts,line=3,title=x%3Ay%2C z::std::string',
      'error',
      { file: 'a.ts', line: '3', title: 'x:y, z' },
      'std::string',
    ],
    ['  ::warning::100%25 %0A more', 'warning', {}, '100% \n more'],
    ['::add-mask::a::b', 'add-mask', {}, 'a::b'],
    ['::notice file=::', 'notice', { file: '' }, ''],
  ])('%s', (line, name, properties, message) => {
    expect(parseCommand(line)).toEqual({ name, properties, message });
  });

  test.each(['error::x', ':: error::x', 'text ::error::x', '::error', ''])('is not "%s"', (line) => {
    expect(parseCommand(line)).toBeUndefined();
  });
});

describe('a masker', () => {
  test('hides secrets, the longer before the shorter, and the lines of one with several', () => {
    const masker = createMasker(['abc', 'abcdef', '{\n"key": "value-1"\n}']);
    expect(masker.mask('abcdef abc {} "key": "value-1"')).toBe('*** *** {} ***');
    masker.add('later');
    expect(masker.hides('now or later')).toBe(true);
    expect(masker.hides('now')).toBe(false);
  });
});
