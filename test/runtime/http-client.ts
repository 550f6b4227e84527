import { onTestFinished } from 'vitest';
import { OutsideFault } from '../../src/runtime/errors.ts';
import { createHttp, type HttpClient, type HttpRequest } from '../../src/runtime/http.ts';

export interface TestClient extends HttpClient {
  /** Milliseconds that it would have waited, in order. */
  readonly waits: readonly number[];
  /** The fault that a request ends with. */
  readonly fault: (request: HttpRequest) => Promise<OutsideFault>;
}

/** A client that does not really wait between its tries. */
export function testClient(wait: (count: number) => void = () => undefined): TestClient {
  const waits: number[] = [];
  const client = createHttp({
    environment: {},
    service: 'The test service',
    code: 'PIPE-TEST-001',
    random: () => 1,
    wait: async (milliseconds) => {
      waits.push(milliseconds);
      wait(waits.length);
    },
  });
  onTestFinished(() => client.close());
  const fault = async (request: HttpRequest) => {
    const error = await client.send(request).catch((caught: unknown) => caught);
    if (error instanceof OutsideFault) return error;
    throw new TypeError(`no OutsideFault: ${JSON.stringify(error)}`, { cause: error });
  };
  return { ...client, waits, fault };
}
