import { cp, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parse as parseYaml } from 'yaml';
import { actAction, tokenInputsOf } from './act-job.ts';
import { suggestion, UsageError } from './usage-error.ts';
import { isMap, parseWorkflow, type ValueMap } from './workflow-file.ts';

/** The copy of the bundle that runs. */
export interface BundleCopy {
  /** The folder that act takes for the bundle's repository. */
  readonly folder: string;
  /** Inputs that default to the job's token, by action (`actions/report`, `.` for the root). */
  readonly tokenInputs: ReadonlyMap<string, readonly string[]>;
}

/**
 * Copies what runs of a bundle (dist/, and every action.yml with references to itself rewritten) below `target`. act
 * copies an action's whole repository at each step, so the code stands beside it and is linked to.
 *
 * @throws UsageError when the folder is no bundle.
 */
export async function copyBundle(bundle: string, target: string): Promise<BundleCopy> {
  const code = join(target, 'code', 'dist');
  const folder = join(target, 'repository');
  await mkdir(folder, { recursive: true });
  if (await isFolder(join(bundle, 'dist'))) await cp(join(bundle, 'dist'), code, { recursive: true });
  else await mkdir(code, { recursive: true });
  await symlink(code, join(folder, 'dist'));
  const tokenInputs = new Map<string, readonly string[]>();
  const names = (await isFolder(join(bundle, 'actions'))) ? await readdir(join(bundle, 'actions')) : [];
  for (const action of ['.', ...names.map((name) => `actions/${name}`)]) {
    const text = await readFile(join(bundle, action, 'action.yml'), 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
      throw error;
    });
    if (text === undefined) continue;
    const parsed: unknown = parseYaml(text);
    if (!isMap(parsed)) throw new UsageError(`${join(action, 'action.yml')} is no action: it holds no mapping`);
    tokenInputs.set(action, tokenInputsOf(parsed));
    await mkdir(join(folder, action), { recursive: true });
    await writeFile(join(folder, action, 'action.yml'), JSON.stringify(actAction(parsed), undefined, 1));
  }
  return { folder, tokenInputs };
}

/** Bare names of the bundle's workflow files, sorted. @throws UsageError when it has no folder of them. */
export async function workflowNames(bundle: string): Promise<readonly string[]> {
  const folder = join(bundle, '.github', 'workflows');
  if (!(await isFolder(folder))) throw new UsageError(`${resolve(bundle)} is no bundle: it has no .github/workflows`);
  return (await readdir(folder)).filter((name) => /\.ya?ml$/.test(name)).sort();
}

/** All workflows of the bundle, parsed when asked for. */
export async function openWorkflows(bundle: string): Promise<(name: string) => ValueMap> {
  const names = await workflowNames(bundle);
  const texts = new Map<string, string>();
  for (const name of names) texts.set(name, await readFile(join(bundle, '.github', 'workflows', name), 'utf8'));
  return (name) => {
    const text = texts.get(name);
    if (text === undefined) throw new UsageError(missingWorkflow(name, names));
    return parseWorkflow(text, `.github/workflows/${name}`);
  };
}

function missingWorkflow(name: string, names: readonly string[]): string {
  const callable = names.filter((candidate) => !candidate.startsWith('ci-'));
  return `there is no workflow "${name}"${suggestion(name, callable)}: the bundle has ${callable.join(', ')}`;
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() === true;
}
