import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startBuildKit } from '../test/support/buildkit.ts';
import { root } from '../tools/install/root.ts';
import { run } from '../tools/install/run.ts';
import { type Command, compare } from './measure.ts';

/** Two images with a layer in common, about a second of work each; nothing is taken from a cache. */
const DOCKERFILE = `FROM busybox:1 AS base
RUN seq 1 400000 | sha256sum > /shared
FROM base AS api
RUN sleep 1 && echo api > /name
FROM base AS worker
RUN sleep 1 && echo worker > /name
`;

/** The action beside the bare `docker buildx build` of the same images, on the same builder and registry. */
export async function benchImage(): Promise<string[][]> {
  const buildkit = await startBuildKit();
  const folder = await mkdtemp(join(tmpdir(), 'bench-image-'));
  try {
    await writeFile(join(folder, 'Dockerfile'), DOCKERFILE);
    await run('git', ['init', '-q', folder], 'git must be there');
    const ours = (images: string): Command => ({
      program: process.execPath,
      args: [join(root, 'dist/image.js')],
      cwd: folder,
      env: {
        ...buildkit.environment,
        GITHUB_WORKSPACE: folder,
        RUNNER_TEMP: join(folder, 'temp'),
        INPUT_IMAGES: images,
        INPUT_PUSH: 'true',
        INPUT_REGISTRY: `${buildkit.registry}/bench`,
        'INPUT_NO-CACHE': 'true',
        INPUT_CACHE: 'off',
      },
    });
    const build = (target: string) => {
      const output = `type=image,name=${buildkit.registry}/bench/${target},push=true,push-by-digest=true,name-canonical=true`;
      return ['docker', 'buildx', 'build', '--no-cache', '--target', target, '--output', output, '.'];
    };
    const bare: Command = { program: 'docker', args: build('api').slice(1), cwd: folder, env: buildkit.environment };
    const both = ['api', 'worker'].map((target) => build(target).join(' ')).join(' && ');
    const inRow: Command = { program: 'sh', args: ['-c', both], cwd: folder, env: buildkit.environment };
    const row = async (name: string, images: string, peerName: string, peer: Command, goal: string) => {
      const { ours: time, peer: theirs, ratio } = await compare(ours(images), peer, 5);
      return [name, `${time.toFixed(0)} ms`, `${peerName}: ${theirs.toFixed(0)} ms`, ratio.toFixed(2), goal];
    };
    const one = 'api: {file: Dockerfile, target: api}';
    const two = `${one}\nworker: {file: Dockerfile, target: worker}`;
    return [
      await row('image, one of 1 s', one, 'docker buildx build', bare, ''),
      await row('image, two of 1 s', two, 'the same in a row', inRow, 'at most 1'),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
    await buildkit.stop();
  }
}
