import { inFolder, upwards } from '../plan/paths.ts';
import type { RepositoryFiles } from '../plan/repository-files.ts';
import type { Environment } from '../runtime/environment.ts';
import { shown } from '../runtime/errors.ts';
import { isMap, parseYaml } from '../runtime/yaml.ts';

/** What Yarn since 2 keeps of an install beside node_modules, from the project's root: `yarn run` reads the first. */
export const YARN_STATE = ['.yarn/install-state.gz', '.yarn/build-state.yml'];

/** What of a project's own Yarn takes part in an install: its release and its plugins. */
export const YARN_PROGRAMS = /(?:^|\/)\.yarn\/(?:releases|plugins)\//;

/** Yarn's own plugins: they add commands, or nothing that an install reads beside what is known here. */
const PLUGINS = /^@yarnpkg\/plugin-(?:constraints|interactive-tools|stage|typescript|version|workspace-tools)$/;

/** Settings that move what is kept here, or let more take part in an install (yarnpkg.com/configuration/yarnrc). */
const REFUSED = ['rcFilename', 'installStatePath', 'bstatePath', 'enableConstraintsChecks'];

/**
 * Why a tree of Yarn since 2 can't be put back, as far as its settings say; undefined when it can.
 *
 * @param folder of the project's root, from the repository's
 * @param environment of the install: a variable wins over every file
 */
export async function whyYarnUnsafe(
  files: RepositoryFiles,
  folder: string,
  environment: Environment,
): Promise<string | undefined> {
  // The nearest file that says something wins.
  const settings = await Promise.all(upwards(folder).map((each) => settingsIn(files, inFolder(each, '.yarnrc.yml'))));
  const setting = (name: string) => settings.find((each) => each[name] !== undefined)?.[name];
  const variables = new Map(Object.entries(environment).map(([name, value]) => [name.toUpperCase(), value]));
  const refused = REFUSED.find((name) => {
    const variable = `YARN_${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
    return (setting(name) ?? false) !== false || (variables.get(variable) ?? '') !== '';
  });
  if (refused !== undefined) return `Yarn is set up with \`${refused}\``;
  const linker = variables.get('YARN_NODE_LINKER') ?? setting('nodeLinker') ?? 'pnp';
  if (linker === 'pnp') return "Plug'n'Play leaves no tree: the package store is all of it";
  if (linker !== 'node-modules') return `Yarn links packages by ${shown(String(linker))}`;
  for (const plugin of settings.flatMap(({ plugins }) => (Array.isArray(plugins) ? (plugins as unknown[]) : []))) {
    const spec = isMap(plugin) ? plugin['spec'] : undefined;
    if (typeof spec !== 'string' || !PLUGINS.test(spec))
      return `a plugin of Yarn takes part in the install (${shown(spec ?? plugin, 100)})`;
  }
  return undefined;
}

/** Where a file is no YAML, Yarn says so itself. */
async function settingsIn(files: RepositoryFiles, path: string): Promise<Readonly<Record<string, unknown>>> {
  const text = files.has(path) ? await files.read(path, 1024 * 1024) : undefined;
  const parsed = text === undefined ? { problem: 'no file' } : await parseYaml(text);
  return 'problem' in parsed || !isMap(parsed.value) ? {} : parsed.value;
}
