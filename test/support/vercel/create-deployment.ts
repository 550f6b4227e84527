import { createHash } from 'node:crypto';
import type { CloudAnswer } from '../cloud-proxy.ts';
import { badRequest, notFound, VercelRefusal } from './answers.ts';
import type { VercelCall } from './api.ts';
import { advance } from './builds.ts';
import { newId, tick, type VercelDeployment, type VercelFile, type VercelProject } from './state.ts';
import { deploymentView, ownerName } from './views.ts';

interface GivenFile {
  readonly file: string;
  readonly sha?: string;
  readonly size?: number;
  readonly mode?: number;
  readonly data?: string;
  readonly encoding?: string;
}

const QUERY = new Set(['teamId', 'slug', 'forceNew', 'withCache', 'skipAutoDetectionConfirmation', 'prebuilt']);

/** A link is a file whose content is where it leads. */
const LINK = 0o120000;
const FOLDER = 0o040000;
const FORMAT = 0o170000;

/** POST /v13/deployments: creates one, or says which files are missing. */
export function createDeployment(
  call: VercelCall,
  projectOf: (call: VercelCall, name: string) => VercelProject,
): CloudAnswer {
  const { state, request, schemas } = call;
  for (const name of request.query.keys()) {
    if (!QUERY.has(name)) throw badRequest(`should NOT have additional property \`${name}\`.`);
  }
  const body = call.body();
  schemas?.check('createDeployment', body);
  const project = projectOf(call, textOf(body['project']) || textOf(body['name']));
  const from = state.deployments.find(({ id }) => id === body['deploymentId']);
  if (body['deploymentId'] !== undefined && from === undefined) throw notFound('Deployment not found');
  const files = from === undefined ? filesOf(call, body['files']) : from.files;
  const target = targetOf(body, project);
  const isPrebuilt = request.query.get('prebuilt') === '1';
  if (isPrebuilt && ![...files.keys()].some((path) => path.endsWith('.vercel/output/config.json'))) {
    throw new VercelRefusal(400, 'bad_request', 'Prebuilt deployments must contain .vercel/output/config.json');
  }
  const id = newId(state, 'dpl_');
  const now = tick(state);
  const hash = createHash('sha256').update(id).digest('hex').slice(0, 9);
  const made: VercelDeployment = {
    id,
    projectId: project.id,
    accountId: call.accountId,
    creator: call.user.username,
    url: `${project.name}-${hash}-${ownerName(state, call.accountId)}.vercel.app`,
    ...target,
    isPrebuilt,
    takesDomains: body['autoAssignCustomDomains'] !== false,
    meta: metaOf(body),
    env: mapOf(body['env'], 'env'),
    buildEnv: mapOf((body['build'] as { env?: unknown } | undefined)?.env, 'build.env'),
    files,
    createdAt: now,
    request: body,
    readyState: 'QUEUED',
    readySubstate: undefined,
    readyAt: undefined,
    left: call.behaviour.reads,
    outcome: call.behaviour.build(files, (path) => state.files.get(`${call.accountId}/${files.get(path)?.sha}`)),
    events: [{ created: now, type: 'stdout', text: 'Running build in Washington, D.C., USA (East) – iad1' }],
    alias: [],
    aliasAssigned: false,
    aliasError: undefined,
  };
  state.deployments.push(made);
  // Where nothing takes time, it is ready at once.
  for (let steps = 0; call.behaviour.reads === 0 && steps < 3; steps += 1) advance(call, made);
  return { status: 200, body: deploymentView(state, made) };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** @throws VercelRefusal missing_files with the SHA-1 of those that were not uploaded */
function filesOf(call: VercelCall, given: unknown): ReadonlyMap<string, VercelFile> {
  const files = new Map<string, VercelFile>();
  const missing = new Set<string>();
  const list = (given ?? []) as readonly GivenFile[];
  if (list.length === 0) throw new VercelRefusal(400, 'no_files', 'There are no files to deploy');
  for (const [index, file] of list.entries()) {
    const isOutside = file.file === '' || file.file.startsWith('/') || file.file.split('/').includes('..');
    if (isOutside) throw badRequest(`\`files[${index}].file\` should be a path inside the deployment.`);
    if (files.has(file.file)) throw new VercelRefusal(400, 'duplicate_file', `The file ${file.file} is there twice`);
    const mode = file.mode ?? 0o100644;
    // Folders without files come along from the command line; nothing is kept of them.
    if ((mode & FORMAT) === FOLDER) continue;
    const sha = file.data === undefined ? knownFile(call, file, index, missing) : inlineFile(call, file);
    files.set(file.file, { sha, mode });
  }
  if (missing.size > 0) throw new VercelRefusal(400, 'missing_files', 'Missing files', { missing: [...missing] });
  return files;
}

function inlineFile({ state, accountId }: VercelCall, { data = '', encoding }: GivenFile): string {
  const content = Buffer.from(data, encoding === 'base64' ? 'base64' : 'utf8');
  const sha = createHash('sha1').update(content).digest('hex');
  state.files.set(`${accountId}/${sha}`, content);
  return sha;
}

/** A file that was uploaded before; one that was not is put down as missing. */
function knownFile({ state, accountId }: VercelCall, file: GivenFile, index: number, missing: Set<string>): string {
  const { sha, size, mode = 0 } = file;
  if (sha === undefined || !/^[0-9a-f]{40}$/.test(sha)) throw badRequest('missing required property `sha`.');
  const content = state.files.get(`${accountId}/${sha}`);
  if (content === undefined) missing.add(sha);
  else if (content.length !== size) throw badRequest(`\`files[${index}].size\` is not that of the file.`);
  else if ((mode & FORMAT) === LINK && content.includes('\n')) throw badRequest(`\`files[${index}]\` is not a link.`);
  return sha;
}

function targetOf(
  body: Readonly<Record<string, unknown>>,
  project: VercelProject,
): Pick<VercelDeployment, 'target' | 'customEnvironmentId'> {
  const custom = body['customEnvironmentSlugOrId'];
  if (custom !== undefined) {
    if (body['target'] !== undefined) throw badRequest('`target` and `customEnvironmentSlugOrId` exclude each other.');
    const found = project.customEnvironments.find(({ id, slug }) => id === custom || slug === custom);
    if (found === undefined) throw new VercelRefusal(404, 'not_found', `Custom Environment not found: ${custom}`);
    return { target: null, customEnvironmentId: found.id };
  }
  const { target } = body;
  if (target !== undefined && target !== 'production' && target !== 'staging') {
    throw badRequest('`target` should be equal to one of the allowed values "staging, production".');
  }
  // The first deployment of a project is its production.
  const isFirst = project.production === undefined && target === undefined;
  return { target: target === 'production' || isFirst ? 'production' : null, customEnvironmentId: undefined };
}

/** What was given, and what Vercel makes of the commit. */
function metaOf(body: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  const meta = mapOf(body['meta'], 'meta');
  const git = (body['gitMetadata'] ?? {}) as Readonly<Record<string, unknown>>;
  const names = { commitSha: 'gitCommitSha', commitRef: 'gitCommitRef', commitMessage: 'gitCommitMessage' };
  const read = Object.entries(names).flatMap(([name, as]) => {
    return typeof git[name] === 'string' ? [[as, git[name]] as const] : [];
  });
  return { ...Object.fromEntries(read), ...meta };
}

function mapOf(value: unknown, name: string): Readonly<Record<string, string>> {
  for (const [key, item] of Object.entries(value ?? {})) {
    if (typeof item !== 'string') throw badRequest(`\`${name}.${key}\` should be string.`);
  }
  return (value ?? {}) as Readonly<Record<string, string>>;
}
