import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { root } from '../install/root.ts';
import { actionlintFindings } from './actionlint.ts';
import { dependencyFindings } from './dependencies.ts';
import { actionFiles, callers, workflows } from './files.ts';
import { describeFinding, type Finding } from './finding.ts';
import { languageServiceFindings } from './language-service.ts';
import { zizmorFindings } from './zizmor.ts';

/** Every linter of the project, in one run: prints what they found and ends with 1 if that is anything. */
const [workflowFiles, actions, callerFiles] = await Promise.all([workflows(), actionFiles(), callers()]);
const [biome, tsc, zizmor, actionlint, dependencies] = await Promise.all([
  passes('biome', ['check', '--error-on-warnings', '.']),
  passes('tsc', ['-p', 'tsconfig.json']),
  zizmorFindings([...workflowFiles, ...actions, ...callerFiles]),
  actionlintFindings(workflowFiles, callerFiles),
  dependencyFindings(),
]);
const service: Finding[] = [];
for (const file of [...workflowFiles, ...actions, ...callerFiles])
  service.push(...(await languageServiceFindings(file, root)));

const findings = [...zizmor, ...actionlint, ...service, ...dependencies];
for (const finding of findings) console.log(describeFinding(finding));
const counts = [
  `biome ${biome ? 'clean' : 'red'}`,
  `tsc ${tsc ? 'clean' : 'red'}`,
  `zizmor ${zizmor.length}`,
  `actionlint ${actionlint.length}`,
  `language service ${service.length}`,
  `dependencies ${dependencies.length}`,
];
console.log(
  `${workflowFiles.length} workflows, ${actions.length} actions, ${callerFiles.length} callers: ${counts.join(', ')}`,
);
if (!biome || !tsc || findings.length > 0) process.exitCode = 1;

/** Runs a program of node_modules with its own output; whether it ended with 0. */
function passes(name: string, args: readonly string[]): Promise<boolean> {
  return new Promise((resolve) => {
    const child = execFile(
      join(root, 'node_modules/.bin', name),
      [...args],
      { cwd: root, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => {
        if (error !== null) console.log(`${stdout}${stderr}`);
        resolve(error === null);
      },
    );
    child.stdin?.end();
  });
}
