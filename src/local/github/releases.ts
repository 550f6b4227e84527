import { type Git, gitOrNothing } from '../git.ts';
import { type Answer, type Call, notFound, problem, type Route, textField } from './api.ts';
import { BOT } from './comments.ts';
import { type Addresses, idOf, user } from './objects.ts';

const READS = [{ scope: 'contents', level: 'read' }] as const;
const WRITES = [{ scope: 'contents', level: 'write' }] as const;

const PAGE = 'releases/releases#';

/** A release of the repository, by its tag. */
interface KnownRelease {
  readonly tag: string;
  readonly title: string;
  readonly notes: string;
  readonly isPrerelease: boolean;
}

/**
 * Releases of the repository (https://docs.github.com/rest/releases/releases). A job's token makes none whose tag would
 * have to be made with it where the commit touches workflow files: GitHub answers 403.
 */
export function releaseRoutes(git: Git, now: string): readonly Route[] {
  const releases = new Map<string, KnownRelease>();

  const byTag = (call: Call): Answer => {
    const found = releases.get(call.params['tag'] ?? '');
    if (found === undefined) return notFound(`${PAGE}get-a-release-by-tag-name`);
    return { status: 200, body: releaseObject(found, now, call.addresses) };
  };

  const create = async (call: Call): Promise<Answer> => {
    const page = `${PAGE}create-a-release`;
    const tag = textField(call.body, 'tag_name') ?? '';
    const invalid = (code: string, field: string): Answer => {
      const errors = [{ resource: 'Release', code, field }];
      return { status: 422, body: problem('Validation Failed', page, 422, errors) };
    };
    if (tag === '') return invalid('missing_field', 'tag_name');
    if (releases.has(tag)) return invalid('already_exists', 'tag_name');
    const target = textField(call.body, 'target_commitish') ?? 'HEAD';
    const hasTag = (await gitOrNothing(git, ['rev-parse', '--verify', '--quiet', `refs/tags/${tag}`])) !== undefined;
    if (!hasTag && (await touchesWorkflows(git, target))) {
      return { status: 403, body: problem('Resource not accessible by integration', page, 403) };
    }
    const fields = call.body as Readonly<Record<string, unknown>>;
    const generated = fields['generate_release_notes'] === true ? `\n\n**Full Changelog**: …${tag}` : '';
    const made = {
      tag,
      title: textField(call.body, 'name') ?? tag,
      notes: `${textField(call.body, 'body') ?? ''}${generated}`,
      isPrerelease: fields['prerelease'] === true,
    };
    releases.set(tag, made);
    return { status: 201, body: releaseObject(made, now, call.addresses) };
  };

  const base = '/repos/{owner}/{repo}/releases';
  return [
    {
      ...{ method: 'GET', path: `${base}/tags/{tag}`, needs: READS, page: `${PAGE}get-a-release-by-tag-name` },
      handle: byTag,
    },
    { method: 'POST', path: base, needs: WRITES, page: `${PAGE}create-a-release`, handle: create },
  ];
}

async function touchesWorkflows(git: Git, commit: string): Promise<boolean> {
  const files = await gitOrNothing(git, ['show', '--name-only', '--format=', '--end-of-options', commit]);
  return (files ?? '').split('\n').some((file) => file.startsWith('.github/workflows/'));
}

/** `release` */
function releaseObject({ tag, title, notes, isPrerelease }: KnownRelease, now: string, addresses: Addresses) {
  const { api, owner, name } = addresses;
  const id = idOf(`${owner}/${name}@${tag}`);
  const url = `${api}/repos/${owner}/${name}/releases/${id}`;
  const archive = (form: string) => `${api}/repos/${owner}/${name}/${form}/${tag}`;
  return {
    url,
    html_url: `https://github.com/${owner}/${name}/releases/tag/${encodeURIComponent(tag)}`,
    assets_url: `${url}/assets`,
    upload_url: `${url}/assets{?name,label}`,
    tarball_url: archive('tarball'),
    zipball_url: archive('zipball'),
    id,
    node_id: Buffer.from(`Release:${id}`).toString('base64url'),
    tag_name: tag,
    target_commitish: 'main',
    name: title,
    body: notes,
    draft: false,
    prerelease: isPrerelease,
    immutable: false,
    created_at: now,
    published_at: now,
    author: user(addresses, BOT),
    assets: [],
  };
}
