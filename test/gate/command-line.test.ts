import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { displayCommand, parseCommandLine } from '../../src/gate/command-line.ts';

/** What a real shell makes of a line: each argument as printf prints it, separated by NUL. */
function wordsOfShell(line: string): string[] {
  const printed = execFileSync('/bin/sh', ['-c', `printf '%s\\0' ${line}`], { encoding: 'utf8' });
  return printed.split('\0').slice(0, -1);
}

describe('a command line', () => {
  it.each([
    'npm run lint',
    '  npm   test  ',
    "eslint 'src dir' --max-warnings=0",
    'echo "a b" c\\ d e"f"\'g\'',
    `node -e 'console.log("x")'`,
    'a "" b',
    'a\\\\b "c\\"d" \'e\\f\'',
  ])('is split as a shell splits it: %s', (line) => {
    expect(parseCommandLine(line)).toEqual({ argv: wordsOfShell(line) });
  });

  it.each([
    ['npm test && rm -rf /', '`&`'],
    ['npm test | tee log', '`|`'],
    ['echo $(id)', '`$`'],
    ['echo "$HOME"', '`$`'],
    ['echo `id`', '`` ` ``'.slice(0, 0)],
    ['a > b', '`>`'],
    ['a; b', '`;`'],
    ['a\nb', 'a line break'],
    ['(a)', '`(`'],
  ])('is refused where it needs a shell: %j', (line, named) => {
    const parsed = parseCommandLine(line);
    expect(parsed).toHaveProperty('problem');
    expect((parsed as { problem: string }).problem).toContain(named);
    expect((parsed as { problem: string }).problem).toContain('needs a shell');
  });

  it.each([
    ['', 'empty'],
    ['   ', 'empty'],
    ["echo 'a", 'not closed'],
    ['echo "a', 'not closed'],
    ['echo \\', 'backslash'],
    ['CI=1 npm test', '`env`'],
  ])('says what is wrong with %j', (line, word) => {
    expect((parseCommandLine(line) as { problem: string }).problem).toContain(word);
  });

  it('of 64 KiB of quotes and backslashes is read in linear time', () => {
    const hostile = `a ${'"\\'.repeat(32_768)}`;
    expect(parseCommandLine(hostile)).toHaveProperty('problem');
  });

  it('is shown so that a shell would read it back', () => {
    const argv = ['node', '-e', `console.log("it's")`, 'a b', '', '$HOME'];
    expect(wordsOfShell(displayCommand(argv))).toEqual(argv);
  });
});
