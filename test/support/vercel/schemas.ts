import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { installVercelSdk } from '../../../tools/conformance/vercel/install.ts';
import { badRequest, unknownField } from './answers.ts';

/** One of Vercel's own schemas: reads what fits it and throws a ZodError about what does not. */
interface Schema {
  readonly parse: (value: unknown) => unknown;
}

/** Vercel's own description of its requests and answers, as its SDK carries it. */
export interface VercelSchemas {
  /** @throws VercelRefusal in Vercel's words when a body or query is not as described */
  readonly check: (name: RequestName, value: Readonly<Record<string, unknown>>) => void;
  /** Reads an answer as the SDK would. @throws ZodError */
  readonly answer: (name: keyof typeof ANSWERS, value: unknown) => unknown;
}

/** Module of the SDK and the name in it. */
const REQUESTS = {
  createDeployment: ['responsebodyimages', 'CreateDeploymentRequestBody$outboundSchema'],
  uploadFile: ['uploadfileop', 'UploadFileRequest$outboundSchema'],
  getDeployments: ['getdeploymentsop', 'GetDeploymentsRequest$outboundSchema'],
  getDeploymentEvents: ['getdeploymenteventsop', 'GetDeploymentEventsRequest$outboundSchema'],
  assignAlias: ['assignaliasop', 'AssignAliasRequestBody$outboundSchema'],
  createProjectEnv: ['createprojectenvop', 'CreateProjectEnvRequestBody$outboundSchema'],
  requestPromote: ['requestpromoteop', 'RequestPromoteRequest$outboundSchema'],
  requestRollback: ['requestrollbackop', 'RequestRollbackRequest$outboundSchema'],
} as const;

const ANSWERS = {
  getDeployments: ['getdeploymentsop', 'GetDeploymentsResponseBody$inboundSchema'],
  getProject: ['getprojectresponsebody', 'GetProjectResponseBody$inboundSchema'],
  getDeploymentEvents: ['getdeploymenteventsop', 'GetDeploymentEventsResponseBody$inboundSchema'],
  assignAlias: ['assignaliasop', 'AssignAliasResponseBody$inboundSchema'],
} as const;

export type RequestName = keyof typeof REQUESTS;

/**
 * What Vercel's own command line sends and its description leaves out: its API takes these all the same. Anything else
 * that the description does not have is refused.
 */
const UNDESCRIBED: Partial<Record<RequestName, readonly RegExp[]>> = {
  createDeployment: [
    /^(env|build|source|actor|autoAssignCustomDomains|version|buildMachine)$/,
    // All of vercel.json goes along (https://openapi.vercel.sh/vercel.json).
    /^(buildCommand|devCommand|installCommand|ignoreCommand|outputDirectory|framework|bunVersion|fluid|git)(\.|$)/,
    /^(cleanUrls|trailingSlash|redirects|rewrites|headers|routes|functions|regions|crons|functionFailoverRegions)(\.|$)/,
    /^build\.env$/,
    /^(env|build\.env)\.[A-Za-z_][A-Za-z0-9_]*$/,
    /^files\.\d+\.(mode|sha|size|data|encoding)$/,
    /^gitMetadata\.(rootDirectory|commitAuthorEmail|ci|ciType|ciGitProviderUsername|ciGitRepoVisibility)$/,
  ],
};

/** Installs the SDK and reads its schemas. */
export async function loadVercelSchemas(): Promise<VercelSchemas> {
  const modules = join(await installVercelSdk(), 'esm/models');
  const load = async (names: Readonly<Record<string, readonly [string, string]>>) => {
    const entries = Object.entries(names).map(async ([name, [file, schema]]) => {
      const module = (await import(pathToFileURL(join(modules, `${file}.js`)).href)) as Record<string, Schema>;
      const found = module[schema];
      if (found === undefined) throw new Error(`@vercel/sdk has no ${schema} in ${file}`);
      return [name, found] as const;
    });
    return new Map(await Promise.all(entries));
  };
  const [requests, answers] = await Promise.all([load(REQUESTS), load(ANSWERS)]);
  return {
    check: (name, value) => {
      const undescribed = UNDESCRIBED[name] ?? [];
      const read = parsed(requests.get(name), value);
      // Its fields are headers, which it renames.
      if (name === 'uploadFile') return;
      const extra = additional(value, read, '').find((path) => !undescribed.some((pattern) => pattern.test(path)));
      if (extra === undefined) return;
      const parts = extra.split('.');
      throw unknownField(parts.at(-1) ?? '', parts.slice(0, -1).join('.'));
    },
    answer: (name, value) => answers.get(name)?.parse(value),
  };
}

function parsed(schema: Schema | undefined, value: unknown): unknown {
  try {
    return schema?.parse(value);
  } catch (error) {
    const [issue] = issuesOf(error);
    if (issue === undefined) throw error;
    const place = issue.path.join('.');
    if (issue.received === 'undefined') {
      const name = String(issue.path.at(-1));
      throw badRequest(`missing required property \`${name}\`.`);
    }
    throw badRequest(`\`${place}\` ${issue.message.toLowerCase()}.`);
  }
}

interface Issue {
  readonly path: readonly (string | number)[];
  readonly message: string;
  readonly received?: string;
}

function issuesOf(error: unknown): readonly Issue[] {
  if (typeof error !== 'object' || error === null || !('issues' in error)) return [];
  return error.issues as readonly Issue[];
}

/** Paths of what a schema dropped while it read a value: what it does not know. */
function additional(value: unknown, read: unknown, at: string): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  if (typeof read !== 'object' || read === null) return at === '' ? [] : [at];
  const known = read as Readonly<Record<string, unknown>>;
  return Object.entries(value).flatMap(([name, item]) => {
    const path = at === '' ? name : `${at}.${name}`;
    if (item === undefined) return [];
    return Object.hasOwn(known, name) ? additional(item, known[name], path) : [path];
  });
}
