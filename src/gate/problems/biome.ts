/**
 * Biome's default reporter (`a.js:1:2 lint/style/useConst ━━━━`, then `  × message`) and its concise one
 * (`× a.js:1:2: lint/style/useConst: message`). Its github reporter is read by github-command.ts.
 */
import { addLine, toMessage } from './message.ts';
import { leadingPosition, trailingPosition } from './position.ts';
import type { Finding, Kind, Place, ProblemParser, Severity } from './problem.ts';

/** Marks of the levels, without and with colours. Information (`i`) fails nothing and is left out. */
const marks: ReadonlyMap<string, Severity> = new Map([
  ['×', 'error'],
  ['✖', 'error'],
  ['!', 'warning'],
  ['⚠', 'warning'],
]);
const rulePattern = /^(?:parse|format|(?:lint|assist|syntax|suppressions|plugin|configuration)(?:\/[\w/-]+)?)$/;
const tags = new Set(['FIXABLE', 'INTERNAL', 'FATAL', 'DEPRECATED', 'VERBOSE']);

interface Diagnostic {
  place: Place;
  rule: string;
  severity?: Severity | undefined;
  message: string[];
}

export const biome: ProblemParser = {
  name: 'biome',
  begin(report) {
    let open: Diagnostic | undefined;
    function flush(): void {
      const finding = open === undefined ? undefined : toFinding(open);
      if (finding !== undefined) report(finding);
      open = undefined;
    }
    function readMessage(text: string, diagnostic: Diagnostic): void {
      const trimmed = text.trim();
      if (diagnostic.message.length === 0) {
        if (trimmed === '') return;
        diagnostic.severity = marks.get(trimmed.charAt(0));
        addLine(diagnostic.message, trimmed.slice(2));
      } else if (trimmed === '') flush();
      else addLine(diagnostic.message, trimmed);
    }
    return {
      line(text) {
        const header = text.endsWith('━━━━━') ? readHeader(text) : undefined;
        if (header !== undefined) {
          flush();
          open = header;
        } else if (open !== undefined) readMessage(text, open);
        else {
          const finding = marks.has(text.charAt(0)) ? readConcise(text) : undefined;
          if (finding !== undefined) report(finding);
        }
      },
      end: flush,
    };
  },
};

function readHeader(text: string): Diagnostic | undefined {
  let end = text.length;
  while (end > 0 && text.charAt(end - 1) === '━') end -= 1;
  const words = text.slice(0, end).trimEnd().split(' ');
  while (tags.has(words.at(-1) ?? '') || words.at(-1) === '') words.pop();
  const rule = words.pop() ?? '';
  const place = words.join(' ');
  if (place === '' || !rulePattern.test(rule)) return undefined;
  return { place: trailingPosition(place) ?? { path: place }, rule, message: [] };
}

function readConcise(text: string): Finding | undefined {
  const body = text.slice(2);
  const colon = body.indexOf(': ');
  const { place, rest } = leadingPosition(body) ?? {
    place: { path: body.slice(0, Math.max(colon, 0)) },
    rest: body.slice(colon + 2),
  };
  const [rule = ''] = rest.split(': ', 1);
  if (place.path === '' || !rulePattern.test(rule)) return undefined;
  return toFinding({ place, rule, severity: marks.get(text.charAt(0)), message: [rest.slice(rule.length + 2)] });
}

function toFinding({ place, rule, severity, message }: Diagnostic): Finding | undefined {
  const text = toMessage(message);
  // Said again of a file whose syntax error has just been reported.
  if (severity === undefined || text.startsWith('Code formatting aborted due to parsing errors')) return undefined;
  return biomeFinding(rule, severity, place, text);
}

/** Of a file that is not formatted biome names no line, or always the first. */
export function biomeFinding(rule: string, severity: Severity, place: Place, message: string): Finding {
  if (rule !== 'format') return { tool: 'biome', kind: kindOf(rule), severity, places: [place], rule, message };
  const text = 'Not formatted as biome would. Run biome with --write on it.';
  return { tool: 'biome', kind: 'format', severity, places: [{ path: place.path }], rule, message: text };
}

function kindOf(rule: string): Kind {
  return rule === 'parse' || rule.startsWith('syntax') ? 'compile' : 'lint';
}

/** Whether a text is a category of biome's: `lint/style/useConst`, `parse`, `format`. */
export function isBiomeRule(text: string): boolean {
  return rulePattern.test(text);
}
