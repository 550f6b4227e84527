/** What is asked of the ledger; one question is one run of the program. */
export type LedgerRequest =
  | { readonly ask: 'read' }
  | { readonly ask: 'take' | 'renew'; readonly holder: string; readonly seconds: number }
  | { readonly ask: 'release'; readonly holder: string }
  | { readonly ask: 'begin'; readonly holder: string; readonly name: string; readonly checksum: string }
  | { readonly ask: 'end'; readonly name: string }
  | { readonly ask: 'accept'; readonly name: string; readonly checksum: string };

/** Begins the line of standard output that has the answer: drivers and their friends print, too. */
export const ANSWER = 'pipelines-ledger ';

/** The variable that has the question as JSON. */
export const REQUEST = 'PIPELINES_LEDGER';

interface Result {
  readonly matchedCount: number;
}

/** As much of a collection of the driver `mongodb` (4 and later) as is used here. */
interface Collection {
  find(filter: object): { toArray(): Promise<readonly Readonly<Record<string, unknown>>[]> };
  findOne(filter: object): Promise<Readonly<Record<string, unknown>> | null>;
  insertOne(document: object): Promise<unknown>;
  updateOne(filter: object, change: object): Promise<Result>;
  deleteOne(filter: object): Promise<unknown>;
}

interface Driver {
  readonly MongoClient: new (
    url: string,
    options: object,
  ) => {
    connect(): Promise<unknown>;
    close(): Promise<void>;
    db(): {
      command(command: object): Promise<{ readonly localTime: Date; readonly isWritablePrimary?: boolean }>;
      collection(name: string, options: object): Collection;
    };
  };
}

/**
 * The program that keeps the ledger of applied files in MongoDB: it runs in the project, with the project's own driver,
 * and answers one question. Its text is what is run (`ledgerProgram`), so it uses nothing from outside of itself.
 */
async function ledger(variable: string, mark: string): Promise<void> {
  const { createRequire } = process.getBuiltinModule('node:module');
  const answer = (value: unknown) => process.stdout.write(`\n${mark}${JSON.stringify(value)}\n`);
  const inProject = createRequire(`${process.cwd()}/package.json`);
  const driver = (): Driver | undefined => {
    for (const owner of ['', 'mongoose', 'migrate-mongo', '@prisma/client']) {
      try {
        return (owner === '' ? inProject : createRequire(inProject.resolve(owner)))('mongodb') as Driver;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error;
      }
    }
    return undefined;
  };
  const found = driver();
  if (found === undefined) {
    answer({ error: { name: 'NoDriver' } });
    return;
  }
  const request = JSON.parse(process.env[variable] ?? '{}') as LedgerRequest;
  const client = new found.MongoClient(process.env['DATABASE_URL'] ?? '', {
    appName: 'pipelines',
    serverSelectionTimeoutMS: 5_000,
    connectTimeoutMS: 5_000,
  });
  try {
    await client.connect();
    const database = client.db();
    const { localTime: now, isWritablePrimary } = await database.command({ hello: 1 });
    const safely = { writeConcern: { w: 'majority' } };
    const records = database.collection('pipelines_migrations', safely);
    const locks = database.collection('pipelines_migrations_lock', safely);
    switch (request.ask) {
      case 'read': {
        const all = await records.find({}).toArray();
        answer({
          isWritable: isWritablePrimary !== false,
          records: all.map(({ _id, checksum, appliedAt }) => {
            return { name: String(_id), checksum: String(checksum), isApplied: appliedAt instanceof Date };
          }),
        });
        break;
      }
      case 'take': {
        const { holder, seconds } = request;
        const lock = { holder, since: now, until: new Date(now.getTime() + seconds * 1_000) };
        const isFree = await locks.insertOne({ _id: 'lock', ...lock }).then(
          () => true,
          (error: { readonly code?: unknown }) => {
            // Somebody has it.
            if (error.code === 11_000) return false;
            throw error;
          },
        );
        const isOver = { _id: 'lock', until: { $lt: now } };
        const isHeld = isFree || (await locks.updateOne(isOver, { $set: lock })).matchedCount === 1;
        const other = isHeld ? null : await locks.findOne({ _id: 'lock' });
        answer({ isHeld, other: other === null ? null : { holder: other['holder'], since: other['since'] } });
        break;
      }
      case 'renew': {
        const until = new Date(now.getTime() + request.seconds * 1_000);
        const mine = { _id: 'lock', holder: request.holder };
        answer({ isHeld: (await locks.updateOne(mine, { $set: { until } })).matchedCount === 1 });
        break;
      }
      case 'release':
        await locks.deleteOne({ _id: 'lock', holder: request.holder });
        answer({});
        break;
      case 'begin': {
        const lock = await locks.findOne({ _id: 'lock', holder: request.holder });
        const isHeld = lock !== null && (lock['until'] as Date) > now;
        if (isHeld) {
          const { name, checksum } = request;
          await records.insertOne({ _id: name, checksum, begunAt: now, appliedAt: null });
        }
        answer({ isHeld });
        break;
      }
      case 'end':
        await records.updateOne({ _id: request.name }, { $set: { appliedAt: now } });
        answer({});
        break;
      case 'accept':
        await records.updateOne({ _id: request.name }, { $set: { checksum: request.checksum } });
        answer({});
    }
  } catch (error) {
    const { name, code, message } = error as { name?: unknown; code?: unknown; message?: unknown };
    answer({ error: { name: String(name), code: code ?? null, message: String(message) } });
  } finally {
    await client.close();
  }
}

/** The text of the program, a module for Node's standard input. */
export function ledgerProgram(): string {
  return `await (${ledger.toString()})(${JSON.stringify(REQUEST)}, ${JSON.stringify(ANSWER)});\n`;
}
