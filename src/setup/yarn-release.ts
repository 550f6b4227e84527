import { join } from 'node:path';
import { ConfigurationError, shown } from '../runtime/errors.ts';
import { contains, exists, readTextFile } from '../runtime/files.ts';
import { isMap, parseYaml } from '../runtime/yaml.ts';
import { placeOf } from './manifest.ts';

/** A release of Yarn that a project keeps in its repository; every Yarn that is started there hands over to it. */
export interface YarnRelease {
  /** Path of the file from the repository's root. */
  readonly place: string;
  /** Absolute path. */
  readonly file: string;
  /** By the file's name, as `yarn set version` gives it. */
  readonly version: string;
}

/**
 * The release that `yarnPath` of .yarnrc.yml or `yarn-path` of .yarnrc names (yarnpkg.com/configuration/yarnrc).
 *
 * @param folder absolute path of the project's root
 * @returns undefined where there is no such setting, or the file's name has no version
 * @throws ConfigurationError PIPE-SETUP-011 when the file is not in the repository
 */
export async function yarnRelease(workspace: string, folder: string): Promise<YarnRelease | undefined> {
  const stated = (await inYarnrcYml(folder)) ?? (await inYarnrc(folder));
  if (stated === undefined) return undefined;
  const file = join(folder, stated);
  if (!contains(workspace, file) || !(await exists(file))) throw missing(workspace, folder, stated);
  const version = /(?:^|[/-])(\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+?)?)\.[cm]?js$/.exec(stated)?.[1];
  return version === undefined ? undefined : { place: placeOf(workspace, file), file, version };
}

async function inYarnrcYml(folder: string): Promise<string | undefined> {
  const text = await readTextFile(join(folder, '.yarnrc.yml'), 1024 * 1024);
  const parsed = text === undefined ? { problem: 'no file' } : await parseYaml(text);
  const value = 'problem' in parsed || !isMap(parsed.value) ? undefined : parsed.value['yarnPath'];
  return typeof value === 'string' ? value : undefined;
}

async function inYarnrc(folder: string): Promise<string | undefined> {
  const text = await readTextFile(join(folder, '.yarnrc'), 256 * 1024);
  return /^"?yarn-path"? +"?([^\s"]+)"?\s*$/m.exec(text ?? '')?.[1];
}

function missing(workspace: string, folder: string, stated: string): ConfigurationError {
  return new ConfigurationError({
    code: 'PIPE-SETUP-011',
    what: 'the release of Yarn that the project names as its own is not in the repository',
    given: shown(`${stated} (from ${placeOf(workspace, folder)})`, 200),
    accepted: 'a file inside the repository, as `yarn set version --yarn-path` puts it there',
    remedy:
      'commit .yarn/releases (look into .gitignore), or take `yarnPath` out and let `packageManager` name the version',
    state: 'nothing was installed',
  });
}
