import { createHash } from 'node:crypto';
import { shown } from '../../../runtime/errors.ts';
import type { Mark, Prepared, Surroundings } from '../../target.ts';
import { enter } from './access.ts';
import type { Api } from './api.ts';
import { type Contents, readContents } from './content.ts';
import { listFiles } from './files.ts';
import { runHooks } from './hooks.ts';
import type { FirebaseInputs } from './inputs.ts';
import { lookAt } from './look.ts';
import { builtFolder, outputFolder } from './output.ts';
import { pinRoutes, type Routes } from './pins.ts';
import { prepareClone } from './prepare-clone.ts';
import { preparedAt } from './prepared.ts';
import { type ProjectFiles, readProjectFiles } from './project-files.ts';
import { findRoutes } from './routes.ts';
import type { Section } from './section.ts';
import { projectOf, selectSection } from './selection.ts';
import { servingConfig } from './serving-config.ts';
import { refuseChannel } from './site.ts';
import type { Site, Version } from './state.ts';
import { uploadFiles } from './upload.ts';
import { createVersion, finalizeVersion } from './version.ts';

/** Looks at everything that a deployment needs: configuration, files, site, and what rewrites lead to. */
export async function prepare(inputs: FirebaseInputs, surroundings: Surroundings): Promise<Prepared> {
  refuseChannel(inputs.channel);
  if (inputs.clone !== undefined) return await prepareClone(inputs, inputs.clone, surroundings);
  const { log, workspace, environment, built } = surroundings;
  const files = await readProjectFiles(inputs.config, workspace);
  const project = projectOf(inputs.project, environment, files);
  const selection = selectSection(inputs, files, project);
  const { section } = selection;
  warnOfStrangers(section, files, log);
  const named = await outputFolder(inputs.public, section, files, workspace);
  const api = enter(project, surroundings);
  const place = { folder: files.folder, project, output: named ?? files.folder };
  await runHooks(section, built === undefined ? inputs.predeploy : 'built', place, surroundings);
  const folder = named === undefined ? undefined : await builtFolder(named, workspace, built);
  // Nothing is asked of Google before the files were looked at: most mistakes are there.
  const listed = folder === undefined ? [] : await listFiles(folder, section.ignore, built ?? workspace);
  const [contents, looked, routes] = await Promise.all([
    readContents(listed),
    lookAt(api, selection.site),
    findRoutes(api, section, log),
  ]);
  const deployment: Deployment = { api, site: looked.site, section, routes, contents, log };
  const config = servingConfig(section, routes.routes);
  return preparedAt(inputs, looked, {
    fingerprint: fingerprintOf(deployment),
    changes: [`${listed.length} files`, ...differences(looked.liveConfig, config)],
    make: (by, begun) => makeVersion(deployment, by, begun, inputs.channel ?? ''),
  });
}

/** All that a version is made of. */
interface Deployment {
  readonly api: Api;
  readonly site: Site;
  readonly section: Section;
  readonly routes: Routes;
  readonly contents: Contents;
  readonly log: Surroundings['log'];
}

async function makeVersion(
  { api, site, section, routes, contents, log }: Deployment,
  mark: Mark,
  begun: Version | undefined,
  channel: string,
): Promise<Version> {
  const version = begun ?? (await createVersion(site, mark, channel));
  if (contents.hashes.size > 0) await uploadFiles(site, version.id, contents, log);
  const pinned = await pinRoutes(api, routes, version.id);
  return await finalizeVersion(site, version, { config: servingConfig(section, pinned) });
}

/** Of files and configuration, and of the revisions that rewrites are pinned to. */
function fingerprintOf({ section, routes, contents }: Deployment): string {
  const pinned = [...routes.pinned].map(([index, { region, id, revision }]) => [index, region, id, revision]);
  const content = [servingConfig(section, routes.routes), pinned, [...contents.hashes]];
  return createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 40);
}

/** Parts of the serving configuration that are not those of what serves now. Only names: values may be long. */
function differences(live: Readonly<Record<string, unknown>>, next: object): readonly string[] {
  const wanted = new Map<string, unknown>(Object.entries(next));
  const names = new Set([...Object.keys(live), ...wanted.keys()]);
  return [...names]
    .filter((name) => text(live[name]) !== text(wanted.get(name)))
    .map((name) => `${name} of the configuration`);
}

/** Hosting leaves out what is empty or false. */
function text(value: unknown): string {
  const isNothing = value === undefined || value === false || (Array.isArray(value) && value.length === 0);
  return isNothing ? '' : JSON.stringify(sorted(value));
}

/** Objects with their keys in order, to any depth. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
  return Object.fromEntries(entries.map(([key, one]) => [key, sorted(one)]));
}

function warnOfStrangers({ strangers }: Section, { name }: ProjectFiles, log: Surroundings['log']): void {
  for (const { key, meant } of strangers) {
    const hint = meant === undefined ? '' : `; did you mean \`${meant}\`?`;
    log.annotate('warning', `${name} has the key ${shown(key)} under hosting, which Hosting does not know${hint}`);
  }
}
