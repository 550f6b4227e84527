import { createServer } from 'node:http';
import { onTestFinished } from 'vitest';

/** What stands between a step and GitHub makes of an answer: other text, or nothing at all (the connection is cut). */
export type Between = (request: { readonly method: string; readonly path: string }, text: string) => string | undefined;

/** Starts something between a step and GitHub. @returns its address, for GITHUB_API_URL */
export async function standBetween(github: string, change: Between): Promise<string> {
  const server = createServer((request, response) => {
    const { method = 'GET', url: path = '/' } = request;
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', async () => {
      const { authorization = '' } = request.headers;
      const answer = await fetch(`${github}${path}`, {
        ...{ method, headers: { authorization, 'content-type': 'application/json' }, redirect: 'manual' },
        ...(method === 'POST' ? { body: Buffer.concat(parts) } : {}),
      });
      const text = change({ method, path }, await answer.text());
      if (text === undefined) response.destroy();
      else {
        const location = answer.headers.get('location');
        response.writeHead(answer.status, location === null ? {} : { location }).end(text);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const bound = server.address();
  return `http://127.0.0.1:${typeof bound === 'object' ? bound?.port : 0}`;
}
