import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify, stripVTControlCharacters } from 'node:util';
import { installVercel } from '../../../tools/conformance/vercel/install.ts';
import type { CloudProxy } from '../cloud-proxy.ts';

export interface CliRun {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Vercel's own command line, which asks the stand-in through the proxy. */
export interface VercelCli {
  /** Its file, which Node runs. */
  readonly program: string;
  /** In which it runs: the way to the stand-in, and the token. */
  readonly environment: Readonly<Record<string, string>>;
  /** Runs a command in a folder that is linked to a project. */
  readonly run: (folder: string, ...args: readonly string[]) => Promise<CliRun>;
  /** As `vercel link` would. */
  readonly link: (folder: string, project: { readonly id: string; readonly accountId: string }) => Promise<void>;
  readonly stop: () => Promise<void>;
}

const run = promisify(execFile);

/** @param token whose commands they are */
export async function startVercelCli(proxy: Pick<CloudProxy, 'environment'>, token: string): Promise<VercelCli> {
  const program = await installVercel();
  const home = await mkdtemp(join(tmpdir(), 'pipelines-vercel-cli-'));
  const env = {
    ...proxy.environment,
    PATH: process.env['PATH'] ?? '',
    HOME: home,
    XDG_DATA_HOME: home,
    VERCEL_TOKEN: token,
    VERCEL_TELEMETRY_DISABLED: '1',
    NO_UPDATE_NOTIFIER: '1',
    CI: '1',
  };
  return {
    program,
    environment: env,
    run: async (cwd, ...args) => {
      const options = { cwd, env, timeout: 120_000, maxBuffer: 16 * 1024 * 1024 };
      const running = run(process.execPath, [program, ...args], options);
      // Some commands read a value from there.
      running.child.stdin?.end();
      const ended = await running.then(
        ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
        (error: { code?: number; stdout: string; stderr: string }) => ({ ...error, code: error.code ?? -1 }),
      );
      const { code: status, stdout, stderr } = ended;
      return { status, stdout: stripVTControlCharacters(stdout), stderr: stripVTControlCharacters(stderr) };
    },
    link: async (folder, { id, accountId }) => {
      await mkdir(join(folder, '.vercel'), { recursive: true });
      await writeFile(join(folder, '.vercel/project.json'), JSON.stringify({ projectId: id, orgId: accountId }));
    },
    stop: () => rm(home, { recursive: true, force: true }),
  };
}
