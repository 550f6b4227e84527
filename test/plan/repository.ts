import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { planOutput } from '../../src/plan/output.ts';
import { type Plan, type PlannedTask, type PlanOptions, planRepository } from '../../src/plan/plan.ts';
import { planLog } from '../../src/plan/summary.ts';
import { PipelineError } from '../../src/runtime/errors.ts';
import { temporaryFolder, writeFiles } from '../support/temporary.ts';

/** Files by path; an object is written as JSON. */
export type Tree = Readonly<Record<string, string | object>>;

/** A git repository with these files, none of them committed. */
export async function repository(tree: Tree): Promise<string> {
  const folder = await temporaryFolder();
  const texts = Object.entries(tree).map(([path, content]) => {
    return [path, typeof content === 'string' ? content : JSON.stringify(content, undefined, 2)];
  });
  await writeFiles(folder, Object.fromEntries(texts));
  execFileSync('git', ['-C', folder, 'init', '-q', '-b', 'main']);
  return folder;
}

const schema = JSON.parse(await readFile(new URL('../../docs/plan.schema.json', import.meta.url), 'utf8')) as object;
const validate = new Ajv2020({ allErrors: true, strict: true }).compile(schema);

/** What is wrong with a plan: against the published schema, or in its own references. Empty for a good one. */
export function faultsOf(plan: Plan): readonly string[] {
  const output: unknown = JSON.parse(JSON.stringify(planOutput(plan)));
  const faults = validate(output)
    ? []
    : (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);
  const seen = new Set<string>();
  for (const { id, needs } of plan.tasks) {
    if (seen.has(id)) faults.push(`two tasks are called ${id}`);
    for (const need of needs) if (!seen.has(need)) faults.push(`${id} comes before ${need}, which it needs`);
    seen.add(id);
  }
  return faults;
}

/** Plans a repository on disk, and makes sure that the plan is as the published schema says. */
export async function planOf(workspace: string, options: Partial<PlanOptions> = {}): Promise<Plan> {
  const plan = await planRepository({ workspace, workingDirectory: '.', ...options });
  const faults = faultsOf(plan);
  if (faults.length > 0) throw new Error(faults.join('\n'));
  return plan;
}

/** Plans a repository made of these files. */
export async function plan(tree: Tree, options: Partial<PlanOptions> = {}): Promise<Plan> {
  return planOf(await repository(tree), options);
}

/** A plan as it is read in the log. */
export function lines(of: Plan): readonly string[] {
  return planLog(of);
}

/** Ids with what they need, `build <- packages/shared:build`. */
export function order(of: Plan): readonly string[] {
  return of.tasks.map(({ id, needs }) => (needs.length === 0 ? id : `${id} <- ${needs.join(' ')}`)).sort();
}

/** The commands by id. */
export function commands(of: Plan): Readonly<Record<string, string>> {
  return Object.fromEntries(of.tasks.map(({ id, display }) => [id, display]));
}

export function task(of: Plan, id: string): PlannedTask {
  const found = of.tasks.find((candidate) => candidate.id === id);
  if (found === undefined)
    throw new Error(`no task ${id} among ${of.tasks.map((candidate) => candidate.id).join(', ')}`);
  return found;
}

/** The message of the failure that planning ends with. */
export async function refusal(tree: Tree, options: Partial<PlanOptions> = {}): Promise<string> {
  const folder = await repository(tree);
  return refusalOf(folder, options);
}

export async function refusalOf(folder: string, options: Partial<PlanOptions> = {}): Promise<string> {
  try {
    await planOf(folder, options);
  } catch (error) {
    if (error instanceof PipelineError) return error.message;
    throw error;
  }
  throw new Error('nothing was refused');
}

/** A package.json with these scripts, and dependencies whose versions do not matter. */
export function manifest(
  scripts: Readonly<Record<string, string>> = {},
  devDependencies: readonly string[] = [],
  rest: Readonly<Record<string, unknown>> = {},
): object {
  const versions = Object.fromEntries(devDependencies.map((name) => [name, '*']));
  return { name: 'project', version: '1.0.0', scripts, devDependencies: versions, ...rest };
}
