import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { appendFile, mkdir, readFile, rm, stat } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

/** An archive on its way in: what Azure calls a block blob. */
export interface Upload {
  /**
   * Takes a PUT: the whole blob, one block (`comp=block`) or the list of blocks (`comp=blocklist`). False when what came
   * has another checksum than its sender says; then nothing of it is kept.
   */
  readonly put: (request: IncomingMessage, query: URLSearchParams) => Promise<boolean>;
  /** The finished file and its size; undefined when nothing came. */
  readonly finished: () => Promise<{ readonly file: string; readonly size: number } | undefined>;
}

/** https://learn.microsoft.com/rest/api/storageservices/put-blob, put-block and put-block-list, as a client uses them. */
export async function openUpload(folder: string, id: string): Promise<Upload> {
  const blocks = join(folder, `${id}.blocks`);
  const file = join(folder, `${id}.upload`);
  await mkdir(blocks, { recursive: true });
  const blockFile = (blockId: string) => join(blocks, Buffer.from(blockId).toString('base64url'));

  const put = async (request: IncomingMessage, query: URLSearchParams): Promise<boolean> => {
    if (query.get('comp') === 'block') return keep(request, blockFile(query.get('blockid') ?? ''));
    if (query.get('comp') !== 'blocklist') return keep(request, file);
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const list = Buffer.concat(chunks).toString('utf8');
    const ids = [...list.matchAll(/<(?:Latest|Uncommitted|Committed)>([^<]*)</g)].map((match) => match[1] ?? '');
    await rm(file, { force: true });
    for (const blockId of ids) await appendFile(file, await readFile(blockFile(blockId)));
    await rm(blocks, { recursive: true, force: true });
    return true;
  };

  const finished = async () => {
    try {
      const { size } = await stat(file);
      return { file, size };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  };
  return { put, finished };
}

/** Writes a body to a file; false when it has another MD5 than its header says. */
async function keep(request: IncomingMessage, path: string): Promise<boolean> {
  const hash = createHash('md5');
  const hashed = async function* () {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      hash.update(chunk);
      yield chunk;
    }
  };
  await pipeline(hashed, createWriteStream(path));
  const said = request.headers['content-md5'];
  if (said === undefined || said === hash.digest('base64')) return true;
  await rm(path, { force: true });
  return false;
}
