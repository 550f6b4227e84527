/** What a runner understood of a step's log. */
export interface Understood {
  /** Commands that it obeyed, with their unescaped properties and data. */
  readonly commands: readonly Command[];
  /** Lines that it showed as they are. */
  readonly shown: readonly string[];
}

export interface Command {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly data: string;
}

const KNOWN = [
  'add-mask',
  'add-matcher',
  'add-path',
  'debug',
  'echo',
  'endgroup',
  'error',
  'group',
  'notice',
  'remove-matcher',
  'save-state',
  'set-env',
  'set-output',
  'stop-commands',
  'warning',
];

/**
 * A model of how the runner reads a log, after its own source (actions/runner: ActionCommand.cs, TryParseV2 and
 * TryParse; ActionCommandManager.cs, TryProcessCommand): white space of any script before `::`, the older form `##[`
 * anywhere in a line, names in any case, and stop-commands with its token.
 */
export function understand(log: string): Understood {
  const commands: Command[] = [];
  const shown: string[] = [];
  let token: string | undefined;
  for (const line of log.split(/\r\n|\r|\n/)) {
    const command = parsed(line, token);
    if (command === undefined) shown.push(line);
    else if (token !== undefined) {
      if (command.name === token.toLowerCase()) token = undefined;
      else shown.push(line);
    } else if (command.name === 'stop-commands') token = command.data;
    else commands.push(command);
  }
  return { commands, shown };
}

function parsed(line: string, token: string | undefined): Command | undefined {
  const isKnown = (name: string) => KNOWN.includes(name) || (token !== undefined && name === token.toLowerCase());
  const trimmed = line.replace(/^[\s\u0085]+/, '');
  const end = trimmed.startsWith('::') ? trimmed.indexOf('::', 2) : -1;
  if (end >= 0) {
    const command = commandOf(trimmed.slice(2, end), ',', trimmed.slice(end + 2), { '%3A': ':', '%2C': ',' });
    if (isKnown(command.name)) return command;
  }
  const start = line.indexOf('##[');
  const close = start < 0 ? -1 : line.indexOf(']', start);
  if (close < 0) return undefined;
  const old = commandOf(line.slice(start + 3, close), ';', line.slice(close + 1), { '%3B': ';', '%5D': ']' });
  return isKnown(old.name) ? old : undefined;
}

function commandOf(info: string, separator: string, data: string, escapes: Readonly<Record<string, string>>): Command {
  const space = info.indexOf(' ');
  const pairs = (space < 0 ? '' : info.slice(space + 1)).split(separator).flatMap((pair): [string, string][] => {
    const equals = pair.indexOf('=');
    return equals > 0 ? [[pair.slice(0, equals).trim(), unescaped(pair.slice(equals + 1), escapes)]] : [];
  });
  const name = (space < 0 ? info : info.slice(0, space)).toLowerCase();
  return { name, properties: Object.fromEntries(pairs), data: unescaped(data, separator === ';' ? escapes : {}) };
}

function unescaped(text: string, escapes: Readonly<Record<string, string>>): string {
  let result = text;
  for (const [written, character] of [
    ['%0D', '\r'],
    ['%0A', '\n'],
    ...Object.entries(escapes),
    ['%25', '%'],
  ] as const) {
    result = result.replaceAll(written, character);
  }
  return result;
}

/**
 * What the runner reads out of GITHUB_OUTPUT, GITHUB_ENV and GITHUB_STATE (actions/runner: FileCommandManager.cs):
 * `NAME=VALUE` on a line, or `NAME<<DELIMITER`, lines, and the delimiter.
 *
 * @throws Error where the runner would fail the step
 */
export function readFileCommands(text: string): Readonly<Record<string, string>> {
  const lines = text.split('\n');
  const values: [string, string][] = [];
  while (lines.length > 0) {
    const line = lines.shift() ?? '';
    if (line === '') continue;
    const equals = line.indexOf('=');
    const heredoc = line.indexOf('<<');
    if (heredoc > 0 && (equals < 0 || heredoc < equals)) {
      const end = lines.indexOf(line.slice(heredoc + 2));
      if (end < 0) throw new Error('Matching delimiter not found');
      values.push([
        line.slice(0, heredoc),
        lines
          .splice(0, end + 1)
          .slice(0, -1)
          .join('\n'),
      ]);
    } else if (equals > 0) values.push([line.slice(0, equals), line.slice(equals + 1)]);
    else throw new Error(`Invalid format '${line}'`);
  }
  return Object.fromEntries(values);
}
