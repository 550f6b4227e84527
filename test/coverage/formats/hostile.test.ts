import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { PipelineError } from '../../../src/runtime/errors.ts';
import { parse, totals } from './parse.ts';
import { random } from './writers.ts';

/** The code of the failure, or what was read. */
async function outcome(content: Buffer | string, step?: number): Promise<unknown> {
  try {
    return totals((await parse(content, step)).files);
  } catch (error) {
    if (error instanceof PipelineError) return error.code;
    throw error;
  }
}

const MALFORMED = 'PIPE-COVERAGE-006';
const BEYOND = 'PIPE-COVERAGE-007';
const MB = 1024 * 1024;
const MAPS = '"statementMap":{},"fnMap":{},"branchMap":{},"s":{},"f":{},"b":{}';
const COBERTURA = '<coverage line-rate="0"><packages><package><classes><class filename="a.py"><lines>';

describe('a limit is a coded error', () => {
  test.each([
    ['a line of 10 MB in lcov', `SF:${'a'.repeat(10 * MB)}\nend_of_record\n`, BEYOND],
    ['a line of 10 MB in a Go profile', `mode: set\n${'a'.repeat(10 * MB)}\n`, BEYOND],
    ['a path of 10 MB in istanbul', `{"a":{${MAPS},"path":"${'a'.repeat(10 * MB)}"}}`, BEYOND],
    ['an attribute of 10 MB', `${COBERTURA}<line number="${'1'.repeat(10 * MB)}"/>`, BEYOND],
    ['nested arrays in istanbul', `{"a":{${MAPS},"x":${'['.repeat(5 * MB)}`, BEYOND],
    ['nested elements', `<coverage line-rate="0"><packages>${'<a>'.repeat(100_000)}`, BEYOND],
    [
      'an entity bomb',
      `<?xml version="1.0"?><!DOCTYPE coverage [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><coverage line-rate="0"><packages>&b;</packages></coverage>`,
      BEYOND,
    ],
    [
      'an external entity',
      '<!DOCTYPE coverage [<!ENTITY a SYSTEM "file:///etc/passwd">]><coverage line-rate="0"/>',
      BEYOND,
    ],
    ['an entity that nothing declares', `${COBERTURA}&a;`, MALFORMED],
    ['a line number that no file has', 'SF:a\nDA:99999999999,1\nend_of_record\n', BEYOND],
    ['a block of a billion lines', 'mode: set\na.go:1.1,999999999.1 1 1\n', BEYOND],
    [
      'many files of a million lines',
      `mode: set\n${Array.from({ length: 30 }, (_, at) => `a${at}.go:1.1,1000000.1 1 1\n`).join('')}`,
      BEYOND,
    ],
  ])('%s', async (_, content, code) => {
    expect(await outcome(content)).toBe(code);
  });
});

describe('damage is a coded error that says where', () => {
  test.each([
    ['lcov cut off', 'SF:a\nDA:1,1\n', /damaged at line 2: the file ends without end_of_record/],
    ['lcov with a strange line', 'SF:a\nDA:1,1\nhello\nend_of_record\n', /damaged at line 3: a line that is no record/],
    ['lcov without a count', 'SF:a\nDA:1,\nend_of_record\n', /damaged at line 2: DA without a count/],
    ['lcov with a record outside', 'TN:\nDA:1,1\n', /damaged at line 2: a record outside/],
    ['Go cut off', 'mode: set\na.go:1.1,2.2 1 1\na.go:3.1,', /damaged at line 3/],
    ['istanbul cut off', `{"a":{"statementMap":{"0":{"start":`, /damaged at byte 35/],
    ['istanbul without maps', '{"a":{"statementMap":{}}}', /a file without fnMap, branchMap, s, f, b/],
    ['istanbul with text behind', `{"a":{${MAPS}}} x`, /something follows the end/],
    ['cobertura cut off', `${COBERTURA}<line number="1" hits="1"/>\n`, /damaged at line 2: unclosed root tag/],
    [
      'cobertura with a word for a line',
      `${COBERTURA}\n\n<line number="x" hits="1"/>`,
      /at line 3: a line whose number is no number/,
    ],
    ['clover without a name', '<coverage><project><file></file></project></coverage>', /a file without path or name/],
  ])('%s', async (_, content, message) => {
    await expect(parse(content)).rejects.toMatchObject({ code: MALFORMED, message: expect.stringMatching(message) });
  });
});

describe('work grows with the size only', () => {
  test.each([
    ['a million DA records that go back and forth', `SF:a\n${'DA:9,1\nDA:1,0\n'.repeat(500_000)}end_of_record\n`],
    ['many functions of one name', `SF:a\n${'FN:1,f\n'.repeat(200_000)}${'FNDA:1,f\n'.repeat(200_001)}end_of_record\n`],
    ['branches in no order', `SF:a\n${'BRDA:9,0,0,1\nBRDA:1,0,0,1\n'.repeat(100_000)}end_of_record\n`],
    [
      'lines far apart',
      `SF:a\n${Array.from({ length: 200_000 }, (_, at) => `DA:${((at * 7919) % 49_999_999) + 1},1\n`).join('')}end_of_record\n`,
    ],
    [
      'blocks that overlap',
      `mode: set\n${Array.from({ length: 100_000 }, (_, at) => `a.go:${at + 1}.1,900000.${at + 1} 1 1\n`).join('')}`,
    ],
    [
      'many comments',
      `${COBERTURA}${'<!-- <line number="1" hits="1"/> -->'.repeat(100_000)}</lines></class></classes></package></packages></coverage>`,
    ],
    [
      'leaves that are not plain',
      `${COBERTURA}${"<line number='1' hits='1'/>".repeat(100_000)}</lines></class></classes></package></packages></coverage>`,
    ],
    ['a source map of 20 MB', `{"a":{${MAPS},"inputSourceMap":{"mappings":"${'\\"AAAA'.repeat(3 * MB)}"}}}`],
    [
      'keys that are no numbers',
      `{"a":{"statementMap":{},"fnMap":{},"branchMap":{},"f":{},"b":{},"s":{${Array.from({ length: 300_000 }, (_, at) => `"k${at}":1`).join(',')}}}}`,
    ],
  ])('%s', async (_, content) => {
    const { source } = await parse(content);
    // Bytes that were moved to the front of the window: at most one token a step.
    expect(source.moved).toBeLessThan(content.length + MB);
    expect(await outcome(content)).toBeTypeOf('object');
  });
});

/** One change of a report: bytes set, cut, repeated, moved, or words put in. */
function mutate(content: Buffer, next: (below: number) => number): Buffer {
  const [at, length] = [next(content.length + 1), 1 + next(40)];
  const [head, tail] = [content.subarray(0, at), content.subarray(Math.min(at + length, content.length))];
  const piece = content.subarray(at, at + length);
  const words = [
    '"',
    '{',
    '}',
    '[',
    ',',
    ':',
    '\n',
    '<',
    '>',
    '/>',
    '&',
    '-1',
    '1e999',
    'null',
    '\\',
    '\u0000',
    'é',
    '99999999999999999999',
    '<![CDATA[',
    '<!--',
    ']]>',
    'end_of_record\n',
    'SF:',
    '"__proto__":',
    '"constructor":{',
  ];
  switch (next(6)) {
    case 0:
      return head;
    case 1:
      return Buffer.concat([head, tail]);
    case 2:
      return Buffer.concat([head, piece, piece, tail]);
    case 3:
      return Buffer.concat([head, Buffer.from([next(256)]), tail]);
    case 4:
      return Buffer.concat([head, piece.toReversed(), tail]);
    default:
      return Buffer.concat([head, Buffer.from(words[next(words.length)] ?? ''), content.subarray(at)]);
  }
}

const SEED = 4_711;
const ROUNDS = 400;

/** Reports as vitest, JaCoCo and go test wrote them. */
const REAL = [
  'coverage-final.json',
  'coverage-summary.json',
  'lcov.info',
  'cobertura-coverage.xml',
  'clover.xml',
  'jacoco.xml',
  'cover.out',
];

/** The same whatever pieces the file comes in: a code, or counts of which none is above its total. */
async function outcomeInPieces(content: Buffer, step: number): Promise<unknown> {
  const result = await outcome(content, step);
  expect(await outcome(content)).toEqual(result);
  if (typeof result === 'object')
    for (const { covered, total } of Object.values(result as Record<string, { covered: number; total: number }>))
      expect(covered).toBeLessThanOrEqual(total);
  return result;
}

test.each(REAL)(
  `a changed report of a real producer is read or refused with a code: %s (seed ${SEED})`,
  async (name) => {
    const real = await readFile(new URL(`projects/real/${name}`, import.meta.url));
    const next = random(SEED + REAL.indexOf(name));
    const seen = new Set<string>();
    for (let round = 0; round < ROUNDS; round += 1) {
      let content: Buffer = real;
      for (let change = 0; change <= next(4); change += 1) content = mutate(content, next);
      // Without its beginning it would not be recognised, and no reader would see it.
      const beginning = real.subarray(0, Math.min(400, real.length >> 1));
      content = Buffer.concat([beginning, content.subarray(beginning.length)]);
      try {
        const result = await outcomeInPieces(content, 1 + next(3_000));
        seen.add(typeof result === 'string' ? result : 'read');
      } catch (cause) {
        throw new Error(`round ${round} of seed ${SEED}: ${content.toString('latin1')}`, { cause });
      }
    }
    expect([...seen]).toEqual(expect.arrayContaining([MALFORMED, 'read']));
  },
);
