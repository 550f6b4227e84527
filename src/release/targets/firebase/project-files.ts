import { lstat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fieldOf, parseJsonWithComments, textsOf } from '../../../plan/json.ts';
import { ConfigurationError, type Fault, shown } from '../../../runtime/errors.ts';
import { readTextFile } from '../../../runtime/files.ts';
import { isMap } from '../../../runtime/yaml.ts';
import { readSection, type Section } from './section.ts';

/** firebase.json and .firebaserc, as far as Hosting is concerned. */
export interface ProjectFiles {
  /** Absolute path of the folder that holds them. */
  readonly folder: string;
  /** How messages call firebase.json. */
  readonly name: string;
  readonly sections: readonly Section[];
  /** Aliases of projects. */
  readonly aliases: ReadonlyMap<string, string>;
  /** The sites of a target, by project and target. */
  readonly sitesOf: (project: string, target: string) => readonly string[];
}

/** Whether firebase.json is there, or `config` is a file. */
export async function hasProjectFiles(config: string): Promise<boolean> {
  const found = await Promise.all([config, join(config, 'firebase.json')].map(isFileAt));
  return found.includes(true);
}

function isFileAt(path: string): Promise<boolean> {
  return lstat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}

/**
 * Reads both files; comments in them are allowed, as Firebase's own program allows them.
 *
 * @param config absolute path of the folder, or of a file in the place of firebase.json
 * @param workspace folder that they must lie in
 * @throws ConfigurationError PIPE-FIREBASE-001 not there or not JSON, PIPE-FIREBASE-002 a section that is not acceptable
 */
export async function readProjectFiles(config: string, workspace: string): Promise<ProjectFiles> {
  const isFile = await isFileAt(config);
  const folder = isFile ? dirname(config) : config;
  const name = isFile ? basename(config) : 'firebase.json';
  const path = join(folder, name);
  const text = await readTextFile(path, undefined, workspace);
  if (text === undefined) {
    throw new ConfigurationError({
      code: 'PIPE-FIREBASE-001',
      what: `there is no ${shown(name)} in ${shown(folder, 200)}`,
      accepted: "the folder of the project's firebase.json in `config`",
      example: 'config: apps/web',
      remedy: 'name the folder; in a job of its own, check the repository out before',
      state: 'nothing was sent',
    });
  }
  const hosting = fieldOf(jsonOf(text, name), 'hosting');
  const rc = await readTextFile(join(folder, '.firebaserc'), undefined, workspace);
  const settings = rc === undefined ? undefined : jsonOf(rc, '.firebaserc');
  return {
    folder,
    name,
    sections: sectionsOf(hosting, name),
    aliases: textsOf(fieldOf(settings, 'projects')),
    sitesOf: (project, target) => {
      const sites = fieldOf(fieldOf(fieldOf(fieldOf(settings, 'targets'), project), 'hosting'), target);
      return Array.isArray(sites) ? sites.filter((site) => typeof site === 'string') : [];
    },
  };
}

function jsonOf(text: string, name: string): unknown {
  const parsed = parseJsonWithComments(text);
  if ('value' in parsed) return parsed.value;
  throw new ConfigurationError({
    code: 'PIPE-FIREBASE-001',
    what: `${shown(name)} is not JSON`,
    given: `a fault in line ${parsed.fault.line}, column ${parsed.fault.column}`,
    accepted: 'JSON; comments are allowed',
    state: 'nothing was sent',
  });
}

function sectionsOf(hosting: unknown, name: string): readonly Section[] {
  const isList = Array.isArray(hosting);
  const given: readonly unknown[] = isList ? hosting : [hosting];
  const faults: Fault[] = [];
  const sections = given.flatMap((value, index) => {
    const at = isList ? `hosting[${index}]` : 'hosting';
    const read = isMap(value) ? readSection(value, at, name) : { faults: [noSection(value, at, name)] as const };
    if ('section' in read) return [read.section];
    faults.push(...read.faults);
    return [];
  });
  if (faults.length > 0) throw new ConfigurationError(faults);
  if (sections.length === 0) throw new ConfigurationError(noSection([], 'hosting', name));
  return sections;
}

function noSection(value: unknown, at: string, name: string): Fault {
  return {
    code: 'PIPE-FIREBASE-002',
    what: `${name} has no configuration of Hosting at \`${at}\``,
    given: value === undefined ? 'nothing' : shown(value, 200),
    accepted: 'an object, or a list of objects, one a site',
    example: '{"hosting": {"public": "dist", "ignore": ["firebase.json", "**/.*", "**/node_modules/**"]}}',
    state: 'nothing was sent',
  };
}
