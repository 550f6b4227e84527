import { ConfigurationError, shown } from './errors.ts';
import { pathInside } from './paths.ts';

/** A value that was not accepted: where in the input, what was given, what would have been. */
export interface Refusal {
  readonly at: string;
  readonly given: string;
  readonly accepted: string;
  readonly example: string;
}

export interface ReadContext {
  /** Absolute path that paths must stay in. */
  readonly workspace: string;
}

/**
 * How one value is read: from the text of an input, or from a leaf of a YAML map. Refused values throw a
 * {@link Refused} with every refusal in them.
 */
export interface Kind<T> {
  /** The accepted form, as a phrase ("a whole number from 1 to 64"). */
  readonly accepted: string;
  readonly example: string;
  /** Credentials: masked, refused in `settings`, never shown. */
  readonly secret: boolean;
  readonly fromText: (text: string, context: ReadContext) => Promise<T> | T;
  /** `at` names the place for messages, as a path like `lint.needs`. */
  readonly fromYaml: (value: unknown, at: string, context: ReadContext) => Promise<T> | T;
}

/** What messages say instead of a value that may hold a credential. */
export const NOT_SHOWN = 'something else (not shown: it may hold a secret)';

export type ValueOf<K> = K extends Kind<infer T> ? T : never;

export class Refused extends Error {
  readonly refusals: readonly Refusal[];
  constructor(refusals: readonly Refusal[]) {
    super(refusals.map(({ at, accepted }) => `${at}: ${accepted}`).join('; '));
    this.refusals = refusals;
  }
}

function scalar<T>(
  accepted: string,
  example: string,
  read: (text: string) => T | undefined,
  isSecret = false,
): Kind<T> {
  const refuse = (at: string, given: unknown) => {
    return new Refused([{ at, given: isSecret ? NOT_SHOWN : shown(given), accepted, example }]);
  };
  const fromText = (text: string, at = '') => {
    const value = read(text);
    if (value === undefined) throw refuse(at, text);
    return value;
  };
  return {
    accepted,
    example,
    secret: isSecret,
    fromText: (text) => fromText(text),
    fromYaml: (value, at) => {
      if (typeof value === 'string') return fromText(value, at);
      if (typeof value === 'number' || typeof value === 'boolean') return fromText(String(value), at);
      throw refuse(at, value);
    },
  };
}

/** Text of one line: no control characters. */
export function string(options: {
  accepted?: string;
  example: string;
  pattern?: RegExp;
  limit?: number;
}): Kind<string> {
  const limit = options.limit ?? 1_024;
  const accepted = options.accepted ?? `one line of at most ${limit} characters`;
  return scalar(accepted, options.example, (text) => {
    if (text.length > limit || /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(text)) return undefined;
    return options.pattern === undefined || options.pattern.test(text) ? text : undefined;
  });
}

/** A credential: any text without NUL (no environment or header holds one), masked, never shown. */
export function secret(options: { example: string }): Kind<string> {
  return scalar('a text', options.example, (text) => (text.includes('\0') ? undefined : text), true);
}

export function boolean(): Kind<boolean> {
  return scalar('`true` or `false`', 'true', (text) => {
    if (/^(true|True|TRUE)$/.test(text)) return true;
    return /^(false|False|FALSE)$/.test(text) ? false : undefined;
  });
}

/** A whole number from `min` to `max`, both included. */
export function integer(options: { min: number; max: number; example: number }): Kind<number> {
  const { min, max } = options;
  return scalar(`a whole number from ${min} to ${max}`, String(options.example), (text) => {
    // Plus 0: `-0` is read as 0.
    const value = /^-?\d{1,15}$/.test(text) ? Number(text) + 0 : Number.NaN;
    return value >= min && value <= max ? value : undefined;
  });
}

/** A share from 0 to 100, decimals allowed, with or without a percent sign. */
export function percentage(options: { example: string }): Kind<number> {
  return scalar('a percentage from 0 to 100, such as `80`, `79.5` or `80%`', options.example, (text) => {
    const value = /^\d{1,3}(\.\d{1,10})?%?$/.test(text) ? Number.parseFloat(text) : Number.NaN;
    return value <= 100 ? value : undefined;
  });
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A duration such as `500ms`, `30s`, `5m`, `1h30m`, read as milliseconds; limits in milliseconds. */
export function duration(options: { min?: number; max?: number; example: string }): Kind<number> {
  const { min = 0, max = 30 * 86_400_000 } = options;
  const accepted = `a duration from ${durationText(min)} to ${durationText(max)}, a number and a unit (ms, s, m, h, d)`;
  return scalar(accepted, options.example, (text) => {
    if (!/^(\d{1,9}(ms|[smhd]))+$/.test(text)) return undefined;
    const parts = text.matchAll(/(\d+)(ms|[smhd])/g);
    const value = [...parts].reduce((sum, [, count, unit]) => sum + Number(count) * (UNITS[unit ?? ''] ?? 0), 0);
    return value >= min && value <= max ? value : undefined;
  });
}

/** Milliseconds as a short text: `0s`, `850ms`, `1.4s`, `12s`, `3m 5s`, `1h 2m`. */
export function durationText(milliseconds: number): string {
  if (milliseconds > 0 && milliseconds < 999.5) return `${Math.round(milliseconds)}ms`;
  if (milliseconds < 9_950) return `${Math.round(milliseconds / 100) / 10}s`;
  const seconds = Math.round(milliseconds / 1_000);
  const parts: string[] = [];
  let rest = seconds;
  for (const [unit, size] of [
    ['d', 86_400],
    ['h', 3_600],
    ['m', 60],
    ['s', 1],
  ] as const) {
    if (rest >= size) parts.push(`${Math.floor(rest / size)}${unit}`);
    rest %= size;
  }
  return parts.slice(0, 2).join(' ');
}

export function enumeration<const T extends string>(values: readonly T[]): Kind<T> {
  const accepted = `one of ${values.map((value) => `\`${value}\``).join(', ')}`;
  return scalar(accepted, values[0] ?? '', (text) => values.find((value) => value === text));
}

/** A path inside the workspace, read as an absolute path; links that lead out are refused. */
export function workspacePath(options: { example: string }): Kind<string> {
  const accepted = 'a path inside the workspace';
  const read = (value: unknown, at: string, { workspace }: ReadContext) => {
    const usable = typeof value === 'string' && value.length <= 4_096 && !/[\u0000-\u001f]/.test(value);
    const path = usable ? pathOrRefusal(workspace, value) : undefined;
    if (path === undefined) throw new Refused([{ at, given: shown(value), accepted, example: options.example }]);
    return path;
  };
  return {
    accepted,
    example: options.example,
    secret: false,
    fromText: (text, context) => read(text, '', context),
    fromYaml: read,
  };
}

function pathOrRefusal(workspace: string, path: string): string | undefined {
  try {
    return pathInside(workspace, path);
  } catch (error) {
    // A loop of links, a name that is too long, a folder that may not be entered: no path inside the workspace.
    if (error instanceof ConfigurationError) return undefined;
    throw error;
  }
}
