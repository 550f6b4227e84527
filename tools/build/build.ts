import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { actions, programs } from '../../src/actions.ts';
import type { Action } from '../../src/runtime/action.ts';
import { actionReadme, actionYaml } from './action-files.ts';
import { packAssets } from './assets.ts';
import { bundle } from './bundle.ts';
import { contractOf, recordContract } from './contract.ts';
import { writeActionTable, writeCodeIndex, writeWorkflowPages } from './documents.ts';
import { bundledLicenses } from './licenses.ts';
import { minifyChunks } from './minify.ts';
import { workflowContracts } from './workflow-contract.ts';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const dist = join(root, 'dist');

/** The room whose action is also the root's, for `uses: org/pipelines@v1`. */
const ROOT_ACTION = 'gate';

await bundle(root, dist);
await minifyChunks(dist, join(root, 'node_modules/.cache/pipelines-build'));
await packAssets(root, dist);
// Wiped, so that what nothing generates any more does not stay.
await rm(join(root, 'actions'), { recursive: true, force: true });
await writeLicenses();
for (const name of Object.keys(programs)) await writeStub(name, `startProgram('${name}')`);
const built: Action[] = [];
for (const name of Object.keys(actions)) built.push(await writeAction(name));
const workflows = await workflowContracts(root);
await writeWorkflowPages(root, workflows);
await writeActionTable(root, built);
await writeCodeIndex(root);
await recordContract(root, contractOf(await majorVersion(), built, workflows));

async function majorVersion(): Promise<number> {
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
  return Number.parseInt(version, 10);
}

async function writeAction(name: string): Promise<Action> {
  const action = (await actions[name]?.())?.action;
  if (action?.name !== name) throw new Error(`src/actions.ts lists ${name}, its room declares ${action?.name}`);
  const texts = [...Object.values(action.inputs), ...Object.values(action.outputs)].map(
    ({ description }) => description,
  );
  // GitHub refuses an action.yml with an expression in a description.
  if (texts.some((text) => text.includes('${{'))) throw new Error(`a description of ${name} holds an expression`);
  const source = sourceOf(name);
  const folder = join(root, 'actions', name);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'action.yml'), actionYaml(action, source, '../../dist'));
  await writeFile(join(folder, 'README.md'), actionReadme(action, source));
  if (name === ROOT_ACTION) await writeFile(join(root, 'action.yml'), actionYaml(action, source, 'dist'));
  await writeStub(name, `start('${name}')`);
  return action;
}

async function writeStub(name: string, call: string): Promise<void> {
  await writeFile(join(dist, `${name}.js`), `'use strict';\nrequire('./index.js').${call};\n`);
}

async function writeLicenses(): Promise<void> {
  const maps = (await readdir(dist)).filter((name) => name.endsWith('.map'));
  const texts = await Promise.all(maps.map((name) => readFile(join(dist, name), 'utf8')));
  await writeFile(join(dist, 'licenses.txt'), await bundledLicenses(texts, join(root, 'node_modules')));
  for (const name of maps) {
    await rm(join(dist, name));
    const chunk = join(dist, name.replace(/\.map$/, ''));
    const code = await readFile(chunk, 'utf8');
    await writeFile(chunk, code.replace(/\n\/\/# sourceMappingURL=.*\n?$/, '\n'));
  }
}

/** Where the inputs and outputs of an action are declared. */
function sourceOf(name: string): string {
  const [, scheme] = /^deploy-(.+)$/.exec(name) ?? [];
  if (scheme !== undefined) return `src/release/targets/${scheme}/inputs.ts and src/release/deploy/inputs.ts`;
  if (name === 'publish-release') return 'src/verify/publish-release/inputs.ts';
  return ['promote', 'rollback', 'delete-preview'].includes(name)
    ? `src/release/${name}/inputs.ts`
    : `src/${name}/inputs.ts`;
}
