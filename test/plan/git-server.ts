import { execFileSync, spawn } from 'node:child_process';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { machine } from '../support/run-dist.ts';

export interface GitServer {
  /** `http://127.0.0.1:1234`, what GITHUB_SERVER_URL is to a job. */
  readonly url: string;
  /** Authorization headers in the order of the requests; undefined where there was none. */
  readonly authorizations: readonly (string | undefined)[];
}

/**
 * A host of git repositories: git's own server program behind HTTP (git-http-backend(1)), with the token asked for as
 * GitHub does it. Commits are sent by their ids, also those that no branch has, as GitHub does.
 *
 * @param folder that holds the repositories
 * @param token the password of `x-access-token`; no other may read
 */
export async function serveGit(folder: string, token: string): Promise<GitServer> {
  const authorizations: (string | undefined)[] = [];
  const wanted = `basic ${Buffer.from(`x-access-token:${token}`).toString('base64')}`;
  const server = createServer((request, response) => {
    authorizations.push(request.headers.authorization);
    // Two headers are one with a comma here, which GitHub refuses, too.
    if (request.headers.authorization !== wanted) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="GitHub"' }).end();
    } else answer(folder, request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, authorizations };
}

function answer(folder: string, request: IncomingMessage, response: ServerResponse): void {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1');
  const backend = spawn('git', ['-c', 'uploadpack.allowAnySHA1InWant=true', 'http-backend'], {
    env: {
      ...machine(),
      GIT_PROJECT_ROOT: folder,
      GIT_HTTP_EXPORT_ALL: '1',
      PATH_INFO: pathname,
      QUERY_STRING: searchParams.toString(),
      REQUEST_METHOD: request.method ?? 'GET',
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      HTTP_CONTENT_ENCODING: String(request.headers['content-encoding'] ?? ''),
      GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
    },
  });
  request.pipe(backend.stdin);
  const chunks: Buffer[] = [];
  backend.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  backend.once('close', () => {
    const whole = Buffer.concat(chunks);
    const end = whole.indexOf('\r\n\r\n');
    const headers = whole.toString('latin1', 0, end).split('\r\n');
    const status = headers.find((line) => /^status:/i.test(line));
    for (const line of headers.filter((one) => one !== status && one.includes(':'))) {
      const colon = line.indexOf(':');
      response.setHeader(line.slice(0, colon), line.slice(colon + 1).trim());
    }
    response.writeHead(Number(/\d{3}/.exec(status ?? '')?.[0] ?? 200)).end(whole.subarray(end + 4));
  });
}

/** A bare repository that other clones push to and fetch from. */
export function bareOf(folder: string, bare: string): void {
  execFileSync('git', ['clone', '--quiet', '--bare', folder, bare]);
  execFileSync('git', ['-C', bare, 'config', 'uploadpack.allowAnySHA1InWant', 'true']);
}
