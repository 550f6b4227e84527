import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Action } from '../../src/runtime/action.ts';
import { table } from './action-files.ts';
import type { WorkflowContract } from './workflow-contract.ts';

/** A generated part of a page that is otherwise written by hand. */
const PART = (name: string) => new RegExp(`(<!-- generated: ${name} -->\n)[\\s\\S]*?(<!-- /generated -->)`);

/** Writes the tables of each workflow's page, docs/<name>.md. */
export async function writeWorkflowPages(root: string, workflows: readonly WorkflowContract[]): Promise<void> {
  for (const workflow of workflows) {
    await rewrite(join(root, 'docs', `${workflow.name}.md`), 'contract', contractTables(workflow));
  }
}

/** Puts a text between the marks of a part. @throws Error when the page has no such marks */
function replacePart(page: string, name: string, text: string, path: string): string {
  if (!PART(name).test(page)) throw new Error(`${path} has no part <!-- generated: ${name} --> … <!-- /generated -->`);
  return page.replace(PART(name), (_, open: string, close: string) => `${open}${text}\n${close}`);
}

/** Writes the index of docs/troubleshooting.md: every code with the first sentence of its entry. */
export async function writeCodeIndex(root: string): Promise<void> {
  const folder = join(root, 'docs/troubleshooting');
  const names = (await readdir(folder)).filter((name) => name.endsWith('.md')).sort();
  const rows: string[][] = [];
  for (const name of names) {
    const page = await readFile(join(folder, name), 'utf8');
    for (const [, code, text = ''] of page.matchAll(/^## (PIPE-[A-Z]+-\d{3})\s+((?:.+\n)+)/gm)) {
      const [sentence = ''] = text
        .trim()
        .replaceAll(/\s+/g, ' ')
        .split(/(?<=[.:])\s(?=[A-Z`])/, 1);
      rows.push([`[${code}](troubleshooting/${name}#${code?.toLowerCase()})`, sentence]);
    }
  }
  rows.sort(([a = ''], [b = '']) => (a < b ? -1 : 1));
  await rewrite(join(root, 'docs/troubleshooting.md'), 'codes', table(['code', 'what it means'], rows));
}

/** Writes the table of actions in README.md. */
export async function writeActionTable(root: string, actions: readonly Action[]): Promise<void> {
  const rows = actions.map(({ name, description }) => [`[\`${name}\`](actions/${name}/README.md)`, description]);
  await rewrite(join(root, 'README.md'), 'actions', table(['action', 'what it does'], rows));
}

async function rewrite(path: string, part: string, text: string): Promise<void> {
  await writeFile(path, replacePart(await readFile(path, 'utf8'), part, text, path));
}

function contractTables({ inputs, secrets, outputs, permissions }: WorkflowContract): string {
  const inputRows = Object.entries(inputs).map(([name, input]) => [
    `\`${name}\``,
    input.description,
    input.type,
    input.default === undefined || input.default === '' ? '' : `\`${input.default}\``,
  ]);
  const secretRows = Object.entries(secrets).map(([name, { description }]) => [`\`${name}\``, description]);
  const outputRows = Object.entries(outputs).map(([name, { description }]) => [`\`${name}\``, description]);
  const grants = Object.entries(permissions).map(([scope, access]) => `  ${scope}: ${access}`);
  return [
    '### Inputs',
    table(['input', 'what it is', 'type', 'default'], inputRows),
    '### Secrets',
    'All are optional.',
    table(['secret', 'what it is'], secretRows),
    '### Outputs',
    table(['output', 'what it is'], outputRows),
    '### Permissions',
    'A caller has to grant all of these; GitHub compares them before the run starts, also for jobs that are skipped.',
    ['```yaml', 'permissions:', ...grants, '```'].join('\n'),
  ].join('\n\n');
}
