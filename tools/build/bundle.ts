import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../install/run.ts';

/**
 * Compiles src with tsc and bundles it with ncc into `dist`, as one program with a chunk for each dynamic import.
 *
 * The toolkit's packages do their work only when called, but do not say so in their package.json, so a bundler has to
 * load all of them (an HTTP client and undici among them) at every start. They are bundled from a copy that does say so.
 */
export async function bundle(root: string, dist: string): Promise<void> {
  const stage = join(root, 'build');
  await rm(stage, { recursive: true, force: true });
  await run(join(root, 'node_modules/.bin/tsc'), ['-p', join(root, 'tsconfig.build.json')], 'mend what tsc says');
  await rm(dist, { recursive: true, force: true });
  await stageToolkit(root, stage);
  await groupChunks(join(stage, 'src'));
  const ncc = join(root, 'node_modules/@vercel/ncc/dist/ncc/cli.js');
  const args = [
    'build',
    join(stage, 'src/main.js'),
    '--out',
    dist,
    '--target',
    'es2022',
    '--source-map',
    '--no-source-map-register',
  ];
  await run(process.execPath, [ncc, ...args, '--no-cache', '--quiet'], 'see what the bundler says', stage);
}

/**
 * Dynamic imports that share most of what they need, and the chunk that they share: each of its own would hold that
 * again, because the bundler makes a common chunk only of what is large.
 */
const GROUPS: readonly (readonly [files: RegExp, chunk: string])[] = [
  [/^release\/(?:deploy|promote|rollback|delete-preview)\/action\.js$/, 'release'],
  [/^release\/targets\/([a-z-]+)\/target\.js$/, '$1'],
  [/^verify\/(?:publish-release\/)?action\.js$/, 'verify'],
];

async function groupChunks(folder: string): Promise<void> {
  for (const path of await readdir(folder, { recursive: true })) {
    const [files, chunk] = GROUPS.find(([pattern]) => pattern.test(path)) ?? [];
    if (files === undefined || chunk === undefined) continue;
    const code = await readFile(join(folder, path), 'utf8');
    const name = path.replace(files, chunk);
    await writeFile(join(folder, path), code.replaceAll('import(', `import(/* webpackChunkName: "${name}" */ `));
  }
}

async function stageToolkit(root: string, stage: string): Promise<void> {
  const from = join(root, 'node_modules/@actions');
  await writeFile(join(stage, 'package.json'), '{"type":"module","sideEffects":false}\n');
  for (const name of await readdir(from)) {
    const target = join(stage, 'node_modules/@actions', name);
    await mkdir(target, { recursive: true });
    await cp(join(from, name), target, { recursive: true });
    const manifest = JSON.parse(await readFile(join(target, 'package.json'), 'utf8')) as Record<string, unknown>;
    await writeFile(join(target, 'package.json'), JSON.stringify({ ...manifest, sideEffects: false }, undefined, 2));
  }
}
