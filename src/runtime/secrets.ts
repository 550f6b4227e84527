/** Shortest value that is masked: masking a short one would blank out harmless words everywhere. */
const SHORTEST = 8;

/**
 * Every text form in which a secret could appear in a log: as given, line by line, each leaf of a JSON one; each of
 * these also JSON-escaped, URL-encoded and base64-encoded (at all three alignments, as inside `user:password`).
 *
 * @returns forms of 8 characters or more, longest first
 */
export function maskedForms(secret: string): readonly string[] {
  const values = [secret, secret.trim(), ...linesOf(secret), ...jsonLeaves(secret)];
  const forms = [...new Set(values)].filter((value) => value.length >= SHORTEST).flatMap(encodings);
  return [...new Set(forms)].filter((form) => form.length >= SHORTEST).sort((a, b) => b.length - a.length);
}

function encodings(value: string): string[] {
  return [value, ...jsonForms(value), ...urlForms(value), ...base64Forms(value)];
}

/** Escaped as in JSON, also as Go writes it (`<`, `>` and `&` as escapes). */
function jsonForms(value: string): string[] {
  const json = JSON.stringify(value).slice(1, -1);
  const hex = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return [json, json.replace(/[<>&\u2028\u2029]/g, hex)];
}

/** Percent-encoded (RFC 3986) as JavaScript does it, strictly, in lower case, and as forms do it. */
function urlForms(value: string): string[] {
  // encodeURIComponent throws on half surrogates; a log shows them as U+FFFD, as UTF-8 does.
  const percent = encodeURIComponent(Buffer.from(value, 'utf8').toString('utf8'));
  const strict = percent.replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
  const lower = (text: string) => text.replace(/%[0-9A-F]{2}/g, (byte) => byte.toLowerCase());
  const form = new URLSearchParams([['', value]]).toString().slice(1);
  return [percent, strict, lower(percent), lower(strict), form, strict.replaceAll('%20', '+')];
}

/** What base64 text contains whenever the value is somewhere in what was encoded, whatever stands before and after. */
function base64Forms(value: string): string[] {
  const bytes = Buffer.from(value, 'utf8');
  const parts = [0, 1, 2].map((lead) => bytes.subarray(lead, lead + 3 * Math.floor((bytes.length - lead) / 3)));
  return [bytes, ...parts].flatMap((part) => [part.toString('base64'), part.toString('base64url')]);
}

function linesOf(text: string): string[] {
  return text.split(/\r\n|\r|\n/).map((line) => line.trim());
}

/** The leaves of a secret that is JSON, or JSON in base64, as files are often kept in one line. */
function jsonLeaves(text: string): string[] {
  const parsed =
    jsonOf(text) ??
    (/^[A-Za-z0-9+/=\s]{8,}$/.test(text) ? jsonOf(Buffer.from(text, 'base64').toString('utf8')) : undefined);
  if (parsed === undefined) return [];
  return leavesOf(isGoogleCredential(parsed.value) ? withoutPublicFields(parsed.value) : parsed.value);
}

function jsonOf(text: string): { readonly value: unknown } | undefined {
  if (!/^\s*[[{"]/.test(text)) return undefined;
  try {
    return { value: JSON.parse(text) };
  } catch {
    // Not JSON: it has no leaves, and is masked as given.
    return undefined;
  }
}

/**
 * Fields of Google's credential files that say whose they are and are no secret (google.aip.dev/auth/4112 and 4117). To
 * mask them would blank every name of the project, and GitHub would drop each output that holds one: a release.
 */
const PUBLIC_GOOGLE_FIELDS: ReadonlySet<string> = new Set([
  ...['type', 'project_id', 'quota_project_id', 'client_email', 'client_id', 'universe_domain', 'audience'],
  ...['auth_uri', 'token_uri', 'token_url', 'auth_provider_x509_cert_url', 'client_x509_cert_url'],
  ...['subject_token_type', 'service_account_impersonation_url'],
]);

function isGoogleCredential(value: unknown): value is Readonly<Record<string, unknown>> {
  const type = typeof value === 'object' && value !== null && 'type' in value ? value.type : undefined;
  return type === 'service_account' || type === 'authorized_user' || type === 'external_account';
}

function withoutPublicFields(credential: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(credential).filter(([name]) => !PUBLIC_GOOGLE_FIELDS.has(name)));
}

/** The texts and numbers in a structure, at any depth, each as it is and line by line. */
export function leavesOf(value: unknown): string[] {
  const leaves: string[] = [];
  const waiting: unknown[] = [value];
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (typeof next === 'string') leaves.push(next, ...linesOf(next));
    else if (typeof next === 'number') leaves.push(String(next));
    else if (next instanceof Map) for (const item of next.values()) waiting.push(item);
    else if (typeof next === 'object' && next !== null) for (const item of Object.values(next)) waiting.push(item);
  }
  return leaves;
}

/** A stretch of a text, from `start` up to and without `end`. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** The secrets that a run was given: masks each as it comes, and finds them in texts that leave the run. */
export interface Secrets {
  readonly add: (secret: string) => void;
  /** Whether a text contains a secret in one of its forms. */
  readonly isIn: (text: string) => boolean;
  /** The text with every secret replaced by `***`. */
  readonly redact: (text: string) => string;
  /** Where in a text secrets are, in order and without overlaps. */
  readonly find: (text: string) => readonly Range[];
}

/** @param mask tells the runner of one form */
export function createSecrets(mask: (form: string) => void): Secrets {
  const known = new Set<string>();
  const find = (text: string) => merged([...known].flatMap((form) => occurrences(form, text)));
  return {
    add: (secret) => {
      for (const form of maskedForms(secret)) {
        if (known.has(form)) continue;
        known.add(form);
        mask(form);
      }
    },
    isIn: (text) => [...known].some((form) => text.includes(form)),
    redact: (text) => withoutRanges(text, find(text)),
    find,
  };
}

/** A text with `***` in the place of each range; ranges in order and without overlaps. */
export function withoutRanges(text: string, ranges: readonly Range[]): string {
  const parts: string[] = [];
  let from = 0;
  for (const { start, end } of ranges) {
    parts.push(text.slice(from, start), '***');
    from = end;
  }
  return parts.join('') + text.slice(from);
}

function occurrences(form: string, text: string): Range[] {
  const found: Range[] = [];
  for (let start = text.indexOf(form); start !== -1; start = text.indexOf(form, start + 1)) {
    const last = found.at(-1);
    // Overlapping ones at once: a form of one repeated letter is found at each of its places.
    if (last !== undefined && start <= last.end)
      found[found.length - 1] = { start: last.start, end: start + form.length };
    else found.push({ start, end: start + form.length });
  }
  return found;
}

function merged(ranges: readonly Range[]): Range[] {
  const result: Range[] = [];
  for (const { start, end } of [...ranges].sort((a, b) => a.start - b.start)) {
    const last = result.at(-1);
    if (last !== undefined && start < last.end) {
      result[result.length - 1] = { start: last.start, end: Math.max(last.end, end) };
    } else result.push({ start, end });
  }
  return result;
}
