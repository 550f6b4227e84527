import { shown } from '../runtime/errors.ts';

type Operator = '=' | '!=' | '<' | '<=' | '>' | '>=';

/** One thing that has to hold in a JSON answer: `checks.database = up`. */
export interface JsonCondition {
  /** As it was written, for messages. */
  readonly source: string;
  readonly path: readonly (string | number)[];
  readonly operator: Operator;
  /** A value of JSON without members. */
  readonly value: string | number | boolean | null;
}

export const CONDITION = /^([A-Za-z_$][\w$-]*(?:\.[\w$-]+|\[\d{1,6}\])*)\s*(!=|<=|>=|==|=|<|>)\s*(\S(?:.*\S)?)$/;

/**
 * Reads a condition: names with dots between them and `[0]` for items, an operator, and a JSON value or a bare text.
 *
 * @returns undefined when it is none
 */
export function parseCondition(source: string): JsonCondition | undefined {
  const [, path = '', operator, text = ''] = CONDITION.exec(source.trim()) ?? [];
  if (operator === undefined) return undefined;
  const value = scalarOf(text);
  const isOrder = /[<>]/.test(operator);
  if (value === undefined || (isOrder && typeof value !== 'number')) return undefined;
  return {
    source: source.trim(),
    path: pathOf(path),
    operator: operator === '==' ? '=' : (operator as Operator),
    value,
  };
}

/** `checks[0].name` as its steps. */
export function pathOf(path: string): readonly (string | number)[] {
  return [...path.matchAll(/\[(\d+)\]|([^.[\]]+)/g)].map(([, index, name]) => {
    return index === undefined ? (name ?? '') : Number(index);
  });
}

function scalarOf(text: string): JsonCondition['value'] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (value === null || typeof value === 'number' || typeof value === 'boolean') return value;
    return typeof value === 'string' ? value : undefined;
  } catch {
    // A word without quotes is a text.
    return /^["[{]/.test(text) ? undefined : text;
  }
}

/** What stands at a path of a JSON value; undefined when nothing does. */
export function valueAt(value: unknown, path: readonly (string | number)[]): unknown {
  let current = value;
  for (const step of path) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, step)) return undefined;
    current = (current as Readonly<Record<string | number, unknown>>)[step];
  }
  return current;
}

/** The value of a JSON text, or undefined. */
export function jsonOf(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    // An answer that is no JSON is told by whoever wanted some.
    return undefined;
  }
}

/** The first condition that a body does not meet, in words; undefined when it meets all. */
export function unmetCondition(body: string, conditions: readonly JsonCondition[]): string | undefined {
  if (conditions.length === 0) return undefined;
  const parsed = jsonOf(body);
  if (parsed === undefined) return 'the body is not JSON';
  for (const condition of conditions) {
    const found = valueAt(parsed.value, condition.path);
    if (!holds(found, condition)) return `${condition.source}: it is ${found === undefined ? 'absent' : shown(found)}`;
  }
  return undefined;
}

function holds(found: unknown, { operator, value }: JsonCondition): boolean {
  if (operator === '=') return found === value;
  if (operator === '!=') return found !== undefined && found !== value;
  if (typeof found !== 'number' || typeof value !== 'number') return false;
  if (operator === '<') return found < value;
  if (operator === '<=') return found <= value;
  return operator === '>' ? found > value : found >= value;
}
