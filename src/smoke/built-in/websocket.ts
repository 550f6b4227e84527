import { createHash, randomBytes } from 'node:crypto';
import { request } from 'node:http';
import type { Socket } from 'node:net';

/** A connection over which texts go in both directions. */
export interface TextConnection {
  readonly send: (text: string) => void;
  readonly close: () => void;
}

export interface Listener {
  readonly onText: (text: string) => void;
  /** Called once, however the connection ends. */
  readonly onEnd: () => void;
}

/** Largest message taken, in bytes: a picture of a page. */
const LARGEST = 128 * 1024 * 1024;

/**
 * Connects to a WebSocket server on the loopback (RFC 6455), without extensions: what Chromium's DevTools need. Node 20
 * has no client of its own.
 *
 * @param url `ws://127.0.0.1:9222/devtools/browser/…`
 * @throws Error when the server does not switch to WebSocket
 */
export async function connectWebSocket(url: string, listener: Listener): Promise<TextConnection> {
  const key = randomBytes(16).toString('base64');
  const { socket, head } = await upgrade(url, key);
  const receive = receiver(socket, listener);
  socket.on('data', receive);
  socket.once('close', listener.onEnd);
  // The end says it all; without a listener an error would end the process.
  socket.on('error', () => undefined);
  if (head.length > 0) receive(head);
  return {
    send: (text) => socket.write(frame(1, Buffer.from(text, 'utf8'))),
    close: () => socket.destroy(),
  };
}

function upgrade(url: string, key: string): Promise<{ socket: Socket; head: Buffer }> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url.replace(/^ws:/, 'http:'), {
      headers: { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13', 'sec-websocket-key': key },
      // No kept connection and no proxy: it is a program of this machine.
      agent: false,
      timeout: 10_000,
    });
    outgoing.once('upgrade', (response, socket: Socket, head) => {
      const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
      if (response.headers['sec-websocket-accept'] === accept) resolve({ socket: socket.setNoDelay(true), head });
      else reject(new Error('the server did not accept the WebSocket'));
    });
    outgoing.once('response', (response) => reject(new Error(`status ${response.statusCode} instead of a WebSocket`)));
    outgoing.once('timeout', () => outgoing.destroy(new Error('no answer in 10 s')));
    outgoing.once('error', reject);
    outgoing.end();
  });
}

/** One frame, masked as a client's have to be (RFC 6455, 5.2 and 5.3). */
function frame(opcode: number, payload: Buffer): Buffer {
  const { length } = payload;
  const size = length < 126 ? 0 : length < 65_536 ? 2 : 8;
  const header = Buffer.alloc(2 + size);
  header[0] = 0x80 | opcode;
  header[1] = 0x80 | (size === 0 ? length : size === 2 ? 126 : 127);
  if (size === 2) header.writeUInt16BE(length, 2);
  if (size === 8) header.writeBigUInt64BE(BigInt(length), 2);
  const mask = randomBytes(4);
  const masked = Buffer.from(payload);
  for (let index = 0; index < length; index += 1) masked[index] = (masked[index] ?? 0) ^ (mask[index % 4] ?? 0);
  return Buffer.concat([header, mask, masked]);
}

/** Puts frames together as their bytes come. */
function receiver(socket: Socket, { onText }: Listener): (chunk: Buffer) => void {
  let waiting: Buffer[] = [];
  let size = 0;
  let parts: Buffer[] = [];
  const take = ({ opcode, isLast, payload }: Frame) => {
    if (opcode === 8) socket.end();
    if (opcode === 9) socket.write(frame(10, payload));
    if (opcode > 2) return;
    parts.push(payload);
    if (!isLast) return;
    onText(Buffer.concat(parts).toString('utf8'));
    parts = [];
  };
  return (chunk) => {
    waiting.push(chunk);
    size += chunk.length;
    if (size > LARGEST) socket.destroy();
    // Joined only when a frame can be whole: a picture comes in thousands of chunks.
    if (size < needed(waiting)) return;
    let rest: Buffer = Buffer.concat(waiting);
    for (let next = firstFrame(rest); next !== undefined; next = firstFrame(rest)) {
      take(next);
      rest = next.rest;
    }
    waiting = [rest];
    size = rest.length;
  };
}

/** Bytes that the first frame has in all, as far as its first chunk says. */
function needed([first]: readonly Buffer[]): number {
  if (first === undefined || first.length < 2) return 2;
  const { from, length } = lengthOf(first) ?? { from: 10, length: 0 };
  return from + length;
}

function lengthOf(buffer: Buffer): { readonly from: number; readonly length: number } | undefined {
  const short = (buffer[1] ?? 0) & 0x7f;
  if (short < 126) return { from: 2, length: short };
  if (short === 126) return buffer.length < 4 ? undefined : { from: 4, length: buffer.readUInt16BE(2) };
  return buffer.length < 10 ? undefined : { from: 10, length: Number(buffer.readBigUInt64BE(2)) };
}

interface Frame {
  readonly opcode: number;
  readonly isLast: boolean;
  readonly payload: Buffer;
  readonly rest: Buffer;
}

/** The first frame of a buffer, when it is whole; a server's frames are not masked. */
function firstFrame(buffer: Buffer): Frame | undefined {
  if (buffer.length < 2) return undefined;
  const place = lengthOf(buffer);
  if (place === undefined || buffer.length < place.from + place.length) return undefined;
  const [first = 0] = buffer;
  const end = place.from + place.length;
  return {
    opcode: first & 0x0f,
    isLast: (first & 0x80) !== 0,
    payload: buffer.subarray(place.from, end),
    rest: buffer.subarray(end),
  };
}
