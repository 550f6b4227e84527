import { nearest, printable, shown } from './errors.ts';
import { type Kind, NOT_SHOWN, type ReadContext, type Refusal, Refused, type ValueOf } from './kinds.ts';
import { isMap, parseYaml } from './yaml.ts';

/** One item a line, or a YAML sequence. Empty lines are passed over. */
export function list<T>(item: Kind<T>, options: { example: string; max?: number }): Kind<readonly T[]> {
  const max = options.max ?? 1_000;
  const accepted = `one item a line or a YAML sequence, at most ${max}, each ${item.accepted}`;
  const fromYaml = async (value: unknown, at: string, context: ReadContext): Promise<readonly T[]> => {
    const items: unknown[] = Array.isArray(value) ? value : typeof value === 'string' ? linesOf(value) : [value];
    if (isMap(value) || items.length > max) {
      const what = items.length > max ? `${items.length} items` : shown(value);
      throw new Refused([{ at, given: item.secret ? NOT_SHOWN : what, accepted, example: options.example }]);
    }
    return collect(items.map((entry, index) => () => item.fromYaml(entry, `${at}[${index}]`, context)));
  };
  return {
    accepted,
    example: options.example,
    secret: item.secret,
    fromText: async (text, context) => {
      const words = /^\s*(\[|- )/.test(text) ? wordsOf(text) : linesOf(text);
      if (words !== undefined) return fromYaml(words, '', context);
      return fromYaml(await yamlOf(text, { accepted, example: options.example, secret: item.secret }), '', context);
    },
    fromYaml,
  };
}

function linesOf(text: string): string[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/**
 * The items of `[vuln, secret]`: a sequence of plain words, which is how defaults are written. No parser is loaded for
 * it; undefined for anything that YAML could read as something else than text.
 */
function wordsOf(text: string): string[] | undefined {
  if (!/^\[[A-Za-z][\w./:-]*(?:, [A-Za-z][\w./:-]*)*\]$/.test(text)) return undefined;
  const words = text.slice(1, -1).split(', ');
  return words.some((word) => /^(?:true|false|null)$/i.test(word) || word.endsWith(':')) ? undefined : words;
}

async function yamlOf(text: string, kind: Pick<Kind<unknown>, 'accepted' | 'example' | 'secret'>): Promise<unknown> {
  const parsed = await parseYaml(text);
  if ('value' in parsed) return parsed.value;
  const given = kind.secret ? `${NOT_SHOWN}; ${parsed.place}` : `${shown(text)}; ${parsed.problem}`;
  throw new Refused([{ at: '', given, accepted: kind.accepted, example: kind.example }]);
}

/** A YAML map from names to values of one kind. */
export function record<T>(
  item: Kind<T>,
  options: { example: string; names?: RegExp; max?: number; accepted?: string },
): Kind<ReadonlyMap<string, T>> {
  const { names = /^[^\u0000-\u001f]{1,256}$/, max = 500, example } = options;
  const accepted = options.accepted ?? `a YAML map from names to ${item.accepted}`;
  return map(accepted, example, item.secret, async (value, at, context) => {
    const entries = Object.entries(value);
    if (entries.length > max) {
      throw new Refused([{ at, given: `${entries.length} entries`, accepted: `at most ${max}`, example }]);
    }
    const readers = entries.map(([name, leaf], index) => async (): Promise<[string, T]> => {
      const place = placeOf(at, name, item.secret ? index : undefined);
      if (names.test(name)) return [name, await item.fromYaml(leaf, place, context)];
      const given = item.secret ? NOT_SHOWN : shown(name);
      throw new Refused([{ at: place, given, accepted: `names like ${names.source}`, example }]);
    });
    return new Map(await collect(readers));
  });
}

/** A YAML map with known keys, all optional; an unknown key is refused with the nearest known one. */
export function shape<S extends Readonly<Record<string, Kind<unknown>>>>(
  keys: S,
  options: { example: string; accepted?: string },
): Kind<{ readonly [K in keyof S]?: ValueOf<S[K]> }> {
  const known = Object.keys(keys);
  const { example, accepted = `a YAML map with the keys ${known.join(', ')}` } = options;
  const isSecret = Object.values(keys).some((kind) => kind.secret);
  const unknown = (name: string, at: string): Refused => {
    const meant = nearest(name, known);
    const hint = meant === undefined ? accepted : `\`${meant}\` (nearest), or another of: ${known.join(', ')}`;
    const given = isSecret ? `an unknown key; ${NOT_SHOWN}` : `the unknown key ${shown(name)}`;
    return new Refused([{ at, given, accepted: hint, example }]);
  };
  return map(accepted, example, isSecret, async (value, at, context) => {
    const readers = Object.entries(value).map(([name, leaf], index) => async (): Promise<[string, unknown]> => {
      const kind = Object.hasOwn(keys, name) ? keys[name] : undefined;
      if (kind === undefined) throw unknown(name, placeOf(at, name, isSecret ? index : undefined));
      const read = async () => kind.fromYaml(leaf, placeOf(at, name), context);
      return [name, await (isSecret ? withoutValues(read) : read())];
    });
    return Object.fromEntries(await collect(readers)) as { readonly [K in keyof S]?: ValueOf<S[K]> };
  });
}

/** What stands beside a credential is not quoted either: the credential may have slipped into it. */
async function withoutValues<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    throw new Refused(error.refusals.map((refusal) => ({ ...refusal, given: NOT_SHOWN })));
  }
}

/** A place for messages; by its number where the name could be a part of a credential that lost its quotes. */
function placeOf(at: string, name: string, hiddenAs?: number): string {
  const shownName = hiddenAs === undefined ? printable(name.slice(0, 64)) : `entry ${hiddenAs + 1}`;
  return at === '' ? shownName : `${at}.${shownName}`;
}

function map<T>(
  accepted: string,
  example: string,
  isSecret: boolean,
  read: (value: Readonly<Record<string, unknown>>, at: string, context: ReadContext) => Promise<T>,
): Kind<T> {
  const fromYaml = (value: unknown, at: string, context: ReadContext) => {
    if (!isMap(value)) {
      const given = isSecret ? NOT_SHOWN : shown(value);
      throw new Refused([{ at, given, accepted, example }]);
    }
    return read(value, at, context);
  };
  return {
    accepted,
    example,
    secret: isSecret,
    fromText: async (text, context) => {
      return fromYaml(await yamlOf(text, { accepted, example, secret: isSecret }), '', context);
    },
    fromYaml,
  };
}

/** The first of several kinds that accepts the value. Its refusal names all of them. */
export function either<const K extends readonly Kind<unknown>[]>(
  kinds: K,
  options: { example: string },
): Kind<ValueOf<K[number]>> {
  const accepted = kinds.map((kind) => kind.accepted).join(', or ');
  const isSecret = kinds.some((kind) => kind.secret);
  const attempt = async (at: string, given: unknown, read: (kind: Kind<unknown>) => unknown) => {
    let nearestMiss: Refused | undefined;
    for (const kind of kinds) {
      try {
        return (await read(kind)) as ValueOf<K[number]>;
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        // A refusal inside the value says more than "none of these".
        if (error.refusals.some((refusal) => refusal.at !== at)) nearestMiss = error;
      }
    }
    if (nearestMiss !== undefined && !isSecret) throw nearestMiss;
    // What an open kind says of a value that was meant for the secret one could quote it.
    throw new Refused([{ at, given: isSecret ? NOT_SHOWN : shown(given), accepted, example: options.example }]);
  };
  return {
    accepted,
    example: options.example,
    secret: isSecret,
    fromText: (text, context) => attempt('', text, (kind) => kind.fromText(text, context)),
    fromYaml: (value, at, context) => attempt(at, value, (kind) => kind.fromYaml(value, at, context)),
  };
}

/** Runs every reader, then reports all refusals together. */
async function collect<T>(readers: readonly (() => Promise<T> | T)[]): Promise<T[]> {
  const values: T[] = [];
  const refusals: Refusal[] = [];
  for (const read of readers) {
    try {
      values.push(await read());
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      refusals.push(...error.refusals);
    }
  }
  if (refusals.length > 0) throw new Refused(refusals);
  return values;
}
