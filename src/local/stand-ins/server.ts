import { createServer, type IncomingMessage } from 'node:http';
import { type Listening, listenOnLoopback } from '../loopback-server.ts';

/** What a step that uses a stand-in hands over. */
export interface StandInCall {
  readonly inputs: Readonly<Record<string, string>>;
  /** Absolute path of the job's GITHUB_WORKSPACE. */
  readonly workspace: string;
  /** `github.token` of the job. */
  readonly token: string;
}

export interface StandInAnswer {
  readonly lines: readonly string[];
  readonly outputs: Readonly<Record<string, string>>;
}

/** The step fails with this message, as GitHub's action would. */
export class StepFailure extends Error {
  override readonly name = 'StepFailure';
}

export type StandIn = (call: StandInCall) => Promise<StandInAnswer>;

/**
 * Serves the stand-ins on 127.0.0.1. Only jobs of the run may call: they carry their ACTIONS_RUNTIME_TOKEN.
 *
 * @param tokens runtime tokens to the job's `github.token`.
 */
export async function startStandIns(
  standIns: Readonly<Record<string, StandIn>>,
  tokens: ReadonlyMap<string, string>,
): Promise<Listening> {
  const server = createServer((request, response) => {
    answer(request, standIns, tokens).then(
      ({ status, body }) =>
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body)),
      (error: unknown) => {
        const body = { lines: [], outputs: {}, error: `the local stand-in failed: ${String(error)}` };
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      },
    );
  });
  return await listenOnLoopback(server);
}

async function answer(
  request: IncomingMessage,
  standIns: Readonly<Record<string, StandIn>>,
  tokens: ReadonlyMap<string, string>,
): Promise<{ status: number; body: unknown }> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const token = tokens.get((request.headers.authorization ?? '').replace(/^bearer /i, ''));
  const standIn = standIns[(request.url ?? '/').slice(1)];
  if (token === undefined || standIn === undefined)
    return { status: 403, body: { lines: [], outputs: {}, error: 'refused' } };
  const { inputs, workspace } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Omit<StandInCall, 'token'>;
  try {
    return { status: 200, body: await standIn({ inputs, workspace, token }) };
  } catch (error) {
    if (!(error instanceof StepFailure)) throw error;
    return { status: 200, body: { lines: [], outputs: {}, error: error.message } };
  }
}
