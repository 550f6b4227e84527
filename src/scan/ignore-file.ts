import { basename, join } from 'node:path';
import { ConfigurationError, shown } from '../runtime/errors.ts';
import { exists, readTextFile } from '../runtime/files.ts';
import { isMap, parseYaml } from '../runtime/yaml.ts';
import type { Finding, FindingKind } from './finding.ts';

/** One exception of Trivy's own ignore file. */
export interface Exception {
  readonly id: string;
  /** What it is for; undefined in a plain .trivyignore, where it is for everything. */
  readonly kind: FindingKind | undefined;
  /** From 1. */
  readonly line: number;
  /** `2027-01-31`; undefined when it never ends. */
  readonly expiry: string | undefined;
  readonly statement: string;
}

export interface IgnoreFile {
  /** Absolute. */
  readonly path: string;
  /** As messages say it. */
  readonly name: string;
  readonly exceptions: readonly Exception[];
}

const NAMES = ['.trivyignore.yaml', '.trivyignore.yml', '.trivyignore'];
const LIMIT = 1024 * 1024;

/** Sections of the YAML form and the keys of their entries (https://trivy.dev, "Filtering", .trivyignore.yaml). */
const SECTIONS: Readonly<Record<string, FindingKind>> = {
  vulnerabilities: 'vulnerability',
  misconfigurations: 'misconfiguration',
  secrets: 'secret',
  licenses: 'license',
};
const KEYS: ReadonlySet<string> = new Set(['id', 'paths', 'purls', 'expired_at', 'statement']);

/**
 * The ignore file that was named, or the one in the working directory. Trivy passes over what it can't read in one; here
 * a mistake is an error, because an exception that does nothing and an expiry that never comes look the same as good
 * ones.
 *
 * @throws ConfigurationError PIPE-SCAN-010 not there, two of them, or not of the form
 */
export async function readIgnoreFile(
  named: string | undefined,
  directory: string,
  workspace: string,
): Promise<IgnoreFile | undefined> {
  const path = named ?? (await foundIn(directory));
  if (path === undefined) return undefined;
  const text = await readTextFile(path, LIMIT, workspace);
  if (text === undefined) throw refused(`the ignore file ${shown(basename(path))} does not exist`, shown(path, 200));
  const name = path.startsWith(`${workspace}/`) ? path.slice(workspace.length + 1) : basename(path);
  const exceptions = /\.ya?ml$/.test(path) ? await readYaml(text, name) : readPlain(text, name);
  return { path, name, exceptions };
}

async function foundIn(directory: string): Promise<string | undefined> {
  const found: string[] = [];
  for (const name of NAMES) if (await exists(join(directory, name))) found.push(name);
  if (found.length > 1) throw refused('there are two ignore files, and Trivy takes one', found.join(' and '));
  return found[0] === undefined ? undefined : join(directory, found[0]);
}

/** Lines `ID [exp:2027-01-31] [# comment]`. */
function readPlain(text: string, name: string): readonly Exception[] {
  return text.split(/\r?\n/).flatMap((line, index) => {
    const [content = '', ...comment] = line.trim().split(/(?:^|\s)#/);
    const [id, ...rest] = content.trim().split(/\s+/);
    if (id === undefined || id === '') return [];
    const expiry = rest.find((word) => word.startsWith('exp:'))?.slice(4);
    const stranger = rest.find((word) => !word.startsWith('exp:'));
    if (stranger !== undefined) throw notRead(name, index + 1, `the word ${shown(stranger)}`);
    const statement = comment.join('#').trim();
    return [{ id, kind: undefined, line: index + 1, expiry: dateIn(expiry, name, index + 1), statement }];
  });
}

async function readYaml(text: string, name: string): Promise<readonly Exception[]> {
  const parsed = await parseYaml(text);
  if ('problem' in parsed) throw notRead(name, undefined, parsed.problem);
  if (parsed.value === null) return [];
  if (!isMap(parsed.value)) throw notRead(name, undefined, 'it is not a map');
  const stranger = Object.keys(parsed.value).find((key) => !Object.hasOwn(SECTIONS, key));
  if (stranger !== undefined) throw notRead(name, undefined, `the section ${shown(stranger)}`);
  const lines = await linesOfEntries(text);
  return Object.entries(parsed.value).flatMap(([section, entries]) => {
    if (entries === null) return [];
    if (!Array.isArray(entries)) throw notRead(name, undefined, `\`${section}\` is not a list`);
    return entries.map((entry, index) => {
      return yamlEntry(entry, SECTIONS[section], name, lines.get(`${section}/${index}`) ?? 1);
    });
  });
}

function yamlEntry(entry: unknown, kind: FindingKind | undefined, name: string, line: number): Exception {
  if (!isMap(entry) || typeof entry['id'] !== 'string') throw notRead(name, line, 'an entry without `id`');
  const stranger = Object.keys(entry).find((key) => !KEYS.has(key));
  if (stranger !== undefined) throw notRead(name, line, `the key ${shown(stranger)}`);
  const { statement, expired_at: expiry } = entry as { readonly statement?: unknown; readonly expired_at?: unknown };
  return {
    id: entry['id'],
    kind,
    line,
    expiry: dateIn(expiry === undefined || expiry === null ? undefined : String(expiry), name, line),
    statement: typeof statement === 'string' ? statement : '',
  };
}

/** Where each entry of each section starts. The text was accepted by parseYaml already. */
async function linesOfEntries(text: string): Promise<ReadonlyMap<string, number>> {
  const yaml = await import('yaml');
  const counter = new yaml.LineCounter();
  const document = yaml.parseDocument(text, { lineCounter: counter });
  const lines = new Map<string, number>();
  for (const section of Object.keys(SECTIONS)) {
    const entries = document.get(section);
    if (!yaml.isSeq(entries)) continue;
    entries.items.forEach((item, index) => {
      const start = yaml.isNode(item) ? item.range?.[0] : undefined;
      if (start !== undefined) lines.set(`${section}/${index}`, counter.linePos(start).line);
    });
  }
  return lines;
}

function dateIn(text: string | undefined, name: string, line: number): string | undefined {
  if (text === undefined) return undefined;
  const day = /^(\d{4}-\d\d-\d\d)(?:[T ].*)?$/.exec(text)?.[1];
  const isDay = day !== undefined && !Number.isNaN(Date.parse(day)) && new Date(day).toISOString().startsWith(day);
  if (!isDay) throw notRead(name, line, `the expiry ${shown(text)}`);
  return day;
}

/** Exceptions that no longer hold: Trivy counts from the start of the day, UTC. */
export function expiredOf(file: IgnoreFile | undefined, now: number): readonly Exception[] {
  return (file?.exceptions ?? []).filter(({ expiry }) => expiry !== undefined && Date.parse(expiry) < now);
}

/** The exceptions that took a finding out: those of its id that hold, for its kind. */
export function exceptionsFor(finding: Finding, file: IgnoreFile | undefined, now: number): readonly Exception[] {
  const expired = new Set(expiredOf(file, now));
  return (file?.exceptions ?? []).filter((exception) => {
    const isFor = exception.kind === undefined || exception.kind === finding.kind;
    return isFor && exception.id === finding.id && !expired.has(exception);
  });
}

function notRead(name: string, line: number | undefined, found: string): ConfigurationError {
  const place = line === undefined ? name : `${name}:${line}`;
  return new ConfigurationError({
    code: 'PIPE-SCAN-010',
    what: `${shown(place, 200)} holds something that Trivy would pass over without a word`,
    given: found,
    accepted: /\.ya?ml$/.test(name)
      ? 'the sections vulnerabilities, misconfigurations, secrets, licenses with entries of id, paths, purls, expired_at (a date), statement'
      : 'lines of an id, `exp:` with a date where it ends, and a comment',
    example: /\.ya?ml$/.test(name)
      ? '`expired_at: 2027-01-31`'
      : '`CVE-2021-44906 exp:2027-01-31 # no untrusted input`',
    state: 'nothing was scanned',
  });
}

function refused(what: string, given: string): ConfigurationError {
  return new ConfigurationError({
    code: 'PIPE-SCAN-010',
    what,
    given,
    accepted: 'one .trivyignore.yaml or .trivyignore, or the path of one in `ignore-file`',
    example: '`ignore-file: .trivyignore.yaml`',
    state: 'nothing was scanned',
  });
}
