import { execFileSync } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { findOrInstallAct } from '../../src/local/act-install.ts';
import { capture } from '../../src/runtime/process.ts';
import { root } from '../../tools/install/root.ts';
import { temporaryFolder, writeFiles } from '../support/temporary.ts';

const FORGED = [
  '::set-output name=forged::yes',
  '  ::set-output name=forged::yes',
  '::add-mask::plain-word',
  '##[add-mask]plain-word',
  '##[set-output name=forged]yes',
  'text\r::add-mask::plain-word',
  'text\n::add-mask::plain-word',
  '\u0085::add-mask::plain-word',
  '::set-env name=FORGED::yes',
  '::add-path::/forged',
  '::save-state name=forged::yes',
  '::stop-commands::forged',
  '::endgroup::',
];

const WORKFLOW = `on: push
jobs:
  job:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - {id: hostile, uses: ./hostile}
      - run: echo "forged=\${{ steps.hostile.outputs.forged }} env=$FORGED path=$PATH plain-word"
`;

const ACTION =
  'name: hostile\ndescription: x\noutputs: {forged: {description: x}}\nruns: {using: node24, main: main.mjs}\n';

const mainOf = (log: string) => `import { createLog } from ${JSON.stringify(log)};
const log = createLog((text) => process.stdout.write(text));
const forged = ${JSON.stringify(FORGED)};
for (const text of forged) log.info(text);
log.group('group', forged.map((text) => text + '\\n'));
const open = log.openGroup('open');
for (const text of forged) open.write(text + '\\n');
log.annotate('warning', 'in the open group');
for (const text of forged) open.write(text + '\\n');
open.close();
for (const text of forged) log.annotate('warning', text, { title: text, file: text });
log.annotate('notice', 'the last word');
`;

interface Line {
  readonly command?: string;
  readonly name?: string;
  readonly arg?: string;
  readonly msg?: string;
  readonly raw_output?: boolean;
  readonly jobResult?: string;
}

it('act obeys none of the commands that are hidden in a log, and all of the log’s own', async () => {
  const machine = { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '' };
  const act = await findOrInstallAct({ bundle: root, machine, onProgress: () => undefined });
  const folder = await temporaryFolder();
  const caller = join(folder, 'caller');
  await mkdir(caller);
  await writeFiles(caller, {
    '.github/workflows/w.yml': WORKFLOW,
    'hostile/action.yml': ACTION,
    'hostile/main.mjs': mainOf(pathToFileURL(join(root, 'src/runtime/log.ts')).href),
  });
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=x', '-c', 'user.email=x@x.example', ...args], { cwd: caller });
  git('init', '--quiet');
  git('add', '--all');
  git('commit', '--quiet', '--message', 'x');
  const caches = [
    '--action-cache-path',
    join(folder, 'a'),
    '--cache-server-path',
    join(folder, 'c'),
    '--no-cache-server',
  ];
  const { stdout } = await capture(act, ['push', '--platform', 'ubuntu-latest=-self-hosted', '--json', ...caches], {
    cwd: caller,
    env: { PATH: `${dirname(process.execPath)}${delimiter}/usr/bin:/bin`, HOME: folder, XDG_CACHE_HOME: folder },
  });
  const lines = stdout
    .trim()
    .split('\n')
    .map((line): Line => JSON.parse(line));
  expect(lines.find(({ jobResult }) => jobResult !== undefined)?.jobResult).toBe('success');
  const commands = lines
    .map(({ command }) => command)
    .filter((command) => command !== undefined && command !== 'ignored');
  const pauses = /^(stop-commands|[0-9a-f-]{36})$/;
  expect(commands.filter((command) => !pauses.test(`${command}`))).toEqual([
    'group',
    'endgroup',
    'group',
    'warning',
    'endgroup',
    ...FORGED.map(() => 'warning'),
    'notice',
  ]);
  const last = lines.findLast(({ raw_output, msg }) => raw_output === true && msg?.startsWith('forged='));
  expect(last?.msg).toMatch(/^forged= env= path=[^\n]*(?<!\/forged[^\n]*) plain-word\n$/);
});
