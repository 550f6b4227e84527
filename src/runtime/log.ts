import { randomUUID } from 'node:crypto';

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
  /** The same, for text that is still coming. Nothing else may be said before it is closed. */
  readonly openGroup: (title: string) => OpenGroup;
}

export interface OpenGroup {
  readonly write: (text: string) => void;
  readonly close: () => void;
}

/** @param write receives whole lines with their line ends */
export function createLog(write: (text: string) => void): Log {
  const openGroup = (title: string): OpenGroup => {
    const token = randomUUID();
    write(`::group::${commandData(title)}\n::stop-commands::${token}\n`);
    let last = '\n';
    return {
      write: (text) => {
        write(text);
        last = text.at(-1) ?? last;
      },
      close: () => write(`${last === '\n' ? '' : '\n'}::${token}::\n::endgroup::\n`),
    };
  };
  return {
    info: (text) => write(`${harmless(text)}\n`),
    annotate: (level, message, place = {}) => write(`::${level}${properties(place)}::${commandData(message)}\n`),
    openGroup,
    group: (title, text) => {
      const group = openGroup(title);
      for (const chunk of text) group.write(chunk);
      group.close();
    },
  };
}

/** Text that the runner can't take for a command: it looks for `::` at the start of a line and for `##[` anywhere. */
function harmless(text: string): string {
  return text.replace(/^(\s*):(?=:)/gm, '$1\u200b:').replaceAll('##[', '#\u200b#[');
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
export function commandData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

/** A property of a workflow command, escaped as the runner unescapes it. */
export function commandProperty(text: string): string {
  return commandData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
