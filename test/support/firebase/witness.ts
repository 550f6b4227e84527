import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { writeFiles } from '../temporary.ts';
import { startWitness } from '../witness.ts';
import { startFirebaseCli } from './cli.ts';
import { createConsole } from './console.ts';
import type { FirebaseHosting } from './hosting.ts';
import type { Answer, Command } from './witness-process.ts';

export interface FirebaseWitness {
  /** What serves a site live, as `firebase hosting:channel:list` tells it: version to percent. */
  readonly serving: () => Promise<Readonly<Record<string, number>>>;
  readonly stop: () => Promise<void>;
}

interface ListedChannel {
  readonly name: string;
  readonly release?: { readonly version?: { readonly name: string } };
}

/** Firebase's own program, asked what serves a site as often as wanted. */
export async function startFirebaseWitness(hosting: FirebaseHosting, site: string): Promise<FirebaseWitness> {
  const cli = await startFirebaseCli({ ...hosting.services, ...createConsole(hosting.state) });
  const folder = await mkdtemp(join(tmpdir(), 'pipelines-witness-'));
  await writeFiles(folder, { 'firebase.json': '{"hosting": {"public": "."}}' });
  const library = dirname(dirname(dirname(cli.program)));
  const witness = startWitness<Command, Answer>(new URL('witness-process.ts', import.meta.url), [library], {
    cwd: folder,
    env: cli.environment,
  });
  return {
    serving: async () => {
      const options = { project: site, site };
      const answer = await witness.ask({ name: 'hosting:channel:list', options });
      if ('error' in answer) throw new Error(`firebase hosting:channel:list: ${answer.error}`);
      const { channels } = answer.result as { readonly channels: readonly ListedChannel[] };
      const live = channels.find(({ name }) => name.endsWith('/channels/live'));
      const version = live?.release?.version?.name.split('/').at(-1);
      return version === undefined ? {} : { [version]: 100 };
    },
    stop: async () => {
      await witness.stop();
      await cli.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
