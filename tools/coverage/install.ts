import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installPackages } from '../install/npm.ts';
import { once } from '../install/once.ts';
import { installPythonTools } from '../install/python.ts';
import { run } from '../install/run.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The test runners of JavaScript that write coverage, and the parsers that ours is measured against. @returns node_modules */
export function installJavaScriptProducers(): Promise<string> {
  return installPackages('coverage-javascript', here('javascript'));
}

/** pytest with pytest-cov. @returns the folder of the programs */
export function installPythonProducers(): Promise<string> {
  return installPythonTools('coverage-python', here('requirements.txt'));
}

const JACOCO = '0.8.14';

/** JaCoCo's agent and command line, as Maven Central has them, by the hash of their content. */
const JARS = [
  {
    file: `org.jacoco.agent-${JACOCO}-runtime.jar`,
    artifact: `org.jacoco:org.jacoco.agent:${JACOCO}:jar:runtime`,
    sha256: '3fb76eea65f81bd9415202bab34b6571728841dff1ab8e6bbe81adc2e299face',
  },
  {
    file: `org.jacoco.cli-${JACOCO}-nodeps.jar`,
    artifact: `org.jacoco:org.jacoco.cli:${JACOCO}:jar:nodeps`,
    sha256: '811c7f8c6b358c5d68a8973cfa867f6892be7a671b697a4b13c4b447e6daf75c',
  },
] as const;

const COPY = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy';

/** @throws Error when a jar is not the pinned one @returns paths of the agent's and the command line's jar */
export async function installJacoco(): Promise<{ readonly agent: string; readonly cli: string }> {
  const folder = await once('coverage-jacoco', JSON.stringify(JARS), async (into) => {
    for (const { artifact, file, sha256 } of JARS) {
      await run(
        'mvn',
        ['-q', '-B', COPY, `-Dartifact=${artifact}`, `-DoutputDirectory=${into}`],
        'install Java 17 or newer and Maven (Debian: default-jdk-headless, maven)',
      );
      const found = createHash('sha256')
        .update(await readFile(join(into, file)))
        .digest('hex');
      if (found !== sha256) throw new Error(`${file} has the hash ${found}, not ${sha256}`);
    }
  });
  const files = await readdir(folder);
  const [agent, cli] = JARS.map(({ file }) => file);
  if (agent === undefined || cli === undefined || !files.includes(agent)) throw new Error('the jars are not there');
  return { agent: join(folder, agent), cli: join(folder, cli) };
}

if (import.meta.main) {
  await installJavaScriptProducers();
  await installPythonProducers();
  await installJacoco();
}
