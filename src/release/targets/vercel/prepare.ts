import { createHash } from 'node:crypto';
import { join, posix, relative, sep } from 'node:path';
import { ConfigurationError, nearest, ProjectFailure, shown } from '../../../runtime/errors.ts';
import type { InputValues } from '../../../runtime/inputs.ts';
import { listOf, textOf } from '../../../runtime/json.ts';
import { stagedBy } from '../../staged-by.ts';
import type { Prepared, Surroundings } from '../../target.ts';
import { mapOf, type VercelApi } from './api.ts';
import { type CommitFacts, commitFacts } from './commit-facts.ts';
import { releaseOf } from './deployment.ts';
import type { Digests } from './digest.ts';
import { assignAliases, checkDomains } from './domains.ts';
import { enter, namesOf } from './enter.ts';
import { refused } from './faults.ts';
import { type DeployedFile, outputFiles, sourceFiles } from './files.ts';
import type { inputs } from './inputs.ts';
import { apiFor, probeHeadersOf } from './open.ts';
import { type Folders, foldersOf, outputOf } from './output.ts';
import { referenceIn } from './place.ts';
import { foundAt, NEWEST, type PlatformSettings, platformOf } from './platform.ts';
import { type Project, rolledBackOf } from './project.ts';
import { type Staging, stageDeployment } from './stage.ts';
import { secretsFingerprint, type VariableTarget, writeSecrets } from './variables.ts';
import { readProjectFiles } from './vercel-json.ts';

type Given = InputValues<typeof inputs>;

/** Looks at the project, its settings and the files, and says what a deployment would be. */
export async function prepare(given: Given, surroundings: Surroundings): Promise<Prepared> {
  const { credentials, environment, workspace, log, signal } = surroundings;
  const facts = commitFacts(given.workingDirectory, environment, signal);
  // Waited for below, and not before something else has failed.
  facts.catch(() => undefined);
  const named = await namesOf(given, environment);
  const entering = enter(apiFor(surroundings), named.team, named.project);
  // Most projects are at the top of what is deployed: their files are read while Vercel is asked.
  const known: Digests = new Map();
  const top = { base: given.workingDirectory, root: given.workingDirectory };
  const atTop = filesIn(top, given, surroundings, known);
  atTop.catch(() => undefined);
  const { api, place, project, newest } = await entering;
  const folders = await foldersOf(workspace, given.workingDirectory, project.rootDirectory);
  const target = await targetOf(api, project, given.target);
  const [{ files, output }, config, commit] = await Promise.all([
    project.rootDirectory === '' ? atTop : filesIn(folders, given, surroundings, known),
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
  const settings: PlatformSettings = {
    api,
    place,
    names: place,
    projectId: project.id,
    target: given.target,
    probeHeaders,
    domain,
  };
  const found = isProduction && newest !== undefined ? await foundAt(settings, project, newest) : undefined;
  // Where these are all, none has to be looked for.
  const before = found !== undefined && newest !== undefined && newest.length < NEWEST ? newest : undefined;
  return {
    place: referenceIn(place, 'new'),
    platform: platformOf(settings),
    ...(found === undefined ? {} : { found }),
    fingerprint: fingerprintOf([
      decisive,
      namesAndDigests(files),
      secretsFingerprint(secrets, credentials.token ?? ''),
      given.channel,
    ]),
    isPreview: !isProduction,
    hidden: hiddenBy(project, given.target, probeHeaders),
    changes: changesOf(staging, Object.keys(env), Object.keys(buildEnv), [...secrets.keys()]),
    stage: stagedBy({ before, serving: found?.serving }, async (mark, known) => {
      await writeSecrets(api, project.id, secrets, target.variables);
      const deployment = await stageDeployment(staging, mark, known?.before);
      if (deployment.aliasError !== '') throw notAliased(deployment.id, deployment.aliasError);
      if (!isProduction) await assignAliases(api, deployment.id, given.domains);
      const release = releaseOf(deployment, place, probeHeaders, rolledBackOf(project));
      // Staging moves no domain: whoever else moved them since is met by the promotion.
      return known?.serving === undefined ? release : { ...release, serving: known.serving };
    }),
  };
}

/** What is deployed of a folder: the output of `vercel build`, where that is wanted and there; else the source. */
async function filesIn(
  folders: Folders,
  given: Given,
  { workspace, built = workspace }: Surroundings,
  known: Digests,
): Promise<{ readonly files: readonly DeployedFile[]; readonly output: string | undefined }> {
  const handed = inFolder(folders, workspace, built);
  const output = await outputOf(handed, given.prebuilt, given.target);
  const files =
    output === undefined
      ? await sourceFiles(folders.base, known)
      : await outputFiles(handed.base, output, folders.base, known);
  return { files, output };
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
