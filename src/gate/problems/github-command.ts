/**
 * Workflow commands that tools print for GitHub: `::error file=a.js,line=1,col=2,title=t::message`, from the GitHub
 * reporters of vitest, jest, biome, ruff and others. Format: actions/runner, ActionCommand.cs, and the page "Workflow
 * commands for GitHub Actions".
 */
import { biomeFinding, isBiomeRule } from './biome.ts';
import { testMessage, toMessage } from './message.ts';
import { leadingPosition, positiveInteger } from './position.ts';
import type { Finding, Place, ProblemParser, Severity } from './problem.ts';
import { kindOf as ruffKind } from './ruff.ts';
import { isFrame } from './stack.ts';

export const unknownTool = 'github-command';

/** Commands that make annotations. No other parser sees them: they would break the blocks they fall into. */
const commands = ['::error ', '::error::', '::warning ', '::warning::', '::notice ', '::notice::', '::debug::'];

export function isAnnotationCommand(text: string): boolean {
  const start = text.trimStart();
  return start.startsWith('::') && commands.some((command) => start.startsWith(command));
}

export const githubCommand: ProblemParser = {
  name: unknownTool,
  begin(report) {
    return {
      line(text) {
        const finding = isAnnotationCommand(text) ? readCommand(text.trimStart()) : undefined;
        if (finding !== undefined) report(finding);
      },
      end() {},
    };
  },
};

function readCommand(text: string): Finding | undefined {
  const level = /^::(error|warning) /.exec(text);
  const end = text.indexOf('::', 2);
  if (level === null || end === -1) return undefined;
  const properties = readProperties(text.slice(level[0].length, end));
  const path = properties.get('file') ?? '';
  if (path === '') return undefined;
  const place = {
    path,
    line: positiveInteger(properties.get('line')),
    column: positiveInteger(properties.get('col') ?? properties.get('column')),
    endLine: positiveInteger(properties.get('endLine')),
    endColumn: positiveInteger(properties.get('endColumn')),
  };
  return byTitle(
    properties.get('title') ?? '',
    level[1] === 'error' ? 'error' : 'warning',
    place,
    decoded(text.slice(end + 2)),
  );
}

/** `file=a.js,line=1`. Tools do not all escape what they should: a part without `=` belongs to the value before it. */
function readProperties(text: string): Map<string, string> {
  const properties = new Map<string, string>();
  let key = '';
  for (const part of text.split(',')) {
    const found = /^\s{0,20}(\w{1,40})=(.*)$/s.exec(part);
    if (found?.[1] !== undefined) {
      key = found[1];
      properties.set(key, decoded(found[2] ?? ''));
    } else if (key !== '') properties.set(key, `${properties.get(key)},${decoded(part)}`);
  }
  return properties;
}

function decoded(text: string): string {
  const escapes: Record<string, string> = { '%0D': '\r', '%0A': '\n', '%3A': ':', '%2C': ',', '%25': '%' };
  return text.replace(/%(?:0D|0A|3A|2C|25)/gi, (code) => escapes[code.toUpperCase()] ?? code);
}

/** The tool shows in the title it gives. */
function byTitle(title: string, severity: Severity, place: Place, message: string): Finding {
  const ruffRule = /^ruff \(([\w-]{1,40})\)$/i.exec(title)?.[1];
  if (ruffRule !== undefined) {
    const text = withoutRule((leadingPosition(message)?.rest ?? message).split('\n', 1)[0] ?? '', ruffRule);
    return {
      tool: 'ruff',
      kind: ruffKind(ruffRule),
      severity,
      places: [place],
      rule: ruffRule,
      message: toMessage([text]),
    };
  }
  if (isBiomeRule(title)) return biomeFinding(title, severity, place, toMessage([message]));
  return testOrOther(title, severity, place, message.split('\n'));
}

function withoutRule(text: string, rule: string): string {
  return text.startsWith(rule) ? text.slice(rule.length).replace(/^:? (?:\[\*\] )?/, '') : text;
}

/** Test runners send the error with its stack; the text before the first frame is the message. */
function testOrOther(title: string, severity: Severity, place: Place, lines: string[]): Finding {
  const frame = lines.findIndex(isFrame);
  const error = frame === -1 ? lines : lines.slice(0, frame);
  const vitestTest = vitestName(title, place.path);
  if (lines[frame]?.trimStart().startsWith('❯ ') === true || (frame === -1 && vitestTest !== undefined)) {
    const message = testMessage(vitestTest ?? title, error);
    return { tool: 'vitest', kind: 'test', severity, places: [place], message };
  }
  const isTest = frame !== -1 || title.includes(' › ');
  const tool = isTest && title.includes(' › ') ? 'jest' : unknownTool;
  return { tool, kind: isTest ? 'test' : 'lint', severity, places: [place], message: testMessage(title, error) };
}

/** `[project] file > suite > test` without project and file, as vitest.ts names a test; '' for the file as a whole. */
function vitestName(title: string, path: string): string | undefined {
  const test = title.replace(/^\[[^\]]{1,200}\] /, '');
  if (test !== '' && path.endsWith(test)) return '';
  const arrow = test.indexOf(' > ');
  return arrow > 0 && /\.[cm]?[jt]sx?$/.test(test.slice(0, arrow)) ? test.slice(arrow + 3) : undefined;
}
