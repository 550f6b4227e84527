import type { Git } from './git.ts';
import type { Source } from './snapshot-tree.ts';

/** Commits of the folder that are taken along; older ones are as if they had never been. */
const LONGEST = 1_000;

/** The ref that the history is made under. */
const REF = 'refs/local/folder';

const FIELDS = ['%H', '%an', '%ae', '%at', '%cn', '%ce', '%ct', '%B'];

/**
 * The history of a folder inside a larger repository as one of its own: the commits that changed the folder, with its
 * content at the root. The id of each depends on the original commit only, so that what is known of a commit in one run
 * is found by its id in the next.
 *
 * @returns the last commit of it, or undefined when the folder is in no commit.
 */
export async function historyOfFolder(source: Source, target: Git, commitish: string): Promise<string | undefined> {
  const format = `--format=${FIELDS.join('%x00')}%x00`;
  const listed = await source.git(['log', '--first-parent', `--max-count=${LONGEST}`, format, commitish, '--', '.']);
  const values = listed.split('\0');
  const commits: string[][] = [];
  for (let at = 0; at + FIELDS.length <= values.length; at += FIELDS.length) {
    commits.push(values.slice(at, at + FIELDS.length));
  }
  if (commits.length === 0) return undefined;
  commits.reverse();
  const folder = source.prefix.replace(/\/$/, '');
  const names = commits.map(([id = '']) => `${id.trim()}:${folder}\n`);
  const found = (await source.git(['cat-file', '--batch-check=%(objectname)'], { input: names.join('') })).split('\n');
  const empty = await target(['hash-object', '-w', '-t', 'tree', '--stdin'], { input: '' });
  // A commit that removed the folder names no tree.
  const trees = found.map((line) => (/^[0-9a-f]+$/.test(line) ? line : empty));
  const input = commits.map((fields, index) => importOf(fields, trees[index] ?? empty, index)).join('');
  await target(['fast-import', '--quiet', '--force', '--date-format=raw-permissive'], { input });
  return target(['rev-parse', REF]);
}

/** A commit as git fast-import reads it (git-fast-import(1)); the one before on the ref is its parent. */
function importOf(fields: readonly string[], tree: string, index: number): string {
  const [, an = '', ae = '', at = '', cn = '', ce = '', ct = '', message = ''] = fields;
  const who = (name: string, email: string, time: string) =>
    `${name.replaceAll(/[<>\n]/g, '')} <${email.replaceAll(/[<>\n]/g, '')}> ${time} +0000`;
  return [
    index === 0 ? `reset ${REF}\n` : '',
    `commit ${REF}\n`,
    `author ${who(an, ae, at)}\ncommitter ${who(cn, ce, ct)}\n`,
    `data ${Buffer.byteLength(message)}\n${message}\n`,
    `M 040000 ${tree} ""\n\n`,
  ].join('');
}
