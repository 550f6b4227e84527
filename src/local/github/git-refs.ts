import { type Git, gitOrNothing } from '../git.ts';
import { type Answer, type Call, notFound, problem, type Route, textField } from './api.ts';
import type { Addresses } from './objects.ts';

const READS = [{ scope: 'contents', level: 'read' }] as const;
const WRITES = [{ scope: 'contents', level: 'write' }] as const;

const PAGE = 'git/refs#';

/** Branches and tags of the run's own repository (https://docs.github.com/rest/git/refs, https://docs.github.com/rest/git/tags). */
export function gitRefRoutes(git: Git): readonly Route[] {
  const one = async (call: Call): Promise<Answer> => {
    const found = await refObject(git, call.params['ref'] ?? '', call.addresses);
    return found === undefined ? notFound(`${PAGE}get-a-reference`) : { status: 200, body: found };
  };

  const create = async (call: Call): Promise<Answer> => {
    const page = `${PAGE}create-a-reference`;
    const [ref = '', sha = ''] = ['ref', 'sha'].map((name) => textField(call.body, name));
    const invalid = (message: string): Answer => ({ status: 422, body: problem(message, page, 422) });
    const isName = /^refs\/(heads|tags)\/[^-]/.test(ref) && (await gitOrNothing(git, ['check-ref-format', ref])) === '';
    if (!isName) return invalid('Reference name is invalid');
    if (!/^[0-9a-f]{40}$/.test(sha) || (await gitOrNothing(git, ['cat-file', '-t', sha])) === undefined) {
      return invalid('Object does not exist');
    }
    const name = ref.slice('refs/'.length);
    if ((await refObject(git, name, call.addresses)) !== undefined) return invalid('Reference already exists');
    await git(['update-ref', ref, sha]);
    return { status: 201, body: await refObject(git, name, call.addresses) };
  };

  const tag = async (call: Call): Promise<Answer> => {
    const found = await tagObject(git, call.params['tag_sha'] ?? '', call.addresses);
    return found === undefined ? notFound('git/tags#get-a-tag') : { status: 200, body: found };
  };

  const base = '/repos/{owner}/{repo}/git';
  return [
    { method: 'GET', path: `${base}/ref/{ref}`, needs: READS, page: `${PAGE}get-a-reference`, handle: one },
    { method: 'POST', path: `${base}/refs`, needs: WRITES, page: `${PAGE}create-a-reference`, handle: create },
    { method: 'GET', path: `${base}/tags/{tag_sha}`, needs: READS, page: 'git/tags#get-a-tag', handle: tag },
  ];
}

/** `git-ref`; undefined where there is none. @param name `heads/main`, `tags/v1` */
async function refObject(git: Git, name: string, addresses: Addresses) {
  if (!/^(heads|tags)\/[^-]/.test(name)) return undefined;
  const sha = await gitOrNothing(git, ['rev-parse', '--verify', '--quiet', '--end-of-options', `refs/${name}`]);
  if (sha === undefined || sha === '') return undefined;
  const type = await git(['cat-file', '-t', sha]);
  const url = `${addresses.api}/repos/${addresses.owner}/${addresses.name}/git`;
  return {
    ref: `refs/${name}`,
    node_id: Buffer.from(`Ref:${name}`).toString('base64url'),
    url: `${url}/refs/${name}`,
    object: { sha, type, url: `${url}/${type}s/${sha}` },
  };
}

/** `git-tag`: an annotated one. */
async function tagObject(git: Git, sha: string, addresses: Addresses) {
  if (!/^[0-9a-f]{40}$/.test(sha) || (await gitOrNothing(git, ['cat-file', '-t', sha])) !== 'tag') return undefined;
  const text = await git(['cat-file', 'tag', sha]);
  const field = (name: string) => new RegExp(`^${name} (.*)$`, 'm').exec(text)?.[1] ?? '';
  const [, name = '', email = '', seconds = '0'] = /^(.*) <(.*)> (\d+)/.exec(field('tagger')) ?? [];
  const url = `${addresses.api}/repos/${addresses.owner}/${addresses.name}/git`;
  return {
    node_id: Buffer.from(`Tag:${sha}`).toString('base64url'),
    tag: field('tag'),
    sha,
    url: `${url}/tags/${sha}`,
    message: text.slice(text.indexOf('\n\n') + 2),
    tagger: { name, email, date: new Date(Number(seconds) * 1_000).toISOString().replace(/\.\d+Z$/, 'Z') },
    object: { sha: field('object'), type: field('type'), url: `${url}/${field('type')}s/${field('object')}` },
    verification: { verified: false, reason: 'unsigned', signature: null, payload: null, verified_at: null },
  };
}
