import { isMap } from './yaml.ts';

/** The object that a JSON text from outside holds; undefined where it is no JSON, or holds something else. */
export function jsonMap(content: string | Buffer): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(content.toString('utf8'));
    return isMap(value) ? value : undefined;
  } catch {
    // What was expected instead, and what that means, is for the caller to say.
    return undefined;
  }
}
