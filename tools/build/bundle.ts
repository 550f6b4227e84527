import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../install/run.ts';
import { loadNodeModulesLate } from './lazy-modules.ts';
import { shareModules } from './shared-modules.ts';

/**
 * Compiles src with tsc and bundles it with ncc into `dist`, as one program with a chunk for each dynamic import. It is
 * a program of CommonJS modules: Node starts one in less time than one of ECMAScript modules, and loads its chunks in one
 * step each.
 */
export async function bundle(root: string, dist: string): Promise<void> {
  const stage = join(root, 'build');
  await rm(stage, { recursive: true, force: true });
  await run(join(root, 'node_modules/.bin/tsc'), ['-p', join(root, 'tsconfig.build.json')], 'mend what tsc says');
  await rm(dist, { recursive: true, force: true });
  // Without `type` the bundler makes CommonJS of it; files that nothing is used of are left out.
  await writeFile(join(stage, 'package.json'), '{"sideEffects":false}\n');
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
  await writeFile(join(dist, 'package.json'), '{"type":"commonjs"}\n');
  await loadNodeModulesLate(dist);
  await shareModules(dist);
}

/**
 * Dynamic imports that share most of what they need, and the chunk that they share: each of its own would hold that
 * again, because the bundler makes a common chunk only of what is large.
 */
const GROUPS: readonly (readonly [files: RegExp, chunk: string])[] = [
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
