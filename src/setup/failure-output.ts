import type { Dialect } from './dialect.ts';

/** The code that a package manager ended with, and the status of the registry where it says one. */
export interface FailureCode {
  /** Empty where there is none. */
  readonly code: string;
  readonly status: number | undefined;
}

/** @param output without colours */
export function failureCode(dialect: Dialect, output: string): FailureCode {
  return CODES[dialect](output);
}

/**
 * The last code at the start of a line: what a script prints comes before the package manager's own verdict, and pnpm 12
 * quotes the script behind it, wrapped and indented.
 */
const CODES: Readonly<Record<Dialect, (output: string) => FailureCode>> = {
  npm: (output) => {
    const code = [...output.matchAll(/^npm (?:error|ERR!) code (\S+)$/gm)].at(-1)?.[1] ?? '';
    return { code, status: undefined };
  },
  pnpm: (output) => {
    const found = [...output.matchAll(/^[^\S\n]?(?:Error: |\[)?(ERR_[A-Z0-9_]+|E[A-Z]{4,20})\b/gm)];
    const code = found.at(-1)?.[1] ?? '';
    return { code, status: pnpmStatus(code, output) };
  },
  'yarn-classic': (output) => codeOfLast(CLASSIC, linesBehind(output, /^error /)),
  yarn: (output) => {
    const errors = berryErrors(output);
    const code = errors.at(-1)?.code ?? '';
    const texts = errors.map(({ text }) => text).join('\n');
    const status = Number(/Response Code: (\d{3})/.exec(texts)?.[1]);
    if (Number.isInteger(status)) return { code, status };
    return { code, status: code === 'YN0001' || code === 'YN0035' ? statusOfNetwork(texts) : undefined };
  },
  bun: (output) => {
    // It says this, goes on without the lockfile, and then wonders that it would change.
    const isBroken = /^\w*Error: failed to parse lockfile|^error: .*InvalidLockfile/m.test(output);
    return isBroken ? { code: 'EBROKENLOCKFILE', status: undefined } : codeOfLast(BUN, linesBehind(output, /^error: /));
  },
};

/** pnpm says the status in its code or its sentence; 12 says a registry that can't be reached in words. */
function pnpmStatus(code: string, output: string): number | undefined {
  const ownWords = code.includes('LIFECYCLE') ? '' : output.replace(/\n[\s│╰─▶├×]*/gu, ' ');
  const found = [...ownWords.matchAll(/(?:ERR_PNPM_FETCH_|returned HTTP |HTTP status \w+ error \()(\d{3})\b/g)].at(-1);
  const status = Number(found?.[1]);
  if (Number.isInteger(status)) return status;
  return /error sending request|tcp connect error|dns error/.test(ownWords) ? 503 : undefined;
}

/** A registry that can't be reached is as one that says 503. */
function statusOfNetwork(text: string): number | undefined {
  return /ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ESOCKETTIMEDOUT|socket hang up|timeout/i.test(text)
    ? 503
    : undefined;
}

type Sentence = readonly [pattern: RegExp, code: string];

/** Yarn 1 has sentences (yarnpkg/yarn, src/reporters/lang/en.js) where others have codes. */
const CLASSIC: readonly Sentence[] = [
  [/^Your lockfile needs to be updated/, 'EUSAGE'],
  [/^(?:SyntaxError: )?(?:Invalid value type|Unknown token|.*yarn\.lock\b)/, 'EBROKENLOCKFILE'],
  [/[Ii]ntegrity check failed|computed integrity doesn't match|Hashes don't match/, 'EINTEGRITY'],
  [/The engine "|is incompatible with this module|Found incompatible module/, 'EBADENGINE'],
  [/Command failed/, ''],
  [/"?(?:401|403)\b|Unauthorized|Forbidden|authentication required/, 'E401'],
  [/"?404\b|Couldn't find package|Not found/, 'E404'],
  [/ECONN|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ESOCKETTIMEDOUT|network connection|"?(?:429|5\d\d) /, 'ECONNRESET'],
];

/** bun's (oven-sh/bun, src/install). */
const BUN: readonly Sentence[] = [
  [/^lockfile had changes, but lockfile is frozen/, 'EUSAGE'],
  [/script from .* exited with|script from .* terminated/, ''],
  [/[Ii]ntegrity ?[Cc]heck ?[Ff]ailed/, 'EINTEGRITY'],
  [/failed to parse lockfile|InvalidLockfile|OutdatedLockfileVersion|UnexpectedLockfile/, 'EBROKENLOCKFILE'],
  [/ - (?:401|403|404)\b|No version matching|package .* not found/, 'E404'],
  [/ - (?:429|5\d\d)\b|ConnectionRefused|ConnectionClosed|ConnectionReset|Timeout|FailedToOpenSocket/, 'ECONNRESET'],
];

/** Of the lines the last one that a sentence fits decides: what a script printed came before. */
function codeOfLast(sentences: readonly Sentence[], lines: readonly string[]): FailureCode {
  for (const line of lines.toReversed()) {
    const found = sentences.find(([pattern]) => pattern.test(line));
    if (found !== undefined) return { code: found[1], status: undefined };
  }
  return { code: '', status: undefined };
}

function linesBehind(output: string, prefix: RegExp): readonly string[] {
  return output.split(/\r?\n/).flatMap((line) => (prefix.test(line) ? [line.replace(prefix, '')] : []));
}

/** Yarn's lines carry codes; those that only tell a story are left out (yarnpkg.com, "Error Codes"). */
const STORY = /^YN00(?:00|02|03|04|05|06|07|08|13|19|60|61|62|76|77|85|86|91)$/;

function berryErrors(output: string): readonly { readonly code: string; readonly text: string }[] {
  return output.split(/\r?\n/).flatMap((line) => {
    const [, code, text] = /^➤ (YN\d{4}): (?:[│┌└·] ?)?(.*)$/u.exec(line) ?? [];
    return code === undefined || text === undefined || STORY.test(code) ? [] : [{ code, text }];
  });
}

const MOST_LINES = 12;

/** The lines that say what went wrong, without decoration, the first one first. @param output without colours */
export function failureLines(dialect: Dialect, output: string): readonly string[] {
  return LINES[dialect](output.split(/\r?\n/).map((line) => line.trimEnd())).slice(0, MOST_LINES);
}

const LINES: Readonly<Record<Dialect, (all: readonly string[]) => readonly string[]>> = {
  npm: (all) => {
    const said = all.flatMap((line) => /^npm (?:error|ERR!) ?(.*)$/.exec(line)?.[1] ?? []);
    const usage = said.findIndex((line) => /^(Clean install a project|Usage:)/.test(line));
    return (usage < 0 ? said : said.slice(0, usage)).filter((line) => {
      return line.trim() !== '' && !/^(code|errno|syscall|path) |^A complete log of this run/.test(line);
    });
  },
  pnpm: (all) => {
    return fromLast(all, /ERR_PNPM_|^\s*(?:\[?ERROR\]?|ELIFECYCLE|E[A-Z]{4,})\b/)
      .map((line) => line.replace(/^[\s×│╰─▶]+/u, ''))
      .filter((line) => line !== '');
  },
  'yarn-classic': (all) => {
    const start = all.findIndex((line) => line.startsWith('error '));
    return (start < 0 ? all.slice(-MOST_LINES) : all.slice(start))
      .map((line) => line.replace(/^error /, ''))
      .filter((line) => line !== '' && !/^info Visit |^\s+at /.test(line));
  },
  yarn: (all) => {
    const errors = berryErrors(all.join('\n')).map(({ text }) => text);
    const changes = errors.filter((text) => /^[-+]/.test(text));
    // Of a lockfile that would change, the sentence first, then what would.
    const said = [...errors.filter((text) => !changes.includes(text)), ...changes];
    return said.length > 0 ? said : all.filter((line) => line !== '').slice(-MOST_LINES);
  },
  bun: (all) => {
    const start = all.findIndex((line) => line.startsWith('error: '));
    return (start < 0 ? all.slice(-MOST_LINES) : all.slice(start))
      .map((line) => line.replace(/^error: /, ''))
      .filter((line) => line !== '');
  },
};

function fromLast(all: readonly string[], pattern: RegExp): readonly string[] {
  const start = all.findLastIndex((line) => pattern.test(line));
  return all.slice(start < 0 ? Math.max(0, all.length - MOST_LINES) : start);
}
