import { ConfigurationError, type Fault, nearest, shown } from '../runtime/errors.ts';

/** One line that says which tags an image gets, in the form that docker/metadata-action's users know. */
export interface TagRule {
  readonly type: RuleType;
  readonly attributes: Readonly<Record<string, string>>;
  /** Higher comes first; the first tag is also the version. */
  readonly priority: number;
  /** The line as it was given, for messages. */
  readonly line: string;
}

export type RuleType = keyof typeof TYPES;

/** Each type's usual priority, and its attributes besides those that all have; `!` marks one that must be given. */
const TYPES = {
  schedule: { priority: 1_000, attributes: ['pattern'] },
  semver: { priority: 900, attributes: ['pattern!', 'value'] },
  match: { priority: 800, attributes: ['pattern!', 'group', 'value'] },
  edge: { priority: 700, attributes: ['branch'] },
  ref: { priority: 600, attributes: ['event!'] },
  raw: { priority: 200, attributes: ['value!'] },
  sha: { priority: 100, attributes: ['format'] },
} as const;

const EVERYWHERE = ['enable', 'priority', 'prefix', 'suffix'];

/** Values that an attribute can only have. */
const CHOICES: Readonly<Record<string, readonly string[]>> = {
  event: ['branch', 'tag', 'pr'],
  format: ['short', 'long'],
};

/**
 * Reads rules, one a line; blank lines and those that start with # say nothing.
 *
 * @returns the rules, those of higher priority first
 * @throws ConfigurationError PIPE-TAG-001, one fault for each line that is none
 */
export function parseTagRules(lines: readonly string[]): readonly TagRule[] {
  const faults: Fault[] = [];
  const rules = lines.flatMap((text) => {
    const line = text.trim();
    if (line === '' || line.startsWith('#')) return [];
    const read = readRule(line);
    if (!('problem' in read)) return [read];
    faults.push(ruleFault(line, read.problem));
    return [];
  });
  if (faults.length > 0) throw new ConfigurationError(faults);
  return rules.sort((left, right) => right.priority - left.priority);
}

/** The fault of a line of `tags` that means nothing. */
export function ruleFault(line: string, problem: string): Fault {
  return {
    code: 'PIPE-TAG-001',
    what: `a line of the input \`tags\` is no rule: ${problem}`,
    given: shown(line, 200),
    accepted: `type= with one of ${Object.keys(TYPES).join(', ')} and its attributes, separated by commas; or a tag`,
    example: 'type=semver,pattern={{version}}',
    state: 'no tag was put on',
  };
}

function readRule(line: string): TagRule | { readonly problem: string } {
  const attributes: Record<string, string> = {};
  for (const field of fieldsOf(line)) {
    const at = field.indexOf('=');
    const name = at === -1 ? 'value' : field.slice(0, at).trim().toLowerCase();
    if (Object.hasOwn(attributes, name)) return { problem: `it has ${shown(name)} twice` };
    attributes[name] = field.slice(at + 1).trim();
  }
  const { type = 'raw', priority, ...rest } = attributes;
  if (!isType(type)) return { problem: `${shown(type)} is no type${meant(type, Object.keys(TYPES))}` };
  const known = TYPES[type];
  const problem = attributesProblem(rest, known.attributes);
  if (problem !== undefined) return { problem };
  const rank = priority === undefined ? known.priority : Number(priority);
  if (!Number.isFinite(rank) || priority === '') return { problem: `its priority ${shown(priority)} is no number` };
  return { type, attributes: rest, priority: rank, line };
}

function isType(text: string): text is RuleType {
  return Object.hasOwn(TYPES, text);
}

function attributesProblem(given: Readonly<Record<string, string>>, own: readonly string[]): string | undefined {
  const names = [...own.map((name) => name.replace('!', '')), ...EVERYWHERE];
  const stranger = Object.keys(given).find((name) => !names.includes(name));
  if (stranger !== undefined) return `it has no attribute ${shown(stranger)}${meant(stranger, names)}`;
  const missing = own.find((name) => name.endsWith('!') && given[name.slice(0, -1)] === undefined);
  if (missing !== undefined) return `it lacks ${missing.slice(0, -1)}=`;
  for (const [name, choices] of Object.entries(CHOICES)) {
    const value = given[name];
    if (value !== undefined && !choices.includes(value)) {
      return `its ${name} ${shown(value)} is none of ${choices.join(', ')}`;
    }
  }
  return undefined;
}

function meant(word: string, candidates: readonly string[]): string {
  const near = nearest(word, candidates);
  return near === undefined ? '' : `; meant is perhaps ${near}`;
}

/** Fields of a line of comma-separated values (RFC 4180): one in quotes can hold commas, and quotes as two. */
function fieldsOf(line: string): string[] {
  const fields = [...line.matchAll(/\s*(?:"((?:[^"]|"")*)"\s*|([^,]*))(?:,|$)/g)];
  return fields
    .map(([, quoted, plain]) => (quoted === undefined ? (plain ?? '').trim() : quoted.replaceAll('""', '"')))
    .filter((field) => field !== '');
}
