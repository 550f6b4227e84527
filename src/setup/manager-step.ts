import type { Environment } from '../runtime/environment.ts';
import { type ManagerName, readLockfile } from './lockfiles.ts';
import { type ManagerWish, managerOnPath, provideManager, versionForLockfile } from './manager.ts';
import type { ManagerInstallation, ManagerSource } from './manager-source.ts';
import { lesserRequest, type Project } from './package-manager.ts';
import type { Registry } from './registry.ts';
import { loadSemver } from './semver.ts';

export interface ManagerSearch {
  readonly name: ManagerName;
  readonly project: Project;
  /** With the chosen Node first on PATH. */
  readonly environment: Environment;
  /** Absolute path of the folder that has the chosen Node. */
  readonly nodeFolder: string;
  /** Absolute folder outside the project. */
  readonly temp: string;
  readonly source: Omit<ManagerSource, 'client'> & { readonly client: Omit<ManagerSource['client'], 'registry'> };
  /** Asked only when something is downloaded. */
  readonly registry: () => Promise<Registry>;
}

export interface ChosenManager {
  readonly manager: ManagerInstallation;
  readonly reason: string;
}

/**
 * Provides the package manager that the project asks for, in the version it asks for.
 *
 * @throws those of provideManager
 */
export async function chooseManager(search: ManagerSearch): Promise<ChosenManager> {
  const { name, project, environment, temp, source, registry } = search;
  const { signal } = source.client;
  const own = await managerOnPath(name, environment, temp, signal);
  const wish = await wishOf(name, project, own?.version);
  const manager = await provideManager(
    wish,
    project.request.hash,
    own,
    async () => {
      return { ...source, client: { ...source.client, registry: await registry() } };
    },
    source,
  );
  return { manager, reason: `${name} ${manager.version}: ${wish.reason}, ${originOf(manager, search)}` };
}

async function wishOf(name: ManagerName, project: Project, own: string | undefined): Promise<ManagerWish> {
  const { version, source } = project.request;
  if (project.release !== undefined) {
    const { place, version: released } = project.release;
    return { name, version: released, reason: `the project brings it along, ${place}` };
  }
  if (version !== undefined) return { name, version, reason: `${source} asks for ${version}` };
  const hasFormat = name === 'pnpm' || name === 'yarn';
  const text = hasFormat && project.lockfile !== undefined ? await readLockfile(project.lockfile) : undefined;
  const wish = versionForLockfile(name, text, own);
  const lesser = await lesserRequest(name, project.manifests);
  const { intersects, valid } = await loadSemver();
  // `engines` of Yarn often still names the Yarn that only starts the other; where both fit, the lockfile knows better.
  const isVague = name === 'yarn' && lesser !== undefined && valid(lesser.version) === null;
  if (lesser !== undefined && !(isVague && intersects(lesser.version, wish.version))) {
    return { name, version: lesser.version, reason: `${lesser.source} asks for ${lesser.version}` };
  }
  return { ...wish, reason: `${source} (${wish.reason})` };
}

function originOf({ origin, folder }: ManagerInstallation, { project, nodeFolder }: ManagerSearch): string {
  if (origin === 'runner') return folder === nodeFolder ? 'it comes with Node' : 'the runner has it';
  if (origin === 'tool cache') return 'it is in the tool cache';
  const stated = project.request.hash === undefined ? '' : ' and the hash in package.json';
  return `downloaded, checked by its SHA-512${stated}`;
}
