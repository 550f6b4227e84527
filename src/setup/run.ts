import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheAccess } from '../cache/access.ts';
import type { ActionContext, ActionResult } from '../runtime/action.ts';
import { type Environment, projectEnvironment } from '../runtime/environment.ts';
import { PipelineError } from '../runtime/errors.ts';
import { lazyHttp } from '../runtime/lazy-http.ts';
import { restoreFor, saveFor, seconds } from './cache-step.ts';
import { type Dialect, dialectOf } from './dialect.ts';
import { failureSummary } from './failure-summary.ts';
import type { outputs, SetupInputs } from './inputs.ts';
import type { Lockfile, ManagerName } from './lockfiles.ts';
import type { ManagerInstallation } from './manager-source.ts';
import { chooseManager } from './manager-step.ts';
import type { NodeInstallation } from './node.ts';
import { chooseNode } from './node-step.ts';
import { type RegistryToken, registryToken, removeTokenFolder } from './npm-token.ts';
import { findProject, type Project } from './package-manager.ts';
import { withPath } from './programs.ts';
import { installProject, tokenFolderIn } from './project-step.ts';
import { configuredRegistry } from './registry.ts';
import { packageStore } from './store.ts';
import { type StoreCache, sayMessage } from './store-cache.ts';
import { toolCacheOf } from './tool-cache.ts';
import { type KeptTree, keepTree, saveKept, startTree, type TreeKeep } from './tree-step.ts';
import { ofCredentials, unsetVariables } from './unset-variables.ts';
import { foldersUp } from './version-files.ts';
import { checkYarnClassic } from './yarn-classic-agreement.ts';

/** Names under which the main part leaves word for `post`. */
const TOKEN_FOLDER = 'token-folder';
const STORE = 'store';
const TREE = 'tree';

const RESTORE_LIMIT = 120_000;
const SAVE_LIMIT = 300_000;

/** Provides Node and the package manager, and installs. */
export async function run(given: SetupInputs, context: ActionContext): Promise<ActionResult<typeof outputs>> {
  try {
    // The working directory is a real path already.
    return await setUp(given, { ...context, workspace: await realpath(context.workspace) });
  } catch (error) {
    // What fails because it was cancelled is no finding.
    context.signal.throwIfAborted();
    if (error instanceof PipelineError) context.summarize(failureSummary(error, []));
    throw error;
  }
}

/** Removes the token's folder and saves the package store. */
export async function post(context: ActionContext): Promise<void> {
  const folder = context.state(TOKEN_FOLDER);
  if (folder !== '') await removeTokenFolder(folder);
  const tree = context.state(TREE);
  if (tree !== '') {
    sayMessage(await saveKept(JSON.parse(tree) as KeptTree, cacheAccess(context, SAVE_LIMIT)), context);
  }
  const kept = context.state(STORE);
  if (kept !== '') sayMessage(await saveFor(JSON.parse(kept) as StoreCache, cacheAccess(context, SAVE_LIMIT)), context);
}

async function setUp(given: SetupInputs, context: ActionContext): Promise<ActionResult<typeof outputs>> {
  const base = projectEnvironment(context.environment);
  const node = await provideNode(given, base, context);
  const withNode = withPath(base, node.origin === 'runner' ? [] : [node.folder]);
  const project = await findProject({
    workspace: context.workspace,
    folders: foldersUp(context.workspace, given.workingDirectory),
    input: given.packageManager,
    installs: given.install !== false,
  });
  const outside = once(() => configuredRegistry(withNode, context.temp, context.signal));
  const token = await tokenOf(given, outside);
  const { name } = project.request;
  const manager = await provideManager({ name, project, node, environment: withNode, token, outside }, context);
  const environment = withPath(withNode, manager.origin === 'runner' ? [] : [manager.folder]);
  const found = { 'node-version': node.version, 'package-manager': `${manager.name}@${manager.version}` };
  if (given.install !== false) {
    const { isExact, failure } = await install(given, { project, node, manager, environment, token, outside }, context);
    return { outputs: { ...found, 'cache-hit': isExact }, failure };
  }
  context.log.info('install: off');
  return { outputs: { ...found, 'cache-hit': false } };
}

async function provideNode(given: SetupInputs, base: Environment, context: ActionContext): Promise<NodeInstallation> {
  const { log, workspace, signal } = context;
  const http = lazyHttp({ environment: base, service: "Node's distribution site", code: 'PIPE-SETUP-004' });
  const { node, reason, warnings } = await chooseNode(
    { workspace, directory: given.workingDirectory, input: given.nodeVersion },
    {
      environment: base,
      cache: toolCacheOf(context),
      http,
      mirror: given.nodeMirror.replace(/\/+$/, ''),
      keys: async () => (await import('./node-release-keys/keys.ts')).nodeReleaseKeys,
      platform: process.platform,
      temp: context.temp,
      signal,
    },
  );
  http.close();
  log.info(reason);
  for (const warning of warnings) log.annotate('warning', warning);
  if (node.origin !== 'runner') context.addPath(node.folder);
  return node;
}

interface Registries {
  readonly token: RegistryToken | undefined;
  /** The registry that npm is set up for outside the project. */
  readonly outside: () => Promise<string>;
}

/** The token for its registry: the one named, else the one that is set up outside the project. */
async function tokenOf(given: SetupInputs, outside: () => Promise<string>): Promise<RegistryToken | undefined> {
  if (given.npmToken === undefined) return undefined;
  return registryToken(given.npmToken, given.npmRegistry ?? (await outside()));
}

async function provideManager(
  wanted: Registries & {
    readonly name: ManagerName;
    readonly project: Project;
    readonly node: NodeInstallation;
    readonly environment: Environment;
  },
  context: ActionContext,
): Promise<ManagerInstallation> {
  const { name, project, node, environment, token, outside } = wanted;
  const http = lazyHttp({ environment, service: 'the npm registry', code: 'PIPE-SETUP-018' });
  const { manager, reason } = await chooseManager({
    name,
    project,
    environment,
    nodeFolder: node.folder,
    temp: context.temp,
    source: {
      cache: toolCacheOf(context),
      client: { http, signal: context.signal },
      environment,
      platform: process.platform,
      node: node.version,
    },
    registry: async () => {
      const url = await outside();
      return { url, token: token?.registry === url ? token.token : undefined };
    },
  });
  http.close();
  context.log.info(reason);
  if (manager.origin !== 'runner') context.addPath(manager.folder);
  return manager;
}

async function install(
  given: SetupInputs,
  wanted: Registries & {
    readonly project: Project;
    readonly node: NodeInstallation;
    readonly manager: ManagerInstallation;
    readonly environment: Environment;
  },
  context: ActionContext,
): Promise<{ readonly isExact: boolean; readonly failure?: PipelineError | undefined }> {
  const { project, node, manager, environment, token, outside } = wanted;
  const { lockfile } = project;
  const { log, workspace, signal } = context;
  if (lockfile === undefined) return { isExact: false };
  const dialect = dialectOf(manager);
  await prepareYarn(dialect, lockfile, environment, context);
  const program = join(manager.folder, manager.name);
  const kept = [workspace, context.environment['HOME'] ?? workspace];
  const store = once(() => {
    return packageStore({ dialect, program, cwd: lockfile.folder, env: environment, signal, kept });
  });
  const args = typeof given.install === 'boolean' ? [] : given.install;
  const wish = given.cache ? given.warmInstall : 'never';
  const hasToken = token !== undefined;
  const tree = await startTree(
    { wish, workspace, lockfile, manager, node: node.version, args, hasToken, environment },
    cacheAccess(context, RESTORE_LIMIT),
  );
  sayMessage(tree.message, context);
  if (tree.isRestored) return { isExact: true };
  const { platform, arch } = process;
  const restored = given.cache
    ? await restoreFor(
        { workspace, lockfile, manager, store, platform, arch, environment: context.environment },
        cacheAccess(context, RESTORE_LIMIT),
      )
    : { plan: undefined, isExact: false, message: { level: 'info', text: 'cache: off' } as const };
  sayMessage(restored.message, context);
  const tokenFolder = tokenFolderIn(context.temp);
  if (token !== undefined) context.saveState(TOKEN_FOLDER, tokenFolder);
  const installed = await installProject({
    manager,
    lockfile,
    args,
    environment,
    token,
    outsideRegistry: outside,
    store,
    tokenFolder,
    host: { platform, arch },
    signal,
    openGroup: log.openGroup,
  });
  const { isExact } = restored;
  if ('error' in installed) {
    context.summarize(failureSummary(installed.error, installed.lines));
    return { isExact, failure: installed.error };
  }
  const count = installed.packages === undefined ? '' : `${installed.packages} packages in `;
  log.info(`install: ${installed.command}, ${count}${seconds(installed.duration)}`);
  if (tree.keep !== undefined) await keep(tree.keep, await store(), context);
  if (restored.plan !== undefined && !isExact) context.saveState(STORE, JSON.stringify(restored.plan));
  return { isExact };
}

async function prepareYarn(
  dialect: Dialect,
  lockfile: Lockfile,
  env: Environment,
  context: ActionContext,
): Promise<void> {
  if (dialect === 'yarn' || dialect === 'yarn-classic') {
    const unset = await unsetVariables(lockfile.folder, env);
    for (const name of ofCredentials(unset)) context.exportVariable(name, '');
  }
  if (dialect === 'yarn-classic') await checkYarnClassic(context.workspace, lockfile, env, context.signal);
}

async function keep(wanted: TreeKeep, store: string | undefined, context: ActionContext): Promise<void> {
  const { kept, message } = await keepTree(wanted, store, cacheAccess(context, SAVE_LIMIT));
  if (message !== undefined) sayMessage(message, context);
  if (kept !== undefined) context.saveState(TREE, JSON.stringify(kept));
}

function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  return () => {
    answer ??= ask();
    return answer;
  };
}
