/** One command of a script as a POSIX shell would split it. Only read, to recognise it: nothing of it is ever run. */
export interface ShellCommand {
  /** Words with their quotes taken off; variables and wildcards stay as they are written. */
  readonly words: readonly string[];
  /**
   * False where a shell would do more than split it: variables, redirections, brackets, an unquoted `**`. Other unquoted
   * wildcards count as plain: the programs that take them understand them as well.
   */
  readonly isPlain: boolean;
  /** What stands before it: `&&`, `||`, `;`, `|`, `&`, a bracket, or nothing. */
  readonly after: string;
}

/** Longest script that is looked into; a longer one is run like any other, but not understood. */
const LONGEST_SCRIPT = 16_384;

const PIECE =
  /(?<space>[^\S\n\r]+)|(?<operator>&&|\|\||[;|\n\r]|&(?!>))|(?<bracket>[()])|(?<redirection>&>>?|\d*[<>]{1,2}(?:&[\d-])?)|(?<substitution>`)|'(?<single>[^']*)'|"(?<double>[^"\\]*(?:\\.[^"\\]*)*)"|\\(?<escaped>.?)|(?<plain>[^\s'"\\|&;<>()`]+)/sy;

/** The commands of a script in the order in which they stand there; empty when it can't be read. */
export function shellCommands(script: string): readonly ShellCommand[] {
  if (script.length > LONGEST_SCRIPT) return [];
  const commands: ShellCommand[] = [];
  let words: string[] = [];
  let word: string | undefined;
  let isPlain = true;
  let isTarget = false;
  let after = '';
  const endWord = () => {
    // The file behind a redirection is no argument.
    if (word !== undefined && !isTarget) words.push(word);
    if (word !== undefined) isTarget = false;
    word = undefined;
  };
  const endCommand = (operator: string) => {
    endWord();
    if (words.length > 0) commands.push({ words, isPlain, after });
    [words, isPlain, isTarget, after] = [[], true, false, operator];
  };
  for (let index = 0; index < script.length; index = PIECE.lastIndex) {
    PIECE.lastIndex = index;
    const piece = PIECE.exec(script)?.groups;
    // An open quote at the end: no shell would run that script either.
    if (piece === undefined) return [];
    isPlain &&= isPlainPiece(piece);
    if (isText(piece)) word = (word ?? '') + textOf(piece);
    else endWord();
    if (piece['redirection'] !== undefined) isTarget = !/&[\d-]$/.test(piece['redirection']);
    if (piece['operator'] !== undefined) endCommand(piece['operator'].trim() || ';');
    if (piece['bracket'] !== undefined) endCommand(piece['bracket']);
  }
  endCommand('');
  return commands;
}

type Piece = Readonly<Record<string, string | undefined>>;

function isText({ single, double, escaped, plain }: Piece): boolean {
  return (single ?? double ?? escaped ?? plain) !== undefined;
}

function textOf({ single, double, escaped, plain }: Piece): string {
  // A backslash takes a line break away; at the very end it stands for itself.
  if (escaped !== undefined) return escaped === '\n' ? '' : escaped || '\\';
  return single ?? double?.replace(/\\([$`"\\\n])/g, (_, character: string) => character.trim()) ?? plain ?? '';
}

function isPlainPiece({ redirection, bracket, substitution, double, plain }: Piece): boolean {
  if ((redirection ?? bracket ?? substitution) !== undefined) return false;
  return !/\$|\*\*|^~/.test(plain ?? '') && !/[$`]/.test(double ?? '');
}
