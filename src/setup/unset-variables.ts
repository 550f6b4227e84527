import { join } from 'node:path';
import type { Environment } from '../runtime/environment.ts';
import { readTextFile } from '../runtime/files.ts';

/** Files of a project in which Yarn replaces `${NAME}`, and fails where there is no such variable. */
const FILES = ['.npmrc', '.yarnrc', '.yarnrc.yml'];

/**
 * Variables that the project's settings of Yarn name and that are not set, as empty ones. Most lines with one are for a
 * token that this action does not put into the environment: npm and pnpm pass over such a line, Yarn ends.
 *
 * @param folder absolute path of the project's root
 * @throws those of readTextFile
 */
export async function unsetVariables(folder: string, environment: Environment): Promise<Environment> {
  const texts = await Promise.all(FILES.map((name) => readTextFile(join(folder, name), 1024 * 1024)));
  const names = texts.flatMap((text) =>
    [...(text ?? '').matchAll(/\$\{([A-Za-z_]\w{0,99})\}/g)].map(([, name]) => name),
  );
  const unset = names.filter((name) => name !== undefined && environment[name] === undefined);
  return Object.fromEntries(unset.map((name) => [name, '']));
}

/**
 * Those of them that later steps need, too, because every `yarn run` reads the same files: names of credentials, and
 * none that the runner gives a meaning.
 */
export function ofCredentials(variables: Environment): readonly string[] {
  return Object.keys(variables).filter((name) => {
    return (
      /^[A-Z][A-Z0-9_]*(?:TOKEN|AUTH|PASSWORD|KEY|SECRET)$/.test(name) &&
      !/^(?:GITHUB|GH|ACTIONS|RUNNER|INPUT|STATE)_/.test(name)
    );
  });
}
