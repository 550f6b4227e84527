import { join } from 'node:path';
import { installJavaScriptProducers } from '../../../tools/coverage/install.ts';
import { installPackages } from '../../../tools/install/npm.ts';
import { root } from '../../../tools/install/root.ts';

const manifests = join(root, 'test/shard/runners/tools');

/** Versions of vitest: each major one, as its manifest pins it. @returns folders of node_modules */
export const VITESTS: readonly (readonly [string, () => Promise<string>])[] = [
  ['vitest 1', () => installPackages('shard-vitest-1', join(manifests, 'vitest-1'))],
  ['vitest 2', () => installPackages('shard-vitest-2', join(manifests, 'vitest-2'))],
  ['vitest 3', () => installPackages('shard-vitest-3', join(manifests, 'vitest-3'))],
  ['vitest 4', () => installPackages('shard-vitest-4', join(manifests, 'vitest-4'))],
  ['vitest 5', installJavaScriptProducers],
];

/** Versions of jest. @returns folders of node_modules */
export const JESTS: readonly (readonly [string, () => Promise<string>])[] = [
  ['jest 29', () => installPackages('shard-jest-29', join(manifests, 'jest-29'))],
  ['jest 30', installJavaScriptProducers],
];

/** Versions of Node. @returns the folders of their programs */
export const NODES: readonly (readonly [string, () => Promise<string>])[] = [
  ['Node 20', () => nodeOf(20)],
  ['Node 22', () => nodeOf(22)],
  ['Node 24', async () => join(process.execPath, '..')],
  ['Node 26', () => nodeOf(26)],
];

async function nodeOf(major: number): Promise<string> {
  const packages = await installPackages('shard-nodes', join(manifests, 'nodes'));
  return join(packages, `node-${major}-linux-${process.arch}`, 'bin');
}
