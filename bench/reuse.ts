import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commit, git } from '../test/plan/monorepo.ts';
import { serveCache } from '../test/support/cache/serve.ts';
import { root } from '../tools/install/root.ts';
import { turboProgram } from '../tools/install/turbo.ts';
import { type Command, compare, timeOf } from './measure.ts';

const TASKS = ['lint', 'typecheck', 'test', 'build'];

/** The gate on a tree that passed before, from the cache service, beside turbo with everything in its local cache. */
export async function benchReuse(): Promise<string[][]> {
  const turbo = await turboProgram();
  const folder = await mkdtemp(join(tmpdir(), 'bench-reuse-'));
  await mkdir(join(folder, 'cache'));
  const service = await serveCache({ folder: join(folder, 'cache') });
  try {
    const project = await copyOf(join(folder, 'project'));
    const event = join(folder, 'event.json');
    await writeFile(event, JSON.stringify({ ref: 'refs/heads/main', before: '1'.repeat(40), after: '2'.repeat(40) }));
    const outputs = join(folder, 'outputs');
    const gate: Command = {
      program: 'sh',
      // A checkout has nothing that was built.
      args: [
        '-c',
        'rm -rf dist && : > "$GITHUB_OUTPUT" && exec "$0" "$1"',
        process.execPath,
        join(root, 'dist/gate.js'),
      ],
      cwd: project,
      env: {
        ...service.environment,
        ...{ GITHUB_WORKSPACE: project, RUNNER_TEMP: join(folder, 'temp'), INPUT_REUSE: 'true' },
        ...{ GITHUB_EVENT_NAME: 'push', GITHUB_EVENT_PATH: event, NO_PROXY: '127.0.0.1' },
        GITHUB_OUTPUT: outputs,
      },
    };
    const cached: Command = {
      program: turbo,
      args: ['run', ...TASKS, '--no-daemon'],
      // What turbo keeps in the project is an ignored file to the gate, and those count.
      cwd: await copyOf(join(folder, 'with-turbo')),
      env: { TURBO_TELEMETRY_DISABLED: '1' },
    };
    const first = await timeOf(gate);
    const { ours, peer, ratio } = await compare(gate, cached, 7);
    // One task that runs would be measured instead.
    const said = await readFile(outputs, 'utf8');
    if (!new RegExp(`^reused<<.*\\n${TASKS.length}$`, 'm').test(said)) throw new Error(`not all was reused:\n${said}`);
    return [
      [
        'gate, reuse of an unchanged tree',
        `${ours.toFixed(0)} ms`,
        `the same, run: ${first.toFixed(0)} ms`,
        (ours / first).toFixed(2),
        'below 1,000 ms',
      ],
      [
        'gate, reuse of an unchanged tree',
        `${ours.toFixed(0)} ms`,
        `turbo, local cache: ${peer.toFixed(0)} ms`,
        ratio.toFixed(2),
        '',
      ],
    ];
  } finally {
    await service.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function copyOf(project: string): Promise<string> {
  await cp(join(root, 'bench/project'), project, { recursive: true });
  await writeFile(join(project, '.gitignore'), 'node_modules\n.turbo\ndist\n');
  git(project, 'init', '--quiet', '--initial-branch=main');
  commit(project);
  return project;
}
