/** From a task's output to problems on files and lines. The table of parsers is here: one line each. */
import { resolve } from 'node:path';
import { biome } from './biome.ts';
import { distinct } from './distinct.ts';
import { eslint } from './eslint.ts';
import { formsOf, isFileOnDisk } from './folders.ts';
import { githubCommand, isAnnotationCommand } from './github-command.ts';
import { jest } from './jest.ts';
import { eachLine } from './lines.ts';
import { createLocator, type Locate } from './location.ts';
import { mypy } from './mypy.ts';
import { next } from './next.ts';
import { nodeTest } from './node-test.ts';
import { createPrefixReader, type Scope } from './prefix.ts';
import { prettier } from './prettier.ts';
import type { Finding, LineReader, Problem, ProblemParser } from './problem.ts';
import { pytest } from './pytest.ts';
import { ruff } from './ruff.ts';
import { tap } from './tap.ts';
import { tsc } from './tsc.ts';
import { vitest } from './vitest.ts';

export type { Kind, Problem, Severity } from './problem.ts';

const textParsers: readonly ProblemParser[] = [
  tsc,
  eslint,
  prettier,
  biome,
  vitest,
  jest,
  nodeTest,
  tap,
  next,
  ruff,
  mypy,
  pytest,
];

export interface ProblemPlace {
  /** Absolute folder that problems' files are relative to. */
  workspace: string;
  /** Absolute folder that the task ran in. */
  directory: string;
  /** Folders of the monorepo's packages by name, absolute or relative to the workspace. */
  packages?: ReadonlyMap<string, string>;
  /** Whether an absolute path is a file; the file system's answer unless given. */
  isFile?: (path: string) => boolean;
}

interface Located {
  finding: Finding;
  scope: Scope;
}

/** Findings kept of each tool and severity, and streams told apart: bounds for hostile output. */
const mostFindings = 2_000;
const mostStreams = 1_000;

/**
 * The problems that a task's output (stdout and stderr as they came, colours allowed) tells of files in the workspace,
 * without repetitions, in the order of the output. A problem whose file does not exist, lies outside the workspace or
 * belongs to a dependency is left out: there is no line to show it on, and the task's log still has it.
 */
export function findProblems(output: string, place: ProblemPlace): Problem[] {
  const workspace = resolve(place.workspace);
  const prefixes = createPrefixReader();
  const findings = readFindings(output, prefixes.read);
  const locate = createLocator({
    workspace: formsOf(workspace),
    directory: resolve(place.directory),
    isFile: place.isFile ?? isFileOnDisk,
    mentioned: prefixes.folders.mentioned,
    folderOf: (name) => {
      const given = place.packages?.get(name);
      return given === undefined ? prefixes.folders.byPackage.get(name) : resolve(workspace, given);
    },
  });
  return distinct(findings.flatMap(({ finding, scope }) => toProblem(finding, scope, locate) ?? []));
}

function readFindings(output: string, read: ReturnType<typeof createPrefixReader>['read']): Located[] {
  const findings: Located[] = [];
  const counts = new Map<string, number>();
  const streams = new Map<string, { text: LineReader[]; commands: LineReader }>();

  function open(stream: string, scope: Scope): { text: LineReader[]; commands: LineReader } {
    const known = streams.get(stream);
    if (known !== undefined) return known;
    if (streams.size >= mostStreams) return open('', scope);
    const report = (finding: Finding): void => {
      const kind = `${finding.tool} ${finding.severity}`;
      const count = counts.get(kind) ?? 0;
      counts.set(kind, count + 1);
      if (count < mostFindings) findings.push({ finding, scope });
    };
    const readers = { text: textParsers.map((parser) => parser.begin(report)), commands: githubCommand.begin(report) };
    streams.set(stream, readers);
    return readers;
  }

  open('', {});
  eachLine(output, (line) => {
    const { stream, scope, text } = read(line);
    const readers = open(stream, scope);
    if (isAnnotationCommand(text)) readers.commands.line(text);
    else for (const reader of readers.text) reader.line(text);
  });
  for (const { text } of streams.values()) for (const reader of text) reader.end();
  return findings;
}

function toProblem(finding: Finding, scope: Scope, locate: Locate): Problem | undefined {
  for (const place of finding.places) {
    const file = locate(place, scope);
    if (file === undefined) continue;
    const { tool, kind, severity, rule, message } = finding;
    const { line, column, endLine, endColumn } = place;
    const problem: Problem = { tool, kind, severity, file: detached(file), message: detached(message) };
    if (rule !== undefined) problem.rule = detached(rule);
    if (line === undefined) return problem;
    problem.line = line;
    if (column !== undefined) problem.column = column;
    // GitHub refuses an annotation that ends before it starts.
    if (endLine === undefined || endLine < line) return problem;
    problem.endLine = endLine;
    if (endColumn !== undefined && (endLine > line || endColumn >= (column ?? 0))) problem.endColumn = endColumn;
    return problem;
  }
  return undefined;
}

/** A copy that does not keep the whole output in memory, as a slice of it would; lone surrogates become U+FFFD. */
function detached(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8');
}
