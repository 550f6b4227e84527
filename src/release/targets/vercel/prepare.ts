import { createHash } from 'node:crypto';
import { join, posix, relative, sep } from 'node:path';
import type { Environment } from '../../../runtime/environment.ts';
import { ConfigurationError, nearest, ProjectFailure, shown } from '../../../runtime/errors.ts';
import { readTextFile } from '../../../runtime/files.ts';
import type { InputValues } from '../../../runtime/inputs.ts';
import type { Mark, Prepared, Surroundings } from '../../target.ts';
import { listOf, mapOf, textOf, type VercelApi } from './api.ts';
import { type CommitFacts, commitFacts } from './commit-facts.ts';
import { releaseOf } from './deployment.ts';
import { assignAliases, checkDomains } from './domains.ts';
import { noProject, notNamed, refused } from './faults.ts';
import { type DeployedFile, outputFiles, sourceFiles } from './files.ts';
import type { inputs } from './inputs.ts';
import { apiFor, probeHeadersOf } from './open.ts';
import { type Folders, foldersOf, outputOf } from './output.ts';
import { ownerOf } from './owner.ts';
import { type Place, referenceIn, scopeOf } from './place.ts';
import { platformOf } from './platform.ts';
import { type Project, readProject, rolledBackOf } from './project.ts';
import { type Staging, stageDeployment } from './stage.ts';
import { secretsFingerprint, type VariableTarget, writeSecrets } from './variables.ts';
import { readProjectFiles } from './vercel-json.ts';

type Given = InputValues<typeof inputs>;

/** Looks at the project, its settings and the files, and says what a deployment would be. */
export async function prepare(given: Given, surroundings: Surroundings): Promise<Prepared> {
  const { credentials, environment, workspace, built = workspace, log, signal } = surroundings;
  const facts = commitFacts(given.workingDirectory, environment, signal);
  // Waited for below, and not before something else has failed.
  facts.catch(() => undefined);
  const named = await namesOf(given, environment);
  const { api, place, project } = await enter(apiFor(surroundings), named.team, named.project);
  const folders = await foldersOf(workspace, given.workingDirectory, project.rootDirectory);
  const target = await targetOf(api, project, given.target);
  const handed = inFolder(folders, workspace, built);
  const output = await outputOf(handed, given.prebuilt, given.target);
  const [files, config, commit] = await Promise.all([
    output === undefined ? sourceFiles(folders.base) : outputFiles(handed.base, output, folders.base),
    readProjectFiles(folders, log),
    facts,
    given.target === 'production' ? checkDomains(api, project.id, given.domains) : undefined,
    checkBypass(project, credentials.protectionBypass),
  ]);
  const isProduction = given.target === 'production';
  if (given.target === 'preview' && project.production === undefined) {
    log.annotate('warning', 'Vercel makes the first deployment of a project its production, also this preview.');
  }
  const env = { ...config.env, ...Object.fromEntries(given.env ?? []) };
  const buildEnv = { ...config.buildEnv, ...Object.fromEntries(given.buildEnv ?? []) };
  const secrets = given.secrets ?? new Map<string, string>();
  const request = {
    ...config.config,
    version: 2,
    name: project.name,
    project: project.id,
    source: 'cli',
    ...target.request,
    // Production's domains stay where they are until it is promoted.
    ...(isProduction ? { autoAssignCustomDomains: false } : {}),
    env,
    build: { env: buildEnv },
    projectSettings: {
      sourceFilesOutsideRootDirectory: project.sourceFilesOutsideRootDirectory,
      rootDirectory: project.rootDirectory === '' ? null : project.rootDirectory,
      ...config.overrides,
      ...(config.nodeVersion === undefined ? {} : { nodeVersion: config.nodeVersion }),
    },
    ...(commit === undefined ? {} : { gitMetadata: { ...commit, rootDirectory: rootOf(commit, folders, given) } }),
  };
  const probeHeaders = probeHeadersOf(credentials);
  const [domain] = given.domains;
  const staging: Staging = {
    api,
    log,
    projectId: project.id,
    target: given.target,
    channel: given.channel ?? '',
    request,
    meta: config.meta,
    isPrebuilt: output !== undefined,
    files,
    timeout: given.timeout,
  };
  const { gitMetadata: _, ...decisive } = { gitMetadata: undefined, ...request };
  return {
    place: referenceIn(place, 'new'),
    platform: platformOf({
      api,
      place,
      names: place,
      projectId: project.id,
      target: given.target,
      probeHeaders,
      domain,
    }),
    fingerprint: fingerprintOf([
      decisive,
      namesAndDigests(files),
      secretsFingerprint(secrets, credentials.token ?? ''),
      given.channel,
    ]),
    isPreview: !isProduction,
    hidden: hiddenBy(project, given.target, probeHeaders),
    changes: changesOf(staging, Object.keys(env), Object.keys(buildEnv), [...secrets.keys()]),
    stage: async (mark: Mark) => {
      await writeSecrets(api, project.id, secrets, target.variables);
      const deployment = await stageDeployment(staging, mark);
      if (deployment.aliasError !== '') throw notAliased(deployment.id, deployment.aliasError);
      if (!isProduction) await assignAliases(api, deployment.id, given.domains);
      return releaseOf(deployment, place, probeHeaders, rolledBackOf(project));
    },
  };
}

/** Team and project as the inputs, the environment, or the folder's link name them. */
async function namesOf(given: Given, environment: Environment): Promise<{ team: string; project: string }> {
  const text = await readTextFile(join(given.workingDirectory, '.vercel/project.json'));
  const link = linkOf(text);
  const project = given.project ?? (environment['VERCEL_PROJECT_ID'] || link.project);
  if (project === '') throw notNamed();
  return { team: given.team ?? (environment['VERCEL_ORG_ID'] || link.team), project };
}

function linkOf(text: string | undefined): { team: string; project: string } {
  try {
    const link = mapOf(text === undefined ? undefined : JSON.parse(text));
    return { team: textOf(link['orgId']), project: textOf(link['projectId']) };
  } catch {
    // A file that `vercel link` did not write says nothing.
    return { team: '', project: '' };
  }
}

/** The project, and the API for its owner. */
async function enter(
  api: VercelApi,
  team: string,
  name: string,
): Promise<{ api: VercelApi; place: Place; project: Project }> {
  const found = await throughTeam(api, team, name);
  const { owner, project } = found ?? (await throughOwner(api, team, name));
  const scope = project.accountId.startsWith('team_') ? { teamId: project.accountId } : scopeOf(owner);
  return { api: api.as(scope), place: { owner, project: project.name }, project };
}

/** The short way, where the team is named as it is; undefined: it has to be looked up to say what is wrong. */
async function throughTeam(
  api: VercelApi,
  team: string,
  name: string,
): Promise<{ owner: string; project: Project } | undefined> {
  if (team === '' || team.startsWith('user:')) return undefined;
  try {
    const scoped = api.as(scopeOf(team));
    const owner = team.startsWith('team_') ? ownerOf(api, team) : { name: team };
    const [project, { name: slug }] = await Promise.all([readProject(scoped, name, team), owner]);
    return { owner: slug, project };
  } catch (error) {
    if (error instanceof ConfigurationError && error.code !== 'PIPE-VERCEL-001') return undefined;
    throw error;
  }
}

async function throughOwner(api: VercelApi, team: string, name: string): Promise<{ owner: string; project: Project }> {
  const owner = await ownerOf(api, team);
  const project = await readProject(api.as(scopeOf(owner.name)), name, owner.name);
  if (project.id === '') throw noProject(name, owner.name);
  return { owner: owner.name, project };
}

/** How the environment stands in the request of a deployment and of a variable. */
async function targetOf(
  api: VercelApi,
  { id }: Project,
  target: string,
): Promise<{ request: Readonly<Record<string, string>>; variables: VariableTarget }> {
  if (target === 'production') return { request: { target }, variables: { target } };
  if (target === 'preview') return { request: {}, variables: { target } };
  const { value, refusal } = await api.ask({ path: `/v9/projects/${id}/custom-environments` });
  if (refusal !== undefined) throw refused('list the custom environments', refusal, 'nothing was staged');
  const environments = listOf(mapOf(value)['environments']).map(mapOf);
  const found = environments.find(({ slug }) => slug === target);
  if (found !== undefined) {
    return { request: { customEnvironmentSlugOrId: target }, variables: { customEnvironmentId: textOf(found['id']) } };
  }
  const names = ['production', 'preview', ...environments.map(({ slug }) => textOf(slug))];
  const meant = nearest(target, names);
  throw new ConfigurationError({
    code: 'PIPE-VERCEL-025',
    what: `the project has no environment ${shown(target)}`,
    accepted: names.join(', '),
    ...(meant === undefined ? {} : { example: `\`target: ${meant}\`` }),
    remedy: 'custom environments are made in the settings of the project; not every plan has them',
    state: 'nothing was staged',
  });
}

/** @throws ConfigurationError PIPE-VERCEL-026 the secret is none of the project's, where that can be known */
function checkBypass({ bypassSecrets }: Project, given = ''): void {
  const secret = given.trim();
  if (secret === '' || bypassSecrets.length === 0 || bypassSecrets.includes(secret)) return;
  throw new ConfigurationError({
    code: 'PIPE-VERCEL-026',
    what: 'the secret in `protection-bypass` is none of this project',
    given: 'another one (not shown)',
    accepted: "the project's secret of Protection Bypass for Automation",
    remedy: 'copy it: vercel.com, the project, Settings, Deployment Protection',
    state: 'nothing was staged',
  });
}

/** Why a probe of the deployment's own address would only see a sign-in page. */
function hiddenBy({ protection }: Project, target: string, headers: Readonly<Record<string, string>>): string {
  const closes = (type: string) => type !== 'preview' || target !== 'production';
  if (!protection.some(closes) || Object.keys(headers).length > 0) return '';
  return 'deployment protection closes its address, and `protection-bypass` is not given';
}

/** The root directory as seen from the repository: the commit was looked at from `working-directory`. */
function rootOf({ rootDirectory }: CommitFacts, { root }: Folders, given: Given): string {
  const below = relative(given.workingDirectory, root).split(sep).join('/');
  return posix.join(rootDirectory, below).replace(/^\.$/, '');
}

/** The same folders where an earlier job's output lies. */
function inFolder({ base, root }: Folders, workspace: string, built: string): Folders {
  const inside = (folder: string) => join(built, relative(workspace, folder));
  return { base: inside(base), root: inside(root) };
}

function namesAndDigests(files: readonly DeployedFile[]): readonly string[] {
  return files.map(({ path, sha, mode }) => `${sha} ${mode} ${path}`);
}

/** Of all that decides what is staged. What only describes it (commit, branch, author) is not in it. */
function fingerprintOf(parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 40);
}

function changesOf(
  { isPrebuilt, files, target }: Staging,
  env: readonly string[],
  buildEnv: readonly string[],
  secrets: readonly string[],
): readonly string[] {
  const size = Math.ceil(files.reduce((sum: number, file: DeployedFile) => sum + file.size, 0) / 1_024);
  const names = (what: string, list: readonly string[]) => (list.length === 0 ? [] : [`${what} ${list.join(', ')}`]);
  return [
    `${target}: ${isPrebuilt ? 'output of `vercel build`' : 'source, built on Vercel'}, ${files.length} files, ${size} KiB`,
    ...names('variables', env),
    ...names('variables of the build', buildEnv),
    ...names('secret variables written to the project', secrets),
  ];
}

function notAliased(id: string, reason: string): ProjectFailure {
  return new ProjectFailure({
    code: 'PIPE-VERCEL-022',
    what: `the deployment is ready, and its domains do not lead to it: ${shown(reason, 300)}`,
    remedy: 'see vercel.com, the project, Settings, Domains; then run again',
    state: `${id} has its own address`,
  });
}
