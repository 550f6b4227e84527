import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from '../../tools/install/root.ts';
import { runAs, type StepOptions, type StepOutcome } from './run-dist.ts';
import { temporaryFolder, writeFiles } from './temporary.ts';

/** Runs an action from its source, in a process of its own, with what the runner gives it: no build is needed. */
export async function runSource({
  action,
  temp,
  ...options
}: Omit<StepOptions, 'node' | 'temp'> & Partial<Pick<StepOptions, 'temp'>>): Promise<StepOutcome> {
  const program = join(import.meta.dirname, 'source-action.ts');
  return await runAs({ program, args: [action] }, { ...options, temp: temp ?? (await temporaryFolder()) });
}

/** Lays an action's stub out as in dist, for one that looks beside itself; it starts the source. @returns its path */
export async function sourceStub(folder: string, action: string): Promise<string> {
  const main = pathToFileURL(join(root, 'src/main.ts')).href;
  await writeFiles(folder, {
    'dist/package.json': '{"type":"module"}',
    [`dist/${action}.js`]: `import { start } from '${main}';\nawait start('${action}');\n`,
  });
  return join(folder, 'dist', `${action}.js`);
}
