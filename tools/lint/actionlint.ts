import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { installGoTool } from '../install/go.ts';
import { installPythonTools } from '../install/python.ts';
import { root } from '../install/root.ts';
import { type SourceFile, withoutCacheMode } from './files.ts';
import type { Finding } from './finding.ts';

interface ActionlintError {
  readonly message: string;
  readonly filepath: string;
  readonly line: number;
  readonly column: number;
}

/**
 * What actionlint says of workflows and of callers' files. It does not know `$/`, so it is shown a copy in which that
 * says `./` (the same length: columns stay right), and in which callers call the copy itself.
 */
export async function actionlintFindings(
  workflows: readonly SourceFile[],
  callers: readonly SourceFile[],
): Promise<Finding[]> {
  const actionlint = await installGoTool(
    join(root, 'tools/lint/actionlint'),
    'github.com/rhysd/actionlint/cmd/actionlint',
  );
  const shellcheck = join(
    await installPythonTools('lint-python', join(root, 'tools/lint/requirements.txt')),
    'shellcheck',
  );
  const copy = await mkdtemp(join(tmpdir(), 'actionlint-'));
  try {
    await mkdir(join(copy, '.git'));
    await cp(join(root, 'actions'), join(copy, 'actions'), { recursive: true });
    await cp(join(root, 'dist'), join(copy, 'dist'), { recursive: true });
    const origins = new Map<string, string>();
    for (const { path, text } of [...workflows, ...callers]) {
      const name = path.startsWith('.github/') ? path : join('.github/workflows', `caller-${basename(path)}`);
      origins.set(name, path);
      await mkdir(join(copy, dirname(name)), { recursive: true });
      const shown = withoutCacheMode(text)
        .replaceAll('uses: $/', 'uses: ./')
        .replace(/uses: org\/pipelines\/(\S+)@v1/g, 'uses: ./$1');
      await writeFile(join(copy, name), shown);
    }
    const args = ['-format', '{{json .}}', '-shellcheck', shellcheck, '-pyflakes', '', ...origins.keys()];
    return parse(await outputOf(actionlint, args, copy), origins);
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

function parse(output: string, origins: ReadonlyMap<string, string>): Finding[] {
  const errors = JSON.parse(output) as readonly ActionlintError[];
  return errors.map(({ message, filepath, line, column }) => {
    return { tool: 'actionlint', path: origins.get(filepath) ?? filepath, line, column, message };
  });
}

/** Standard output of a linter that ends with 1 when it found something; any other status is a fault. */
function outputOf(program: string, args: readonly string[], cwd: string): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(program, [...args], { cwd, maxBuffer: 16 * 1024 * 1024 }, (error, stdout, stderr) => {
      if (error === null || error.code === 1) resolve(stdout);
      else reject(new Error(`${program} failed: ${stderr}`, { cause: error }));
    });
  });
}
