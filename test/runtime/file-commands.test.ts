import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createFileCommands } from '../../src/runtime/file-commands.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { readFileCommands } from './runner-model.ts';

test.each([
  'plain',
  '',
  'two\nlines',
  'pipelines_end',
  'a\npipelines_end\nforged<<x\nyes\nx',
  'pipelines_end\npipelines_end_\npipelines_end__',
])('the runner reads back %j, whatever it holds', async (value) => {
  const file = join(await temporaryFolder(), 'output');
  await writeFile(file, '');
  const { setOutput } = createFileCommands({ GITHUB_OUTPUT: file });
  setOutput('first', value);
  setOutput('second', 'x');
  expect(readFileCommands(await readFile(file, 'utf8'))).toEqual({ first: value, second: 'x' });
});
