import { describe, expect, it } from 'vitest';
import { contextSources, parseDockerfile, runsForPlatform } from '../../src/image/dockerfile.ts';

describe('a Dockerfile is read', () => {
  it('with its continuation lines, comments between them, flags and lines', () => {
    const text =
      '# syntax=docker/dockerfile:1\n\nFROM --platform=$BUILDPLATFORM node AS a\nRUN --mount=type=cache,target=/c \\\n # why\n\n  npm ci && \\\n  npm test\nCOPY a b\n';
    expect(parseDockerfile(text)).toEqual([
      { name: 'FROM', flags: [['platform', '$BUILDPLATFORM']], text: 'node AS a', line: 3, endLine: 3 },
      {
        name: 'RUN',
        flags: [['mount', 'type=cache,target=/c']],
        text: expect.stringMatching(/^npm ci &&\s+npm test$/),
        line: 4,
        endLine: 8,
      },
      { name: 'COPY', flags: [], text: 'a b', line: 9, endLine: 9 },
    ]);
  });

  it('with a here-document as part of its instruction', () => {
    expect(
      parseDockerfile('FROM a\nRUN <<A <<-B\nFROM x\nA\n\tCOPY y\n\tB\nCOPY c d\n').map(({ name, line, endLine }) => [
        name,
        line,
        endLine,
      ]),
    ).toEqual([
      ['FROM', 1, 1],
      ['RUN', 2, 6],
      ['COPY', 7, 7],
    ]);
  });

  it('with another character for continuation', () => {
    expect(parseDockerfile('# escape=`\nFROM a\nRUN x `\n  y\n').map(({ line, endLine }) => [line, endLine])).toEqual([
      [2, 2],
      [3, 4],
    ]);
  });

  it.for(['', '\0', 'FROM', '<<<<', 'RUN <<EOF\nno end', '\\', 'COPY'])('whatever it is: %j', (text) => {
    expect(() => [contextSources(text), runsForPlatform(text)]).not.toThrow();
  });
});

describe('programs of the platform are run', () => {
  it.for([
    ['by RUN', 'FROM a\nRUN x\n', undefined, true],
    ['not by copying', 'FROM a\nCOPY x y\n', undefined, false],
    [
      "not in a stage of the builder's own platform",
      'FROM --platform=$BUILDPLATFORM a AS b\nRUN x\nFROM scratch\nCOPY --from=b /x /x\n',
      undefined,
      false,
    ],
    [
      'not in a stage that the target is not made from',
      'FROM a AS late\nRUN x\nFROM scratch\nCOPY x y\n',
      undefined,
      false,
    ],
    ['in a stage that is copied from', 'FROM a AS b\nRUN x\nFROM scratch\nCOPY --from=b /x /x\n', undefined, true],
    ['in a stage that is copied from by number', 'FROM a\nRUN x\nFROM scratch\nCOPY --from=0 /x /x\n', undefined, true],
    ['in a stage that is built upon', 'FROM a AS base\nRUN x\nFROM base AS last\nCOPY x y\n', undefined, true],
    ['not before the target', 'FROM a AS one\nCOPY x y\nFROM one AS two\nRUN x\n', 'one', false],
  ] as const)('%s', ([, text, target, runs]) => {
    expect(runsForPlatform(text, target)).toBe(runs);
  });
});
