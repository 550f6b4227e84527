import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';

export type Access = 'read' | 'write';

export interface WorkflowInput {
  readonly type: 'string' | 'boolean' | 'number';
  readonly description: string;
  readonly required: boolean;
  readonly default: string | number | boolean | undefined;
}

/** What a caller of a public workflow relies on. */
export interface WorkflowContract {
  readonly name: string;
  /** First comment of the file: what it is for. */
  readonly purpose: string;
  readonly inputs: Readonly<Record<string, WorkflowInput>>;
  readonly secrets: Readonly<Record<string, { readonly description: string; readonly required: boolean }>>;
  readonly outputs: Readonly<Record<string, { readonly description: string }>>;
  /** The union of what its jobs ask for: what a caller has to grant. */
  readonly permissions: Readonly<Record<string, Access>>;
}

interface WorkflowFile {
  readonly name: string;
  readonly on: {
    readonly workflow_call: {
      readonly inputs?: Record<string, Partial<WorkflowInput>>;
      readonly secrets?: Record<string, { description?: string; required?: boolean }>;
      readonly outputs?: Record<string, { description?: string }>;
    };
  };
  readonly jobs: Record<string, { readonly permissions?: Record<string, Access> }>;
}

/** The public workflows; this repository's own are ci-*.yml. */
export async function workflowContracts(root: string): Promise<WorkflowContract[]> {
  const folder = join(root, '.github/workflows');
  const names = (await readdir(folder)).filter((name) => name.endsWith('.yml') && !name.startsWith('ci-')).sort();
  return Promise.all(names.map(async (name) => workflowContract(name, await readFile(join(folder, name), 'utf8'))));
}

function workflowContract(name: string, text: string): WorkflowContract {
  const file = parse(text) as WorkflowFile;
  const { inputs = {}, secrets = {}, outputs = {} } = file.on.workflow_call;
  return {
    name: name.replace(/\.yml$/, ''),
    purpose: /^# (.*?)(?: Page: \S+)?$/m.exec(text)?.[1] ?? '',
    inputs: mapValues(inputs, (input) => ({
      type: input.type ?? 'string',
      description: input.description ?? '',
      required: input.required === true,
      default: input.default,
    })),
    secrets: mapValues(secrets, (secret) => ({
      description: secret.description ?? '',
      required: secret.required === true,
    })),
    outputs: mapValues(outputs, (output) => ({ description: output.description ?? '' })),
    permissions: unionOfPermissions(Object.values(file.jobs).map(({ permissions }) => permissions ?? {})),
  };
}

export function unionOfPermissions(blocks: readonly Readonly<Record<string, Access>>[]): Record<string, Access> {
  const union = new Map<string, Access>();
  for (const [scope, access] of blocks.flatMap((block) => Object.entries(block))) {
    if (union.get(scope) !== 'write') union.set(scope, access);
  }
  return Object.fromEntries([...union].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function mapValues<T, U>(record: Readonly<Record<string, T>>, change: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));
}
