import { isMap } from './yaml.ts';

/** Shortest value that is masked: masking a short one would blank out harmless words everywhere. */
const SHORTEST = 8;

/**
 * Every text form in which a secret could appear in a log: as given, line by line, each leaf of a JSON one; each of
 * these also JSON-escaped, URL-encoded and base64-encoded (at all three alignments, as inside `user:password`).
 *
 * @returns forms of 8 characters or more, longest first
 */
export function maskedForms(secret: string): readonly string[] {
  const values = [secret, secret.trim(), ...secret.split(/\r?\n/).map((line) => line.trim()), ...jsonLeaves(secret)];
  const forms = values.filter((value) => value.length >= SHORTEST).flatMap(encodings);
  return [...new Set(forms)].filter((form) => form.length >= SHORTEST).sort((a, b) => b.length - a.length);
}

function encodings(value: string): string[] {
  return [value, JSON.stringify(value).slice(1, -1), encodeURIComponent(wellFormed(value)), ...base64Forms(value)];
}

/** encodeURIComponent throws on lone surrogates. */
function wellFormed(value: string): string {
  return Buffer.from(value, 'utf8').toString('utf8');
}

/** What base64 text contains whenever the value is somewhere in what was encoded, whatever stands before and after. */
function base64Forms(value: string): string[] {
  const bytes = Buffer.from(value, 'utf8');
  const whole = [bytes.toString('base64'), bytes.toString('base64url')];
  const inner = [0, 1, 2].map((shift) => {
    const lead = (3 - shift) % 3;
    const usable = bytes.subarray(lead);
    return usable.subarray(0, usable.length - (usable.length % 3)).toString('base64');
  });
  return [...whole, ...inner];
}

function jsonLeaves(text: string): string[] {
  if (!/^\s*[[{]/.test(text)) return [];
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    // Not JSON: it has no leaves, and is masked as given.
    return [];
  }
  return leavesOf(parsed);
}

/** The texts in a structure, at any depth. */
export function leavesOf(value: unknown): string[] {
  if (typeof value === 'string') return [value, ...value.split(/\r?\n/).map((line) => line.trim())];
  if (value instanceof Map) return [...value.values()].flatMap(leavesOf);
  if (Array.isArray(value)) return value.flatMap(leavesOf);
  return isMap(value) ? Object.values(value).flatMap(leavesOf) : [];
}

/** The secrets that a run was given: masks each as it comes, and finds them in texts that leave the run. */
export interface Secrets {
  readonly add: (secret: string) => void;
  /** Whether a text contains a secret in one of its forms. */
  readonly isIn: (text: string) => boolean;
  /** The text with every secret replaced by `***`. */
  readonly redact: (text: string) => string;
}

/** @param mask tells the runner of one form */
export function createSecrets(mask: (form: string) => void): Secrets {
  const known = new Set<string>();
  return {
    add: (secret) => {
      for (const form of maskedForms(secret)) {
        if (known.has(form)) continue;
        known.add(form);
        mask(form);
      }
    },
    isIn: (text) => [...known].some((form) => text.includes(form)),
    redact: (text) =>
      [...known].sort((a, b) => b.length - a.length).reduce((rest, form) => rest.replaceAll(form, '***'), text),
  };
}
