/** A place in the project for an annotation. */
export interface Place {
  /** Path from the repository's root. */
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  readonly endLine?: number;
  readonly endColumn?: number;
  readonly title?: string;
}

export type Level = 'error' | 'warning' | 'notice';

/** What an action says while it runs. Workflow commands (`::…::`) in the texts have no effect. */
export interface Log {
  readonly info: (text: string) => void;
  readonly annotate: (level: Level, message: string, place?: Place) => void;
  /** Foreign text under a title that folds; the runner obeys no command in it. */
  readonly group: (title: string, text: Iterable<string>) => void;
  /** The same, for text that is still coming. What else is said meanwhile appears in the group. */
  readonly openGroup: (title: string) => OpenGroup;
}

export interface OpenGroup {
  readonly write: (text: string) => void;
  /** Ends the group; further calls do nothing. */
  readonly close: () => void;
}

/** The log of a whole step: it can also tell the runner what to mask. */
export interface StepLog extends Log {
  readonly mask: (secret: string) => void;
}

/**
 * While a group is open the runner obeys no command but the one that carries a token nobody can know; a command of our
 * own (an annotation, a mask) is let through by pausing that for one line.
 *
 * @param write receives text that goes to the runner as it is
 */
export function createLog(write: (text: string) => void): StepLog {
  let token: string | undefined;
  let groups = 0;
  let atLineStart = true;
  const put = (text: string) => {
    write(text);
    if (text !== '') atLineStart = text.endsWith('\n');
  };
  const putLine = (line: string) => put(`${atLineStart ? '' : '\n'}${line}\n`);
  const obey = (line: string, open: number) => {
    if (token !== undefined) putLine(`::${token}::`);
    putLine(line);
    token = open === 0 ? undefined : crypto.randomUUID();
    if (token !== undefined) putLine(`::stop-commands::${token}`);
    groups = open;
  };
  const openGroup = (title: string): OpenGroup => {
    obey(`::group::${commandData(title)}`, groups + 1);
    let isOpen = true;
    return {
      write: (text) => put(isOpen ? text : harmless(text)),
      close: () => {
        if (isOpen) obey('::endgroup::', groups - 1);
        isOpen = false;
      },
    };
  };
  return {
    info: (text) => putLine(harmless(text)),
    annotate: (level, message, place = {}) => {
      obey(`::${level}${properties(place)}::${commandData(message)}`, groups);
    },
    mask: (secret) => obey(`::add-mask::${commandData(secret)}`, groups),
    openGroup,
    group: (title, text) => {
      const group = openGroup(title);
      try {
        for (const chunk of text) group.write(chunk);
      } finally {
        group.close();
      }
    },
  };
}

/**
 * Text that the runner can't take for a command: it looks for `::` at the start of a line, after any white space that
 * Unicode knows, and for `##[` anywhere (actions/runner, ActionCommand.cs). The character that is put in has no width.
 */
function harmless(text: string): string {
  return text.replace(/^(?:[^\S\r\n\u2028\u2029]|\u0085)*:(?=:)/gm, '$&\u200b').replaceAll('##[', '#\u200b#[');
}

function properties(place: Place): string {
  const pairs = [
    ['title', place.title],
    ['file', place.file],
    ['line', place.line],
    ['endLine', place.endLine],
    ['col', place.column],
    ['endColumn', place.endColumn],
  ] as const;
  const given = pairs.filter(([, value]) => value !== undefined && value !== '');
  if (given.length === 0) return '';
  return ` ${given.map(([name, value]) => `${name}=${commandProperty(String(value))}`).join(',')}`;
}

/** The data of a workflow command, escaped as the runner unescapes it. */
function commandData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

/** A property of a workflow command, escaped as the runner unescapes it. */
function commandProperty(text: string): string {
  return commandData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
