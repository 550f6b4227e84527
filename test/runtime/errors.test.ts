import { describe, expect, it } from 'vitest';
import {
  ConfigurationError,
  describeFault,
  nearest,
  OutsideFault,
  PipelineError,
  ProjectFailure,
  printable,
  shown,
} from '../../src/runtime/errors.ts';

describe('a value in a message', () => {
  it.each([
    ['a "b"', '"a \\"b\\""'],
    ['', '""'],
    ['a\nb\t\0', '"a\\nb\\t\\u0000"'],
    ['\u007f\u0085\u009b', '"\\u007f\\u0085\\u009b"'],
    ['\u200b\u202e\u2066\ufeff\u00ad\u2028', '"\\u200b\\u202e\\u2066\\ufeff\\u00ad\\u2028"'],
    ['\u{e0041}', '"\\u{e0041}"'],
    ['\ud800', '"\\ud800"'],
    ['ä€😀', '"ä€😀"'],
    [7, '7'],
    [null, 'null'],
    [undefined, 'undefined'],
    [['a', { b: '\u202e' }], '["a",{"b":"\\u202e"}]'],
  ])('%j is shown as %s', (value, expected) => {
    expect(shown(value)).toBe(expected);
  });

  it('is cut, with its length', () => {
    expect(shown('x'.repeat(120_000))).toBe(`"${'x'.repeat(80)}"… (120000 characters)`);
    expect(shown('x'.repeat(80))).toBe(`"${'x'.repeat(80)}"`);
    expect(shown(['x'.repeat(100)], 10)).toBe('["xxxxxxxx… (104 characters)');
    expect(shown(`${'x'.repeat(79)}😀`)).toBe(`"${'x'.repeat(79)}\\ud83d"… (81 characters)`);
  });

  it('may be what JSON does not know', () => {
    expect(shown(10n)).toBe('bigint');
    expect(shown(() => 1)).toBe('function');
  });

  it('may hold itself', () => {
    const value: { self?: unknown } = {};
    value.self = value;
    expect(shown(value)).toBe('object');
  });

  it('is printable', () => {
    expect(printable('a\u001b[31m\r\n')).toBe('a\\u001b[31m\\u000d\\u000a');
  });
});

describe('a failure', () => {
  it('is told by its kind and the code of its first fault', () => {
    const fault = { code: 'PIPE-X-001', what: 'it broke' } as const;
    const errors = [
      new ConfigurationError(fault),
      new ProjectFailure(fault),
      new OutsideFault(fault, { service: 'npm', tries: 1, elapsed: 0 }),
    ];
    expect(errors.map(({ kind }) => kind)).toEqual(['configuration', 'project', 'outside']);
    expect(errors.map(({ name }) => name)).toEqual(['ConfigurationError', 'ProjectFailure', 'OutsideFault']);
    for (const error of errors) {
      expect(error).toBeInstanceOf(PipelineError);
      expect(error.code).toBe('PIPE-X-001');
    }
  });

  it('with several faults says each on a line', () => {
    const error = new ConfigurationError([
      { code: 'PIPE-X-001', what: 'a' },
      { code: 'PIPE-X-002', what: 'b' },
    ]);
    expect(error.message).toBe('PIPE-X-001: a.\nPIPE-X-002: b.');
    expect(() => new ConfigurationError([])).toThrow(TypeError);
  });

  it('of a service says which, its status, how many tries over how long', () => {
    const fault = { code: 'PIPE-X-001', what: 'npm did not answer' } as const;
    const error = new OutsideFault(fault, {
      service: 'npm at registry.example',
      status: 503,
      tries: 4,
      elapsed: 12_340,
    });
    expect(error.message).toBe(
      'PIPE-X-001: npm did not answer (npm at registry.example: status 503, 4 tries over 12.3 s).',
    );
    expect(new OutsideFault(fault, { service: 'npm', tries: 1, elapsed: 0 }).message).toContain(
      'no answer, 1 try over',
    );
  });

  it('says everything that it knows in one order', () => {
    const fault = {
      code: 'PIPE-X-001',
      what: 'it broke!',
      given: '"a"',
      accepted: 'b',
      example: '`x: b`',
      remedy: 'write b',
      state: 'nothing ran',
    } as const;
    expect(describeFault(fault)).toBe(
      'PIPE-X-001: it broke! Given: "a". Accepted: b. Example: `x: b`. Remedy: write b. State: nothing ran.',
    );
  });
});

describe('the nearest of several names', () => {
  it.each([
    ['timeuot', 'timeout'],
    ['Timeout', 'timeout'],
    ['fail_fast', 'fail-fast'],
    ['concurency', 'concurrency'],
    ['zzzzzz', undefined],
    ['x'.repeat(60_000), undefined],
    ['__proto__', undefined],
  ])('for %.12s is %s', (word, expected) => {
    expect(nearest(word, ['timeout', 'fail-fast', 'concurrency'])).toBe(expected);
  });
});
