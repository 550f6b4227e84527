import { createServer } from 'node:http';

/** What a registry answers to every question for a manifest. */
export interface RegistryAnswer {
  readonly status: number;
  readonly code: string;
}

/**
 * A registry on the loopback that refuses every image, in the form of the OCI Distribution Specification. Docker takes
 * registries there without TLS.
 */
export async function refusingRegistry({ status, code }: RegistryAnswer): Promise<{ host: string; close: () => void }> {
  const server = createServer((request, response) => {
    if (request.url === '/v2/') {
      response.end('{}');
      return;
    }
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ errors: [{ code, message: `refused with ${code.toLowerCase()}`, detail: {} }] }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { host: `127.0.0.1:${address.port}`, close: () => void server.close() };
}
