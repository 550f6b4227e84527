import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { STAND_INS } from '../act-job.ts';

/** Inputs with the defaults of GitHub's own actions: those that have a stand-in. */
const INPUTS: Readonly<Record<(typeof STAND_INS)[number], Readonly<Record<string, string>>>> = {
  checkout: {
    repository: '',
    ref: '',
    path: '',
    'fetch-depth': '1',
    'fetch-tags': 'false',
    'persist-credentials': 'true',
  },
  'upload-artifact': {
    name: 'artifact',
    path: '',
    'if-no-files-found': 'warn',
    'retention-days': '0',
    'compression-level': '6',
    overwrite: 'false',
    'include-hidden-files': 'false',
  },
  'download-artifact': {
    name: '',
    'artifact-ids': '',
    pattern: '',
    path: '',
    'merge-multiple': 'false',
    'github-token': '',
    repository: '',
    'run-id': '',
  },
  'attest-build-provenance': {
    'subject-path': '',
    'github-token': '',
  },
};

const OUTPUTS: Readonly<Record<(typeof STAND_INS)[number], readonly string[]>> = {
  checkout: ['ref', 'commit'],
  'upload-artifact': ['artifact-id', 'artifact-url', 'artifact-digest'],
  'download-artifact': ['download-path'],
  'attest-build-provenance': ['bundle-path', 'attestation-id', 'attestation-url'],
};

/**
 * Writes the actions that act runs in place of GitHub's. Each hands its inputs to the runner, which does the work, and
 * prints what comes back.
 *
 * @param url address of the stand-in service.
 */
export async function writeStandIns(folder: string, url: string): Promise<void> {
  for (const name of STAND_INS) {
    const inputs = Object.entries(INPUTS[name]).map(([input, value]) => [
      input,
      { description: input, default: value },
    ]);
    const outputs = OUTPUTS[name].map((output) => [output, { description: output }]);
    const action = {
      name,
      description: `stands in for actions/${name}`,
      inputs: Object.fromEntries(inputs),
      outputs: Object.fromEntries(outputs),
      runs: { using: 'node24', main: 'main.mjs' },
    };
    await mkdir(join(folder, name), { recursive: true });
    await writeFile(join(folder, name, 'action.yml'), JSON.stringify(action, undefined, 2));
    await writeFile(join(folder, name, 'main.mjs'), program(`${url}/${name}`));
  }
}

function program(address: string): string {
  return `import { appendFileSync } from 'node:fs';
const { env } = process;
const given = Object.entries(env).filter(([name]) => name.startsWith('INPUT_'));
const inputs = Object.fromEntries(given.map(([name, value]) => [name.slice(6).toLowerCase(), value]));
const response = await fetch(${JSON.stringify(address)}, {
  method: 'POST',
  headers: { authorization: 'Bearer ' + env.ACTIONS_RUNTIME_TOKEN },
  body: JSON.stringify({ inputs, workspace: env.GITHUB_WORKSPACE }),
});
const { lines, outputs, error } = await response.json();
for (const line of lines) console.log(line);
for (const [name, value] of Object.entries(outputs)) appendFileSync(env.GITHUB_OUTPUT, name + '=' + value + '\\n');
if (error !== undefined) {
  console.log('::error::' + error.replaceAll('%', '%25').replaceAll('\\n', '%0A'));
  process.exitCode = 1;
}
`;
}
