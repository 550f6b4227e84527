import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { writeDatabase } from '../test/scan/database.ts';
import { testImage, writeLayout } from '../test/scan/images.ts';
import { root } from '../tools/install/root.ts';
import { installTrivy, TRIVY_VERSION } from '../tools/scan/trivy.ts';
import { type Command, compare } from './measure.ts';

/** Packages of this repository that stand for an application's. */
const PACKAGES = ['yaml', 'semver', 'vitest', '@octokit/openapi-types', 'ajv', '@types/node'];

/**
 * One step `scan` (gate, table, SARIF, result) beside Trivy as its own action's users run it: once for the table and the
 * gate, once more for SARIF. The same image, the same database on disk, layers not seen before.
 */
export async function benchScan(): Promise<string[][]> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-scan-'));
  try {
    const trivy = join(await installTrivy(), 'trivy');
    const layout = join(folder, 'work/layout');
    await writeLayout(layout, testImage({ files: await application() }));
    const cache = join(folder, 'cache');
    await writeDatabase(join(cache, 'db'));
    await mkdir(join(folder, 'temp'));
    await fillToolCache(join(folder, 'tools'), trivy);
    // Neither side may live from what a run before has seen.
    const fresh = `rm -rf '${join(cache, 'fanal')}'`;
    const ours: Command = {
      program: 'sh',
      args: ['-c', `${fresh}; exec '${process.execPath}' '${join(root, 'dist/scan.js')}'`],
      cwd: join(folder, 'work'),
      env: {
        GITHUB_WORKSPACE: join(folder, 'work'),
        RUNNER_TEMP: join(folder, 'temp'),
        RUNNER_TOOL_CACHE: join(folder, 'tools'),
        // Not as inputs of their own: a shell passes on no variable with a hyphen in its name.
        INPUT_SETTINGS: JSON.stringify({ layout: 'api=layout', 'cache-dir': cache, severity: 'UNKNOWN' }),
      },
    };
    await writeFile(join(folder, 'none'), '');
    const options = `--quiet --cache-dir '${cache}' --skip-db-update --offline-scan --skip-version-check --ignorefile '${join(folder, 'none')}' --input '${layout}'`;
    const table = `'${trivy}' image ${options} --format table --severity UNKNOWN --exit-code 1 --output table.txt`;
    const sarif = `'${trivy}' image ${options} --format sarif --output scan.sarif`;
    const peer: Command = { program: 'sh', args: ['-c', `${fresh}; ${table} && ${sarif}`], cwd: folder };
    const cold: Command = { program: 'sh', args: ['-c', `${fresh}; ${table} && ${fresh}; ${sarif}`], cwd: folder };
    const row = async (name: string, other: Command, goal: string) => {
      const { ours: mine, peer: theirs, ratio } = await compare(ours, other, 5);
      return ['scan of an image', `${mine.toFixed(0)} ms`, `${name}: ${theirs.toFixed(0)} ms`, ratio.toFixed(2), goal];
    };
    return [
      await row('trivy twice, its cache kept between', peer, 'at most 1'),
      await row('trivy twice, two steps without a cache', cold, 'at most 0.7'),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Trivy where the action leaves it after its first download. */
async function fillToolCache(tools: string, trivy: string): Promise<void> {
  const folder = join(tools, 'trivy', TRIVY_VERSION, process.arch);
  await mkdir(folder, { recursive: true });
  await symlink(trivy, join(folder, 'trivy'));
  await writeFile(`${folder}.complete`, '');
}

/** Files of some packages, as an image has them. */
async function application(): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for (const name of PACKAGES) {
    const folder = join(root, 'node_modules', name);
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      const inside = `app/${relative(root, path)}`;
      // The format of the tests' archives holds no longer names.
      if (entry.isFile() && inside.length < 100) files[inside] = await readFile(path, 'utf8');
    }
  }
  return files;
}
