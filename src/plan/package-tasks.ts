import { measuresCoverage } from './coverage.ts';
import { type Draft, displayed, programFolders, scriptCommand, toolCommand } from './draft.ts';
import type { PackageFacts } from './facts.ts';
import { prismaSchemaOf } from './prisma.ts';
import type { ProgramCall } from './programs.ts';
import { generatesPrisma } from './recognise.ts';
import type { RepositoryFiles } from './repository-files.ts';
import { type Choices, chooseScript, type ScriptChoice } from './script-choice.ts';
import { FURTHER_TESTS, INSTALL_SCRIPTS } from './script-names.ts';
import { expandScript } from './scripts.ts';
import { runnerOfCall, runnerOfScript } from './test-runner.ts';
import {
  formatTool,
  lintTool,
  type ToolChoice,
  type ToolOutcome,
  type ToolQuestion,
  testTool,
  typecheckTool,
} from './tools.ts';
import type { PackageManagerName, TaskKind, TestRunner } from './types.ts';

/** Something to say about one package; lines that say the same of several are put together later. */
export interface Remark {
  readonly directory: string;
  readonly subject: string;
  readonly decision: string;
  readonly reason: string;
  /** Set where it is also something that is not checked. */
  readonly notChecked?: { readonly subject: string; readonly reason: string };
}

export interface PackageTasks {
  readonly drafts: readonly Draft[];
  readonly remarks: readonly Remark[];
}

export interface PackageQuestion {
  readonly facts: PackageFacts;
  readonly packageManager: PackageManagerName;
  readonly coverage: boolean;
  /** Names of scripts by kind that stand before the usual ones. */
  readonly preferred: Readonly<Partial<Record<TaskKind, readonly string[]>>>;
  /** Arguments and variables that the root script hands over with them. */
  readonly handed: Readonly<Partial<Record<TaskKind, Handed>>>;
  /** Kinds for which a tool may be started where there is no script. */
  readonly tools: ReadonlySet<TaskKind>;
  /** See {@link ToolQuestion.needsOwnConfig}. */
  readonly needsOwnConfig: boolean;
  /** Programs that tasks chosen before for this package start. */
  readonly running: readonly ProgramCall[];
}

export interface Handed {
  readonly extra: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** Tools by kind, in the order in which they are asked: lint before format, as Biome does both at once. */
const TOOLS: readonly (readonly [TaskKind, (question: ToolQuestion) => ToolOutcome])[] = [
  ['lint', lintTool],
  ['format', formatTool],
  ['typecheck', typecheckTool],
  ['test', testTool],
];

/** Chooses the tasks of one package for the given kinds: its scripts first, then its tools. */
export function tasksOfPackage(question: PackageQuestion, kinds: readonly TaskKind[]): PackageTasks {
  const { facts, coverage, preferred } = question;
  const remarks: Remark[] = [];
  const drafts: Draft[] = [];
  for (const kind of kinds) {
    const choices = chooseScript(facts.manifest, kind, {
      // What the root hands over may ask for it already, and twice is too much.
      coverage: coverage && !measuresCoverage([handedCall(question, kind)]),
      preferred: preferred[kind] ?? [],
      has: (name) => facts.dependency(name) !== undefined,
    });
    if (choices.choice !== undefined) drafts.push(scriptDraft(question, kind, choices.choice));
    remarks.push(...passedOver(question, kind, choices));
  }
  for (const [kind, choose] of TOOLS) {
    if (!kinds.includes(kind) || !question.tools.has(kind) || drafts.some((draft) => draft.kind === kind)) continue;
    const running = [...question.running, ...drafts.flatMap(({ calls }) => calls)];
    const outcome = choose({ facts, running, needsOwnConfig: question.needsOwnConfig, coverage });
    if ('argv' in outcome) drafts.push(toolDraft(question, kind, outcome));
    else remarks.push({ directory: facts.directory, subject: kind, decision: 'nothing to run', reason: outcome.none });
  }
  remarks.push(...furtherTests(question, kinds, drafts));
  return { drafts, remarks };
}

/** What the root hands over for a kind, as a call of nothing. */
function handedCall({ handed }: PackageQuestion, kind: TaskKind): ProgramCall {
  const { extra = [], environment = {} } = handed[kind] ?? {};
  return { program: '', args: extra, environment, isPlain: true };
}

export function scriptDraft(question: PackageQuestion, kind: TaskKind, choice: ScriptChoice): Draft {
  const { facts, packageManager } = question;
  const { extra = [], environment = {} } = question.handed[kind] ?? {};
  const shared = {
    kind,
    label: kind,
    facts,
    directory: facts.directory,
    source: 'package.json',
    scripts: choice.expansion.scripts,
    calls: choice.expansion.calls,
    corrects: choice.corrects,
    coversWorkspace: false,
    writesInstalledOnly: false,
    environment,
    script: choice.script,
    ...(kind === 'test' ? withRunner(scriptRunner(question, choice, extra)) : {}),
  };
  if (choice.instead === undefined) {
    const command = scriptCommand(packageManager, choice.script, [...extra, ...(choice.extra ?? [])]);
    const reason = choice.extra === undefined ? '' : `, with ${choice.extra.join(' ')} added for the coverage`;
    return { ...shared, command, display: displayed(command), path: [], reason: `package.json${reason}` };
  }
  const command = toolCommand(packageManager, [...choice.instead.argv, ...extra]);
  const path = programFolders(packageManager, facts.directory);
  return { ...shared, command, display: displayed(command), path, reason: choice.instead.reason };
}

function scriptRunner(
  { facts, packageManager }: PackageQuestion,
  choice: ScriptChoice,
  extra: readonly string[],
): TestRunner | undefined {
  const handed = choice.instead === undefined ? [...extra, ...(choice.extra ?? [])] : extra;
  return runnerOfScript(facts.manifest, choice, handed, { packageManager, directory: facts.directory });
}

function withRunner(runner: TestRunner | undefined): { readonly runner?: TestRunner } {
  return runner === undefined ? {} : { runner };
}

export function toolDraft({ facts, packageManager }: PackageQuestion, kind: TaskKind, tool: ToolChoice): Draft {
  const command = toolCommand(packageManager, tool.argv);
  const [program, ...args] = tool.argv;
  const call = { program, args, environment: {}, isPlain: true };
  return {
    kind,
    label: kind,
    facts,
    directory: facts.directory,
    command,
    display: displayed(command),
    path: program === 'node' ? [] : programFolders(packageManager, facts.directory),
    environment: {},
    source: tool.source,
    reason: tool.reason,
    calls: [call],
    ...(kind === 'test'
      ? withRunner(runnerOfCall(facts.manifest, call, { packageManager, directory: facts.directory }))
      : {}),
    scripts: new Set(),
    corrects: false,
    writesInstalledOnly: false,
    coversWorkspace: false,
  };
}

function passedOver(
  { facts }: PackageQuestion,
  kind: TaskKind,
  { choice, passedOver: scripts }: Choices,
): readonly Remark[] {
  return scripts
    .filter(({ isLoss }) => choice === undefined || (isLoss && kind === 'test'))
    .map(({ script, reason, isLoss }) => {
      const remark = { directory: facts.directory, subject: kind, decision: `script \`${script}\` is not run`, reason };
      return isLoss ? { ...remark, notChecked: { subject: `script ${script}`, reason } } : remark;
    });
}

/** Scripts with further tests that nothing of the plan runs. */
function furtherTests(
  { facts }: PackageQuestion,
  kinds: readonly TaskKind[],
  drafts: readonly Draft[],
): readonly Remark[] {
  if (!kinds.includes('test')) return [];
  const running = new Set(drafts.flatMap(({ scripts }) => [...scripts]));
  const left = [...facts.manifest.scripts.keys()].filter((name) => FURTHER_TESTS.test(name) && !running.has(name));
  return left.map((script) => ({
    directory: facts.directory,
    subject: 'test',
    decision: `script \`${script}\` is not run`,
    reason: 'tests beyond the unit tests',
    notChecked: { subject: `script ${script}`, reason: 'no task of the plan runs these tests' },
  }));
}

/**
 * `prisma generate` for a package with a schema and the client, where no script does it: neither one of its tasks nor
 * one that runs after an install (its own or the root's).
 */
export async function prismaTask(
  files: RepositoryFiles,
  question: PackageQuestion,
  drafts: readonly Draft[],
  rootFacts: PackageFacts,
): Promise<PackageTasks> {
  const { facts } = question;
  const nothing = { drafts: [], remarks: [] };
  if (!facts.manifest.dependencies.has('@prisma/client') || facts.dependency('prisma') === undefined) return nothing;
  const schema = await prismaSchemaOf(files, facts.manifest, facts.files);
  if (schema === undefined) return nothing;
  const remark = (reason: string) => ({
    directory: facts.directory,
    subject: 'prisma generate',
    decision: 'not run by itself',
    reason,
  });
  const running = drafts.find(
    ({ kind, calls }) => (kind === 'generate' || kind === 'build') && calls.some(generatesPrisma),
  );
  if (running !== undefined) return { drafts: [], remarks: [remark(`the ${running.kind} script does it`)] };
  const installed = [facts, rootFacts].some(({ manifest }) =>
    INSTALL_SCRIPTS.some((script) => expandScript(manifest, script).calls.some(generatesPrisma)),
  );
  if (installed) return { drafts: [], remarks: [remark('an install script does it')] };
  const argv: ToolChoice['argv'] = ['prisma', 'generate', ...(schema.isFound ? [] : ['--schema', schema.path])];
  const draft = toolDraft(question, 'generate', { argv, source: schema.path, reason: `${schema.path}, no script` });
  const isSecond = drafts.some(({ kind, directory }) => kind === 'generate' && directory === facts.directory);
  const label = isSecond ? 'prisma-generate' : 'generate';
  return { drafts: [{ ...draft, label, writesInstalledOnly: !schema.writesSource }], remarks: [] };
}
