import { isMap } from './yaml.ts';

/** The object that a JSON text from outside holds; undefined where it is no JSON, or holds something else. */
export function jsonMap(content: string | Buffer): Readonly<Record<string, unknown>> | undefined {
  const value = jsonValue(content);
  return isMap(value) ? value : undefined;
}

/** What a JSON text from outside holds; undefined where it is no JSON. */
export function jsonValue(content: string | Buffer): unknown {
  try {
    return JSON.parse(content.toString('utf8'));
  } catch {
    // What was expected instead, and what that means, is for the caller to say.
    return undefined;
  }
}

/** A text of an answer from outside; what is none is empty. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** A list of an answer from outside; what is none is empty. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
