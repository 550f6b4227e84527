import { shown } from '../runtime/errors.ts';
import { isMap } from '../runtime/yaml.ts';

/**
 * Readers for what other jobs hand over. Those jobs ran project code, so it is hostile input: structure, types, lengths
 * and counts are checked, unknown keys are passed over, and every text stays foreign until Markdown or a log escapes it.
 */
export type Reader<T> = (value: unknown, at: string) => T;

/** The value is not of the agreed form. The message completes "it is not acceptable: …". */
export class NotAsAgreed extends Error {}

/** A text of at most `limit` UTF-16 units. */
export function textUpTo(limit: number): Reader<string> {
  return (value, at) => {
    if (typeof value === 'string' && value.length <= limit) return value;
    throw new NotAsAgreed(`${at} is ${shown(value, 40)} instead of a text of at most ${limit} characters`);
  };
}

/** A text of a form; `what` names it. */
export function matching(form: RegExp, what: string): Reader<string> {
  return (value, at) => {
    if (typeof value === 'string' && value.length <= 1_000 && form.test(value)) return value;
    throw new NotAsAgreed(`${at} is ${shown(value, 40)} instead of ${what}`);
  };
}

/** A number from 0 to `max`. */
export function numberUpTo(max: number): Reader<number> {
  return (value, at) => {
    if (typeof value === 'number' && value >= 0 && value <= max) return value;
    throw new NotAsAgreed(`${at} is ${shown(value, 40)} instead of a number from 0 to ${max}`);
  };
}

export function oneOf<const T extends string>(values: readonly T[]): Reader<T> {
  return (value, at) => {
    const found = values.find((known) => known === value);
    if (found !== undefined) return found;
    throw new NotAsAgreed(`${at} is ${shown(value, 40)} instead of one of ${values.join(', ')}`);
  };
}

/** A list of at most `max` items. */
export function listUpTo<T>(max: number, item: Reader<T>): Reader<readonly T[]> {
  return (value, at) => {
    if (Array.isArray(value) && value.length <= max) return value.map((entry, index) => item(entry, `${at}[${index}]`));
    const given = Array.isArray(value) ? `a list of ${value.length}` : shown(value, 40);
    throw new NotAsAgreed(`${at} is ${given} instead of a list of at most ${max}`);
  };
}

/** A map with texts as names, at most `max` of them. */
export function mapUpTo<T>(max: number, name: RegExp, item: Reader<T>): Reader<ReadonlyMap<string, T>> {
  return (value, at) => {
    const entries = isMap(value) ? Object.entries(value) : undefined;
    if (entries === undefined || entries.length > max) {
      const given = entries === undefined ? shown(value, 40) : `a map of ${entries.length}`;
      throw new NotAsAgreed(`${at} is ${given} instead of a map of at most ${max}`);
    }
    return new Map(
      entries.map(([key, entry]) => {
        if (!name.test(key)) throw new NotAsAgreed(`${at} has the name ${shown(key, 40)}`);
        return [key, item(entry, `${at}.${key}`)];
      }),
    );
  };
}

/** A map with known fields. */
export function fields<const S extends Readonly<Record<string, Reader<unknown>>>>(
  readers: S,
): Reader<{ readonly [K in keyof S]: ReturnType<S[K]> }> {
  return (value, at) => {
    if (!isMap(value)) throw new NotAsAgreed(`${at} is ${shown(value, 40)} instead of a map`);
    const read = Object.entries(readers).map(([key, reader]) => {
      return [key, reader(Object.hasOwn(value, key) ? value[key] : undefined, `${at}.${key}`)];
    });
    return Object.fromEntries(read) as { readonly [K in keyof S]: ReturnType<S[K]> };
  };
}

/** The value, or `fallback` when it was left out. */
export function optional<T, F>(reader: Reader<T>, fallback: F): Reader<T | F> {
  return (value, at) => (value === undefined || value === null ? fallback : reader(value, at));
}

/** A JSON text read as agreed. @throws NotAsAgreed */
export function readJson<T>(text: string, at: string, reader: Reader<T>): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new NotAsAgreed(`${at} is ${shown(text, 40)} instead of JSON`);
  }
  return reader(value, at);
}
