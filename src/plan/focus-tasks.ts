import { delegationOf } from './delegation.ts';
import { type Draft, ofKind } from './draft.ts';
import type { PackageFacts } from './facts.ts';
import { dependenciesOf } from './graph.ts';
import { type Handed, type PackageTasks, type Remark, scriptDraft, tasksOfPackage } from './package-tasks.ts';
import { hasBuiltEntry } from './reads-build.ts';
import { chooseScript } from './script-choice.ts';
import { TASK_KINDS, type TaskKind } from './types.ts';
import type { WorkspaceQuestion } from './workspace-tasks.ts';

export interface FocusTasks extends PackageTasks {
  /** Folders of the packages that are there because the focus depends on them. */
  readonly dependencies: ReadonlySet<string>;
}

/**
 * The tasks of one package of a workspace: its own of every kind, and what generates and builds the packages that it
 * depends on. Where one of those has no build and its files come from the root's, the root's build runs instead of all.
 * A root script that hands over to the packages names the script; one that stands for the whole workspace is not run.
 */
export function tasksOfFocus(question: WorkspaceQuestion, focus: PackageFacts): FocusTasks {
  const { root, members, graph, ask } = question;
  const folders = dependenciesOf(focus.directory, graph);
  const dependencies = members.filter(({ directory }) => folders.has(directory));
  const { preferred, handed, covering } = handedByRoot(question);
  const own = tasksOfPackage(ask(focus, { preferred, handed, tools: new Set(TASK_KINDS) }), [...TASK_KINDS]);
  const remarks: Remark[] = own.remarks.map((remark) => explained(remark, own.drafts, covering));
  const built = dependencies.map((facts) => tasksOfPackage(ask(facts, { preferred, handed }), ['generate', 'build']));
  const drafts = [...own.drafts, ...built.flatMap((part) => part.drafts)];
  const rootBuild = covering.get('build');
  const unbuilt = dependencies.filter(
    (facts) =>
      hasBuiltEntry(facts) && !drafts.some(({ kind, directory }) => kind === 'build' && directory === facts.directory),
  );
  if (rootBuild === undefined || unbuilt.length === 0) return { drafts, remarks, dependencies: folders };
  const kept = drafts.filter(({ kind, directory }) => kind !== 'build' || directory === focus.directory);
  const { choice } = chooseScript(root.manifest, 'build', { coverage: false });
  if (choice === undefined) return { drafts, remarks, dependencies: folders };
  const build = { ...scriptDraft(ask(root), 'build', choice), coversWorkspace: true };
  return {
    drafts: [...kept, build],
    remarks,
    dependencies: folders.size === 0 ? folders : new Set([...folders, root.directory]),
  };
}

interface FromRoot {
  readonly preferred: Partial<Record<TaskKind, readonly string[]>>;
  readonly handed: Partial<Record<TaskKind, Handed>>;
  /** Root scripts that stand for the whole workspace. */
  readonly covering: ReadonlyMap<TaskKind, string>;
}

function handedByRoot({ root, ask }: WorkspaceQuestion): FromRoot {
  const preferred: Partial<Record<TaskKind, readonly string[]>> = {};
  const handed: Partial<Record<TaskKind, Handed>> = {};
  const covering = new Map<TaskKind, string>();
  for (const kind of TASK_KINDS) {
    const { choice } = chooseScript(root.manifest, kind, { coverage: ask(root).coverage });
    if (choice === undefined) continue;
    const found = delegationOf(choice.expansion.calls, kind);
    if (found === undefined) covering.set(kind, choice.script);
    else {
      preferred[kind] = found.targets;
      handed[kind] = { extra: found.extra, environment: found.environment };
    }
  }
  return { preferred, handed, covering };
}

/** That there is nothing to run for one package, where the root has a script for all, is a gap to tell. */
function explained(remark: Remark, drafts: readonly Draft[], covering: ReadonlyMap<TaskKind, string>): Remark {
  const kind = TASK_KINDS.find((name) => name === remark.subject);
  const script = kind === undefined ? undefined : covering.get(kind);
  if (kind === undefined || script === undefined || ofKind(drafts, kind).length > 0) return remark;
  const reason = `the root’s \`${script}\` stands for the whole workspace and is not run for one package`;
  return { ...remark, reason, notChecked: { subject: kind, reason } };
}
