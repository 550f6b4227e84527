/** A workflow command as a step prints it (https://docs.github.com/actions/reference/workflow-commands-for-github-actions). */
export interface Command {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly message: string;
}

/** Reads `::name key=value,key=value::message`; undefined for any other text. */
export function parseCommand(line: string): Command | undefined {
  const head = /^\s*::([\w-]+)(?: ([^\r\n]*?))?::/.exec(line);
  if (head === null) return undefined;
  const message = line.slice(head[0].length).replace(/[\r\n]+$/, '');
  const properties = (head[2] ?? '').split(',').flatMap((pair) => {
    const equals = pair.indexOf('=');
    return equals < 1 ? [] : [[pair.slice(0, equals).trim(), decodeProperty(pair.slice(equals + 1))]];
  });
  return {
    name: head[1]?.toLowerCase() ?? '',
    properties: Object.fromEntries(properties),
    message: decodeData(message),
  };
}

function decodeData(text: string): string {
  return text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%');
}

function decodeProperty(text: string): string {
  return decodeData(text.replaceAll('%3A', ':').replaceAll('%2C', ','));
}
