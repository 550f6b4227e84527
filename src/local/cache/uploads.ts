import { createWriteStream } from 'node:fs';
import { appendFile, mkdir, readFile, rm, stat } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

/** An archive on its way in: what Azure calls a block blob. */
export interface Upload {
  /** Answers a PUT: the whole blob, one block (`comp=block`) or the list of blocks (`comp=blocklist`). */
  readonly put: (request: IncomingMessage, query: URLSearchParams) => Promise<void>;
  /** The finished file and its size; undefined when nothing came. */
  readonly finished: () => Promise<{ readonly file: string; readonly size: number } | undefined>;
}

/** https://learn.microsoft.com/rest/api/storageservices/put-blob, put-block and put-block-list, as a client uses them. */
export async function openUpload(folder: string, id: string): Promise<Upload> {
  const blocks = join(folder, `${id}.blocks`);
  const file = join(folder, `${id}.upload`);
  await mkdir(blocks, { recursive: true });
  const blockFile = (blockId: string) => join(blocks, Buffer.from(blockId).toString('base64url'));

  const put = async (request: IncomingMessage, query: URLSearchParams): Promise<void> => {
    if (query.get('comp') === 'block') {
      await pipeline(request, createWriteStream(blockFile(query.get('blockid') ?? '')));
      return;
    }
    if (query.get('comp') !== 'blocklist') {
      await pipeline(request, createWriteStream(file));
      return;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const list = Buffer.concat(chunks).toString('utf8');
    const ids = [...list.matchAll(/<(?:Latest|Uncommitted|Committed)>([^<]*)</g)].map((match) => match[1] ?? '');
    await rm(file, { force: true });
    for (const blockId of ids) await appendFile(file, await readFile(blockFile(blockId)));
    await rm(blocks, { recursive: true, force: true });
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
