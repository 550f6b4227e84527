/** How a runner reads its command line. Names in camel case, without dashes; a single letter is a short flag. */
export interface FlagTable {
  /** Flags that take the next word. */
  readonly values: ReadonlySet<string>;
  /** Flags that take all words up to the next flag. */
  readonly lists: ReadonlySet<string>;
  /** Flags that take no word. */
  readonly switches: ReadonlySet<string>;
  /** Whether everything behind the first word that is no flag is none, either. */
  readonly endsAtOperand: boolean;
}

/** One flag with the words that belong to it. */
export interface Flag {
  /** In camel case, without dashes; dots stay: `coverage.reporter`. */
  readonly name: string;
  /** Empty for one without a value. */
  readonly value: string;
  readonly words: readonly string[];
}

export interface Arguments {
  readonly flags: readonly Flag[];
  /** The words that are neither flags nor their values. */
  readonly operands: readonly string[];
}

/**
 * Tells flags from operands. A word behind a flag that no table knows could be either, so that is said and not guessed.
 *
 * @param words the command line behind the program
 * @returns what they are, or a sentence without its full stop
 */
export function readArguments(words: readonly string[], table: FlagTable): Arguments | string {
  const flags: Flag[] = [];
  const operands: string[] = [];
  for (let index = 0; index < words.length; ) {
    const word = words[index] ?? '';
    if (!isFlag(word)) operands.push(word);
    else if (word === '--') return 'the words behind `--` can’t be told from test files';
    else if (table.endsAtOperand && operands.length > 0) return `\`${word}\` stands behind the test files`;
    const flag = isFlag(word) ? flagAt(words, index, table) : undefined;
    if (typeof flag === 'string') return flag;
    if (flag !== undefined) flags.push(flag);
    index += flag?.words.length ?? 1;
  }
  return { flags, operands };
}

function isFlag(word: string): boolean {
  return word.startsWith('-') && word !== '-';
}

function flagAt(words: readonly string[], index: number, table: FlagTable): Flag | string {
  const word = words[index] ?? '';
  const equals = word.indexOf('=');
  if (equals !== -1) return { name: nameOf(word.slice(0, equals)), value: word.slice(equals + 1), words: [word] };
  const name = nameOf(word);
  const behind = words.slice(index + 1);
  const next = behind[0];
  const alone = { name, value: '', words: [word] };
  if (next === undefined || isFlag(next)) return alone;
  if (table.values.has(name)) return { name, value: next, words: [word, next] };
  if (table.lists.has(name)) {
    const end = behind.findIndex(isFlag);
    const taken = end === -1 ? behind : behind.slice(0, end);
    return { name, value: next, words: [word, ...taken] };
  }
  const takesNone = table.switches.has(name) || /^no[A-Z]/.test(name);
  return takesNone && next !== 'true' && next !== 'false'
    ? alone
    : `it can’t be told whether \`${next}\` belongs to \`${word}\` or names tests`;
}

/** `--test-name-pattern`, `--testNamePattern` and `--test_name_pattern` are one flag; `-it` stays as it is. */
function nameOf(word: string): string {
  if (/^-[^-]{2,}$/.test(word)) return word;
  return word.replace(/^--?/, '').replace(/[-_]+([A-Za-z0-9])/g, (_, first: string) => first.toUpperCase());
}

/** Whether a flag is there and not switched off: `--watch=false`. */
export function isOn(flags: readonly Flag[], name: string): boolean {
  return flags.some((flag) => flag.name === name && flag.value !== 'false');
}

/** The reason of the first flag that forbids to divide the tests. */
export function forbidden(flags: readonly Flag[], reasons: ReadonlyMap<string, string>): string | undefined {
  const found = flags.find(({ name }) => reasons.has(name) && isOn(flags, name));
  return found === undefined ? undefined : `\`${found.words[0]}\` ${reasons.get(found.name)}`;
}

/** The reason of an operand that a shell could have made other words of, before the runner sees it. */
export function expandable(operands: readonly string[]): string | undefined {
  const found = operands.find((operand) => /[*?[]/.test(operand));
  return found === undefined
    ? undefined
    : `\`${found}\` means one thing in quotes and another without; put it into the runner’s configuration`;
}
