import type { GateTask } from './task.ts';

/** The pieces of a command line: space, single-quoted, double-quoted, an escaped character, or plain characters. */
const PIECE =
  /(?<space>[^\S\n\r]+)|'(?<single>[^']*)'|"(?<double>(?:[^"\\$`]|\\.)*)"|\\(?<escaped>.)|(?<plain>[^\s'"\\|&;<>()$`]+)/sy;

/**
 * Splits a command line as a POSIX shell would, without being one: words, single and double quotes, backslashes.
 * What only a shell can do (pipes, `&&`, redirections, variables, substitutions) is refused, so that no input is ever
 * run by a shell.
 *
 * @returns the program and its arguments, or one sentence that says what is not possible
 */
export function parseCommandLine(line: string): { argv: readonly [string, ...string[]] } | { problem: string } {
  const words: string[] = [];
  let word: string | undefined;
  for (let index = 0; index < line.length; index = PIECE.lastIndex) {
    PIECE.lastIndex = index;
    const piece = PIECE.exec(line)?.groups;
    if (piece === undefined) return { problem: problemAt(line, index) };
    const { space, single, double, escaped, plain } = piece;
    if (space === undefined)
      word = (word ?? '') + (single ?? double?.replace(/\\(.)/gs, '$1') ?? escaped ?? plain ?? '');
    else if (word !== undefined) {
      words.push(word);
      word = undefined;
    }
  }
  if (word !== undefined) words.push(word);
  const [program, ...args] = words;
  if (program === undefined || program === '') return { problem: 'it is empty' };
  if (/^[A-Za-z_]\w*=/.test(program)) return { problem: 'it starts with a variable; variables go into `env`' };
  return { argv: [program, ...args] };
}

function problemAt(line: string, index: number): string {
  const character = line.charAt(index);
  if (character === "'") return "a quote (') is not closed";
  if (character === '\\') return 'it ends with a backslash';
  if (character !== '"') return needsShell(character);
  const expansion = /^"(?:[^"\\$`]|\\.)*([$`])/s.exec(line.slice(index))?.[1];
  return expansion === undefined ? 'a quote (") is not closed' : needsShell(expansion);
}

function needsShell(character: string): string {
  const name = character === '\n' || character === '\r' ? 'a line break' : `\`${character}\``;
  return `${name} needs a shell; put the line into a script of package.json and name that`;
}

/** A command as a person would type it. */
export function displayCommand(argv: readonly string[]): string {
  return argv.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(' ');
}

/** The command of a task as a person would type it: the whole of it, also where only a piece of it ran here. */
export function typedCommand({ command, typed }: Pick<GateTask, 'command' | 'typed'>): string {
  return displayCommand(typed ?? command);
}
