import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { DatabaseAddress } from './database-url.ts';
import { scramExchange } from './scram.ts';
import { ServerError } from './server-error.ts';

/** The server does not speak TLS and the address asks for it, or what TLS needs is not there. */
export class TlsRefused extends Error {}

/** One row: a text or null for each column. */
export type Row = readonly (string | null)[];

export interface Connection {
  /**
   * Runs one query, or several as PostgreSQL runs them when they come together, and returns the rows.
   *
   * @param within longest wait for a part of the answer in milliseconds; 15 s when left out
   * @throws ServerError
   */
  readonly query: (sql: string, within?: number) => Promise<readonly Row[]>;
  readonly close: () => void;
  /** Ends it in the middle of whatever it does. */
  readonly drop: () => void;
}

/** Longest wait for one answer, in milliseconds. */
const ANSWER_WITHIN = 15_000;

/** Silence after which the server is asked whether it is still there, in milliseconds: firewalls forget silent ones. */
const KEEP_ALIVE_AFTER = 30_000;

/** setTimeout's longest wait; a longer one would end at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

/**
 * Connects for a few questions about the state of a database (PostgreSQL manual, "Frontend/Backend Protocol" 3.0,
 * simple queries). A password is only sent as a proof (SCRAM-SHA-256), or as it is over TLS.
 *
 * @throws ServerError what the server refused, TlsRefused, or the error of the socket with its code
 */
export async function connectTo(address: DatabaseAddress): Promise<Connection> {
  const plain = connectTcp({ host: address.host, port: address.port });
  // Errors reach whoever waits for an answer; between two questions nobody does.
  plain.on('error', () => undefined);
  plain.setTimeout(ANSWER_WITHIN, () => plain.destroy(timedOut()));
  // A connection that holds a lock is silent for as long as the work takes.
  plain.setKeepAlive(true, KEEP_ALIVE_AFTER);
  await once(plain, 'connect');
  const socket = address.tls === 'disable' ? plain : await secured(plain, address);
  const messages = messagesOf(socket);
  try {
    const { user, database } = address;
    const options = { user, database, application_name: 'pipelines migrate', client_encoding: 'UTF8' };
    const pairs = Object.entries(options).flat().join('\0');
    socket.write(framed('', Buffer.concat([int32(196_608), Buffer.from(`${pairs}\0\0`, 'utf8')])));
    await authenticate(socket, messages, address);
    await untilReady(socket, messages);
  } catch (error) {
    socket.destroy();
    throw error;
  }
  // Between two questions the server owes no answer.
  socket.setTimeout(0);
  return {
    query: async (sql, within = ANSWER_WITHIN) => {
      socket.setTimeout(Math.min(LONGEST_TIMER, within));
      try {
        socket.write(framed('Q', Buffer.from(`${sql}\0`, 'utf8')));
        return await untilReady(socket, messages);
      } finally {
        socket.setTimeout(0);
      }
    },
    close: () => {
      socket.end(framed('X', Buffer.alloc(0)));
    },
    drop: () => socket.destroy(),
  };
}

function timedOut(): Error {
  return Object.assign(new Error('the server does not answer'), { code: 'ETIMEDOUT' });
}

/** Asks for TLS; the answer is one byte. */
async function secured(plain: Socket, { host, tls, authority }: DatabaseAddress): Promise<Socket> {
  const ca = authority === undefined ? undefined : await authorities(authority);
  plain.write(Buffer.concat([int32(8), int32(80_877_103)]));
  const [answer] = (await Promise.race([once(plain, 'data'), closedEarly(plain)])) as [Buffer];
  if (answer.toString('latin1') !== 'S') {
    if (tls === 'prefer') return plain;
    plain.destroy();
    throw new TlsRefused('the server does not offer TLS, and `sslmode` of the address asks for it');
  }
  plain.setTimeout(0);
  const socket = connectTls({
    socket: plain,
    rejectUnauthorized: tls === 'verify-ca' || tls === 'verify-full',
    ...(isIP(host) === 0 ? { servername: host } : { host }),
    ...(ca === undefined ? {} : { ca }),
    // Who the certificate is for is of no interest to verify-ca; otherwise Node's own check stays.
    ...(tls === 'verify-ca' ? { checkServerIdentity: () => undefined } : {}),
  });
  socket.on('error', () => undefined);
  socket.setTimeout(ANSWER_WITHIN, () => socket.destroy(timedOut()));
  await once(socket, 'secureConnect');
  return socket;
}

async function authorities(file: string): Promise<Buffer> {
  return await readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw new TlsRefused(`the file that \`sslrootcert\` names can't be read (${error.code ?? error.message})`);
  });
}

async function closedEarly(socket: Socket): Promise<never> {
  await once(socket, 'close');
  throw Object.assign(new Error('the server closed the connection'), { code: 'ECONNRESET' });
}

interface Message {
  readonly type: string;
  readonly body: Buffer;
}

/** Messages as they come; ends with the socket. */
async function* messagesOf(socket: Socket): AsyncGenerator<Message, undefined> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= 5 && rest.length >= 1 + rest.readUInt32BE(1)) {
      const end = 1 + rest.readUInt32BE(1);
      yield { type: rest.toString('latin1', 0, 1), body: rest.subarray(5, end) };
      rest = rest.subarray(end);
    }
  }
  return undefined;
}

type Messages = AsyncGenerator<Message, undefined>;

async function next(messages: Messages): Promise<Message> {
  const { value } = await messages.next();
  if (value === undefined) {
    throw Object.assign(new Error('the server closed the connection'), { code: 'ECONNRESET' });
  }
  if (value.type !== 'E') return value;
  const fields = new Map(
    value.body
      .toString('utf8')
      .split('\0')
      .map((field) => [field.slice(0, 1), field.slice(1)]),
  );
  throw new ServerError(fields.get('C') ?? '', fields.get('M') ?? 'an error without a message');
}

async function authenticate(socket: Socket, messages: Messages, { password }: DatabaseAddress): Promise<void> {
  for (;;) {
    const { type, body } = await next(messages);
    if (type !== 'R') continue;
    const method = body.readInt32BE(0);
    if (method === 0) return;
    if (method === 10) {
      const exchange = scramExchange(password);
      const first = Buffer.from(exchange.first, 'utf8');
      socket.write(framed('p', Buffer.concat([Buffer.from('SCRAM-SHA-256\0'), int32(first.length), first])));
      const challenge = await authentication(messages, 11);
      const final = exchange.answer(challenge);
      socket.write(framed('p', Buffer.from(final, 'utf8')));
      exchange.verify(await authentication(messages, 12));
    } else if (method === 3 && 'encrypted' in socket) {
      socket.write(framed('p', Buffer.from(`${password}\0`, 'utf8')));
    } else throw new ServerError('28000', `the server asks for a way of logging in that is not supported (${method})`);
  }
}

async function authentication(messages: Messages, wanted: number): Promise<string> {
  const { type, body } = await next(messages);
  if (type !== 'R' || body.readInt32BE(0) !== wanted) throw new ServerError('08P01', 'the server breaks off the login');
  return body.toString('utf8', 4);
}

/** Reads up to ReadyForQuery; an error of the query is thrown when the server is ready again. */
async function untilReady(socket: Socket, messages: Messages): Promise<readonly Row[]> {
  const rows: Row[] = [];
  let completed = 0;
  let failure: ServerError | undefined;
  for (;;) {
    try {
      const { type, body } = await next(messages);
      if (type === 'D') rows.push(rowOf(body));
      // CommandComplete, or EmptyQueryResponse.
      else if (type === 'C' || type === 'I') completed += 1;
      // COPY … FROM STDIN waits for rows, and there are none.
      else if (type === 'G') socket.write(framed('f', Buffer.from('there is no standard input\0', 'utf8')));
      if (type !== 'Z') continue;
    } catch (error) {
      if (!(error instanceof ServerError) || /^(28|3D|53|57P)/.test(error.state)) throw error;
      failure ??= new ServerError(error.state, error.message, completed);
      continue;
    }
    if (failure !== undefined) throw failure;
    return rows;
  }
}

function rowOf(body: Buffer): Row {
  const values: (string | null)[] = [];
  let at = 2;
  for (let left = body.readInt16BE(0); left > 0; left -= 1) {
    const length = body.readInt32BE(at);
    at += 4;
    values.push(length === -1 ? null : body.toString('utf8', at, at + length));
    at += Math.max(0, length);
  }
  return values;
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function framed(type: string, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from(type, 'latin1'), int32(body.length + 4), body]);
}
