import { shown } from './errors.ts';

/** Deepest nesting accepted in YAML from outside. */
const MAX_DEPTH = 32;

/**
 * One YAML 1.2 document from outside, as plain data. Anchors with aliases are refused (they are how small documents
 * become huge ones), so are custom tags, duplicate keys and deep nesting.
 *
 * @returns the value, or one sentence that says why it is not acceptable
 */
export async function parseYaml(text: string): Promise<{ value: unknown } | { problem: string }> {
  if (tooDeep(text)) return { problem: `it nests deeper than ${MAX_DEPTH} levels` };
  const { parseDocument, visit } = await import('yaml');
  try {
    const document = parseDocument(text, { uniqueKeys: true, version: '1.2', prettyErrors: true, logLevel: 'silent' });
    const [fault] = document.errors;
    if (fault !== undefined) return { problem: `it is not valid YAML: ${firstLine(fault.message)}` };
    const [doubt] = document.warnings;
    if (doubt !== undefined) return { problem: `it uses YAML that is not accepted: ${firstLine(doubt.message)}` };
    let aliased = false;
    visit(document, {
      Alias: () => {
        aliased = true;
        return visit.BREAK;
      },
    });
    if (aliased) return { problem: 'it uses YAML aliases (*name), which are not accepted' };
    const value: unknown = document.toJS({ maxAliasCount: 0 });
    return depthOf(value) > MAX_DEPTH ? { problem: `it nests deeper than ${MAX_DEPTH} levels` } : { value };
  } catch (error) {
    return {
      problem: `it is not valid YAML: ${shown(error instanceof Error ? firstLine(error.message) : String(error))}`,
    };
  }
}

function firstLine(message: string): string {
  return (message.split('\n', 1)[0] ?? message).replace(/[:.]\s*$/, '');
}

/** A cheap look before parsing: brackets that could overflow the parser's stack. Strings may hold brackets too. */
function tooDeep(text: string): boolean {
  let depth = 0;
  let quoted = '';
  for (const character of text) {
    if (quoted !== '') {
      if (character === quoted) quoted = '';
    } else if (character === '"' || character === "'") quoted = character;
    else if (character === '[' || character === '{') depth += 1;
    else if (character === ']' || character === '}') depth -= 1;
    if (depth > 4 * MAX_DEPTH) return true;
  }
  return /^(?:\s*[-?:] ?){129}/m.test(text);
}

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).slice(0, 10_000).map(depthOf));
}

/** Whether a parsed value is a map with text keys. */
export function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
