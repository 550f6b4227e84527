import type { Environment } from '../../../runtime/environment.ts';
import { ConfigurationError, nearest, shown } from '../../../runtime/errors.ts';
import type { FirebaseInputs } from './inputs.ts';
import type { ProjectFiles } from './project-files.ts';
import type { Section } from './section.ts';

/** Project ids, also of old projects with a domain, and numbers (cloud.google.com, "Creating and managing projects"). */
const PROJECT = /^(?:[a-z][a-z0-9.-]*:)?[a-z0-9][a-z0-9-]{3,61}$/;

/** A site is one label of a host name. */
const SITE = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * The project that is deployed to.
 *
 * @throws ConfigurationError PIPE-FIREBASE-003 when it can't be told, or is no name of one
 */
export function projectOf(
  given: string | undefined,
  environment: Environment,
  files: ProjectFiles | undefined,
): string {
  const aliases = files?.aliases ?? new Map<string, string>();
  const [only] = aliases.size === 1 ? [...aliases.values()] : [];
  const name = given || environment['GOOGLE_CLOUD_PROJECT'] || aliases.get('default') || only;
  if (name === undefined) {
    throw selectionFault('no Firebase project is named', {
      given:
        aliases.size === 0
          ? 'no .firebaserc that names one'
          : `the aliases ${[...aliases.keys()].map((alias) => shown(alias)).join(', ')}`,
      accepted: '`project`, GOOGLE_CLOUD_PROJECT, or the alias `default` in .firebaserc',
      example: 'project: acme-production',
    });
  }
  const project = aliases.get(name) ?? name;
  if (PROJECT.test(project)) return project;
  const meant = nearest(name, aliases.keys());
  throw selectionFault('this is not the id of a Firebase project', {
    given: shown(project),
    accepted: `a project id, or an alias of .firebaserc${meant === undefined ? '' : ` (nearest: ${meant})`}`,
    example: 'project: acme-production',
  });
}

/** One section of firebase.json, and the site that is meant; undefined: the default site of the project. */
export interface Selection {
  readonly section: Section;
  readonly site: string | undefined;
}

/**
 * Picks the section and the site for it. A section that names neither belongs to whatever site is asked for.
 *
 * @throws ConfigurationError PIPE-FIREBASE-003 when no section or several fit
 */
export function selectSection(
  { site, target }: Pick<FirebaseInputs, 'site' | 'target'>,
  files: ProjectFiles,
  project: string,
): Selection {
  if (site !== undefined && !SITE.test(site)) throw notASite(site);
  const fitting = files.sections.filter((section) => {
    if (target !== undefined) return section.target === target;
    return site === undefined || section.site === undefined || section.site === site;
  });
  const found = fitting.length <= 1 ? fitting : fitting.filter((section) => isNamed(section, site, files, project));
  const [section] = found;
  if (section === undefined || found.length > 1) throw notOne(files, site, target);
  return { section, site: siteOf(section, site, files, project) };
}

/** Whether a section is that of a site by name, where several might be. */
function isNamed(section: Section, site: string | undefined, files: ProjectFiles, project: string): boolean {
  if (site === undefined) return section.site === undefined && section.target === undefined;
  if (section.site === site) return true;
  return section.target !== undefined && files.sitesOf(project, section.target).includes(site);
}

function siteOf(section: Section, site: string | undefined, files: ProjectFiles, project: string): string | undefined {
  const linked = section.target === undefined ? [] : files.sitesOf(project, section.target);
  if (section.target !== undefined && site === undefined && linked.length !== 1) {
    throw selectionFault(
      `the target ${shown(section.target)} is linked to ${linked.length === 0 ? 'no site' : `${linked.length} sites`} of the project ${shown(project)}`,
      {
        given: linked.length === 0 ? 'no entry in .firebaserc' : linked.map((one) => shown(one)).join(', '),
        accepted: 'one site: .firebaserc links the target to it, or `site` names it',
        example: `firebase target:apply hosting ${section.target} my-site`,
      },
    );
  }
  const name = site ?? section.site ?? linked[0];
  if (name !== undefined && !SITE.test(name)) throw notASite(name);
  return name;
}

function notOne(files: ProjectFiles, site: string | undefined, target: string | undefined): ConfigurationError {
  const names = files.sections.map((section) => {
    return section.target === undefined ? `site ${section.site ?? '(any)'}` : `target ${section.target}`;
  });
  const wanted = [target === undefined ? '' : `target ${target}`, site === undefined ? '' : `site ${site}`];
  const asked = wanted.filter((part) => part !== '').join(', ');
  return selectionFault(`${files.name} has ${names.length} configurations of Hosting, and not exactly one fits`, {
    given: `${asked === '' ? 'neither `site` nor `target`' : shown(asked)}; the file has ${shown(names.join(', '), 300)}`,
    accepted: 'one call a site, by `target` or `site`; several sites are several calls or a matrix',
    example: `target: ${files.sections.find((section) => section.target !== undefined)?.target ?? 'shop'}`,
  });
}

function notASite(name: string): ConfigurationError {
  return selectionFault('this is not the name of a Hosting site', {
    given: shown(name),
    accepted: 'lower-case letters, digits and hyphens, at most 63',
    example: 'site: acme-shop',
  });
}

function selectionFault(
  what: string,
  rest: { readonly given: string; readonly accepted: string; readonly example: string },
): ConfigurationError {
  return new ConfigurationError({ code: 'PIPE-FIREBASE-003', what, ...rest, state: 'nothing was sent' });
}
