/** Replaces secret texts by `***`, as GitHub does in logs and summaries. */
export interface Masker {
  readonly add: (secret: string) => void;
  readonly mask: (text: string) => string;
  /** True when the text holds a secret; GitHub drops such an output. */
  readonly hides: (text: string) => boolean;
}

/** Lines of a secret that are shorter stand for themselves: a brace of a JSON one would mask every brace. */
const SHORTEST_LINE = 4;

export function createMasker(secrets: Iterable<string>): Masker {
  const known = new Set<string>();
  let longestFirst: readonly string[] = [];
  const add = (secret: string): void => {
    if (secret === '' || known.has(secret)) return;
    known.add(secret);
    const lines = secret.split(/\r?\n/);
    if (lines.length > 1) for (const line of lines) if (line.trim().length >= SHORTEST_LINE) known.add(line);
    longestFirst = [...known].sort((a, b) => b.length - a.length);
  };
  for (const secret of secrets) add(secret);
  return {
    add,
    mask: (text) => longestFirst.reduce((masked, secret) => masked.replaceAll(secret, '***'), text),
    hides: (text) => longestFirst.some((secret) => text.includes(secret)),
  };
}

/** A text without terminal colours and other control sequences (ECMA-48). */
export function withoutColours(text: string): string {
  return text.replaceAll(/\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[@-Z\\-_])/g, '');
}
