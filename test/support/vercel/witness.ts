import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { startCloudProxy } from '../cloud-proxy.ts';
import { startWitness } from '../witness.ts';
import { startVercelCli } from './cli.ts';
import type { Vercel } from './vercel.ts';
import type { Answer, Command } from './witness-process.ts';

export interface VercelWitness {
  /** Which deployment a domain leads to, as `vercel inspect` tells it: its id to 100; empty when it leads nowhere. */
  readonly serving: (domain: string) => Promise<Readonly<Record<string, number>>>;
  readonly stop: () => Promise<void>;
}

/** Vercel's own program, asked what serves as often as wanted, on a way to Vercel of its own. */
export async function startVercelWitness({ services }: Vercel, token: string): Promise<VercelWitness> {
  const proxy = await startCloudProxy(services);
  const cli = await startVercelCli(proxy, token);
  const folder = await mkdtemp(join(tmpdir(), 'pipelines-witness-'));
  const main = join(dirname(cli.program), 'index.js');
  const witness = startWitness<Command, Answer>(new URL('witness-process.ts', import.meta.url), [main], {
    cwd: folder,
    env: cli.environment,
  });
  return {
    serving: async (domain) => {
      const { status, stdout, stderr } = await witness.ask({ args: ['inspect', domain, '--json'] });
      if (status === 0) return { [idIn(stdout)]: 100 };
      if (/can't find|not found/i.test(stripVTControlCharacters(stderr))) return {};
      throw new Error(`vercel inspect ended with ${status}: ${stdout}${stderr}`);
    },
    stop: async () => {
      await witness.stop();
      await cli.stop();
      await proxy.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function idIn(text: string): string {
  const { id } = JSON.parse(text) as { readonly id?: string };
  if (id === undefined || !id.startsWith('dpl_')) throw new Error(`vercel inspect names no deployment: ${text}`);
  return id;
}
