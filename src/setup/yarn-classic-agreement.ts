import { relative } from 'node:path';
import { findProject } from '../plan/project.ts';
import { listFiles } from '../plan/repository-files.ts';
import type { Environment } from '../runtime/environment.ts';
import { ConfigurationError, shown } from '../runtime/errors.ts';
import { isMap } from '../runtime/yaml.ts';
import { type Lockfile, readLockfile } from './lockfiles.ts';
import { mapAt } from './manifest.ts';

const KINDS = ['dependencies', 'devDependencies', 'optionalDependencies'];

/**
 * Checks that the packages of a workspace agree with the lockfile of Yarn 1: its `--frozen-lockfile` looks at the root
 * alone (yarnpkg/yarn issue 5840), and installs for the others what nobody has locked.
 *
 * @throws ConfigurationError PIPE-SETUP-030 when a package asks for what the lockfile does not have, and those of the
 * plan's findProject
 */
export async function checkYarnClassic(
  workspace: string,
  lockfile: Lockfile,
  environment: Environment,
  signal: AbortSignal,
): Promise<void> {
  const files = await listFiles(workspace, { environment, signal });
  const project = await findProject(files, relative(workspace, lockfile.folder).split('\\').join('/') || '.');
  if (project === undefined || project.members.length === 0) return;
  const locked = patternsOf(await readLockfile(lockfile));
  const members = new Set([project.root, ...project.members].map(({ name }) => name));
  const resolutions = Object.keys(mapAt(isMap(project.root.json) ? project.root.json : {}, 'resolutions'));
  const isForced = (name: string) => resolutions.some((path) => path === name || path.endsWith(`/${name}`));
  const missing = project.members.flatMap(({ directory, json }) => {
    const wanted = KINDS.flatMap((kind) => Object.entries(mapAt(isMap(json) ? json : {}, kind)));
    return wanted.flatMap(([name, range]) => {
      const isElsewhere = typeof range !== 'string' || /^(?:link|file|workspace|portal):/.test(range);
      if (isElsewhere || members.has(name) || isForced(name) || locked.has(`${name}@${range}`)) return [];
      return [`${name}@${range} (${directory}/package.json)`];
    });
  });
  if (missing.length > 0) throw disagreement(missing);
}

/** The patterns that the lockfile has an answer for: `name@range`. */
function patternsOf(lockfile: string): ReadonlySet<string> {
  const headings = lockfile.split(/\r?\n/).filter((line) => /^\S.*:$/.test(line));
  return new Set(
    headings.flatMap((line) =>
      [...line.matchAll(/"([^"]+)"|([^\s,"]+)(?=[,:])/g)].map(([, quoted, plain]) => quoted ?? plain ?? ''),
    ),
  );
}

function disagreement(missing: readonly string[]): ConfigurationError {
  return new ConfigurationError({
    code: 'PIPE-SETUP-030',
    what: 'the lockfile does not agree with package.json',
    given: `not in yarn.lock: ${missing
      .slice(0, 10)
      .map((each) => shown(each, 200))
      .join(', ')}`.replaceAll('"', ''),
    accepted: 'a lockfile that was written after the last change of package.json',
    remedy: 'run `yarn install` in the same version and commit the lockfile',
    state: 'nothing was installed',
  });
}
