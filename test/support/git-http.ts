import { spawn } from 'node:child_process';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { onTestFinished } from 'vitest';

export interface GitServer {
  /** `http://127.0.0.1:port`; repositories are below it by their path in the folder. */
  readonly url: string;
}

/**
 * A server of git repositories: git's own http-backend (git-scm.com/docs/git-http-backend) behind a check of the token,
 * as GitHub takes it. Who has none may read nothing.
 *
 * @param folder folder of bare repositories
 * @param mayWrite whether the token may push
 */
export async function serveGit(folder: string, token: string, mayWrite = true): Promise<GitServer> {
  const expected = `Basic ${Buffer.from(`x-access-token:${token}`).toString('base64')}`;
  const server = createServer((request, response) => {
    const isWrite = /receive-pack/.test(request.url ?? '');
    if (request.headers.authorization !== expected) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="GitHub"' }).end();
    } else if (isWrite && !mayWrite) response.writeHead(403).end('Write access to repository not granted.');
    else backend(folder, request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const bound = server.address();
  return { url: `http://127.0.0.1:${typeof bound === 'object' ? bound?.port : 0}` };
}

/** One request through the program, which speaks CGI (RFC 3875). */
function backend(folder: string, request: IncomingMessage, response: ServerResponse): void {
  const { pathname, search } = new URL(request.url ?? '/', 'http://127.0.0.1');
  const header = (name: string) => String(request.headers[name] ?? '');
  const child = spawn('git', ['http-backend'], {
    env: {
      ...{
        PATH: process.env['PATH'],
        GIT_PROJECT_ROOT: folder,
        GIT_HTTP_EXPORT_ALL: '1',
        REMOTE_USER: 'x-access-token',
      },
      ...{ PATH_INFO: decodeURIComponent(pathname), QUERY_STRING: search.slice(1), REQUEST_METHOD: request.method },
      ...{ CONTENT_TYPE: header('content-type'), HTTP_CONTENT_ENCODING: header('content-encoding') },
      ...{ GIT_PROTOCOL: header('git-protocol') },
      ...(header('content-length') === '' ? {} : { CONTENT_LENGTH: header('content-length') }),
    },
  });
  const parts: Buffer[] = [];
  child.stdout.on('data', (part: Buffer) => parts.push(part));
  child.stdin.on('error', () => undefined);
  request.pipe(child.stdin);
  child.on('close', () => {
    const output = Buffer.concat(parts);
    const end = output.indexOf('\r\n\r\n');
    const lines = output.subarray(0, Math.max(end, 0)).toString('latin1').split('\r\n');
    const headers = lines.map((line) => line.split(/:\s*/, 2) as [string, string]);
    const status = headers.find(([name]) => name.toLowerCase() === 'status')?.[1] ?? (end < 0 ? '500' : '200');
    const others = headers.filter(([name]) => name !== '' && name.toLowerCase() !== 'status');
    response.writeHead(Number.parseInt(status, 10), Object.fromEntries(others));
    response.end(output.subarray(end < 0 ? output.length : end + 4));
  });
}
