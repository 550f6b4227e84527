import { fieldOf, parseJsonWithComments } from './json.ts';
import { inFolder } from './paths.ts';
import type { RepositoryFiles } from './repository-files.ts';

/**
 * What a project's own task runner says about order: script to `dependsOn` entries (`build` of the same package,
 * `^build` of those it depends on, `other#build`), from turbo.json (turborepo.com/docs/reference/configuration) and
 * nx.json (nx.dev/reference/nx-json).
 */
export type DeclaredOrder = ReadonlyMap<string, readonly string[]>;

const LARGEST_CONFIG = 1024 * 1024;

/** Reads both files in the project's root. One that can't be read says nothing: its own tool reports it. */
export async function declaredOrder(files: RepositoryFiles, root: string): Promise<DeclaredOrder> {
  const declared = new Map<string, readonly string[]>();
  const sources: readonly (readonly [string, readonly string[]])[] = [
    ['turbo.json', ['pipeline', 'tasks']],
    ['turbo.jsonc', ['tasks']],
    ['nx.json', ['targetDefaults']],
  ];
  for (const [name, fields] of sources) {
    const path = inFolder(root, name);
    const text = files.has(path) ? await files.read(path, LARGEST_CONFIG) : undefined;
    const parsed = text === undefined ? undefined : parseJsonWithComments(text);
    if (parsed === undefined || 'fault' in parsed) continue;
    for (const field of fields)
      for (const [script, entries] of dependsOnOf(fieldOf(parsed.value, field))) declared.set(script, entries);
  }
  return declared;
}

function dependsOnOf(tasks: unknown): readonly (readonly [string, readonly string[]])[] {
  if (typeof tasks !== 'object' || tasks === null) return [];
  return Object.entries(tasks).flatMap(([script, task]) => {
    const dependsOn = fieldOf(task, 'dependsOn');
    if (!Array.isArray(dependsOn)) return [];
    return [[script, dependsOn.filter((entry) => typeof entry === 'string').slice(0, 100)] as const];
  });
}
