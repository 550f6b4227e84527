/** What one of Prisma's errors means for a deployment (prisma.io/docs, "Error message reference"). */
export interface PrismaError {
  readonly what: string;
  /** What the database is left in. */
  readonly state: string;
  /** What to do, with the commands. */
  readonly remedy: string;
  /** Whether the same run may be started again as it is. */
  readonly isSafeAgain: boolean;
}

const NOTHING = 'no migration was begun';

const error = (what: string, state: string, remedy: string, isSafeAgain = true): PrismaError => {
  return { what, state, remedy, isSafeAgain };
};

/** Errors of connecting and migrating, by code. */
export const PRISMA_ERRORS: Readonly<Record<string, PrismaError>> = {
  P1000: error(
    'the database refuses the login',
    NOTHING,
    'correct user and password in the secret; percent-encode special characters',
  ),
  P1001: error('the database can not be reached', NOTHING, 'see that it runs, and that its network lets the runner in'),
  P1002: error(
    'the database was reached and did not answer in time, usually because another migration holds the lock',
    NOTHING,
    'wait for the other one; raise `timeout`',
  ),
  P1003: error('the database does not exist', NOTHING, 'create it, or correct the name in the address'),
  P1008: error(
    'an operation took longer than the address allows',
    'the migration may be noted as failed',
    'run `npx prisma migrate status`; raise `socket_timeout` in the address',
  ),
  P1009: error('the database is there already', NOTHING, 'nothing has to be created: run again'),
  P1010: error(
    'the user may not use the database',
    NOTHING,
    'grant it rights: `GRANT ALL ON DATABASE … TO …`, and on its schema',
  ),
  P1011: error('TLS could not be agreed on', NOTHING, 'correct `sslmode`, `sslcert` and `sslaccept` of the address'),
  P1012: error('the Prisma schema is not valid', NOTHING, 'run `npx prisma validate`', false),
  P1013: error(
    'the address of the database is not valid',
    NOTHING,
    'percent-encode special characters of the password',
  ),
  P1014: error(
    'a table that the schema needs does not exist',
    'the migration may be noted as failed',
    'run `npx prisma migrate status`',
  ),
  P1015: error(
    'the schema uses something that this version of the database lacks',
    NOTHING,
    'use a newer database',
    false,
  ),
  P1016: error('a query has a wrong number of parameters', NOTHING, 'update Prisma', false),
  P1017: error(
    'the server closed the connection',
    'the migration that ran may be noted as failed; PostgreSQL has rolled it back',
    'run `npx prisma migrate status`, then see P3009',
  ),
  P3000: error('the database could not be created', NOTHING, 'create it by hand'),
  P3001: error('the migration would lose data', NOTHING, 'read what the plan says about it', false),
  P3002: error('the migration was rolled back', 'what it had done is undone', 'correct the migration', false),
  P3003: error(
    'the format of the migrations is of an old Prisma',
    NOTHING,
    'follow the upgrade guide of Prisma Migrate',
    false,
  ),
  P3004: error('the address names a system database', NOTHING, 'name a database of your own', false),
  P3005: error(
    'the database has tables and no history of migrations',
    NOTHING,
    'mark what is there as applied, once each: `npx prisma migrate resolve --applied NAME` (baselining)',
    false,
  ),
  P3006: error(
    'a migration does not apply to the shadow database',
    'the database is untouched',
    'correct that migration; `npx prisma migrate dev` shows it',
    false,
  ),
  P3007: error(
    'a preview feature that migrations need is off',
    NOTHING,
    'correct `previewFeatures` of the schema',
    false,
  ),
  P3008: error('the migration is marked as applied already', 'unchanged', 'nothing has to be resolved'),
  P3009: error(
    'a migration failed earlier, and until that is resolved none is applied',
    'the migration named is begun and not ended',
    'look at what it left; then `npx prisma migrate resolve --rolled-back NAME` to apply it again, or `--applied NAME` when its work is done',
    false,
  ),
  P3010: error('the name of a migration is too long', NOTHING, 'rename its folder', false),
  P3011: error('a migration that was never applied can not be rolled back', 'unchanged', 'nothing has to be resolved'),
  P3012: error('a migration that did not fail can not be rolled back', 'unchanged', 'nothing has to be resolved'),
  P3013: error('the provider is a list, which Prisma no longer takes', NOTHING, 'name one provider', false),
  P3014: error(
    'the shadow database can not be created',
    'the database is untouched',
    'give the user the right (`ALTER ROLE … CREATEDB`) or name one in `shadow-database-url`',
    false,
  ),
  P3015: error('the file of a migration is missing', NOTHING, 'put migration.sql back into its folder', false),
  P3016: error('the fallback of a reset failed', 'the database may be empty', 'look at it before anything else', false),
  P3017: error('a migration of that name is not there', 'unchanged', 'use the name of its folder', false),
  P3018: error(
    'a migration failed to apply',
    'it is noted as begun; PostgreSQL has undone it unless it commits by itself',
    'correct the migration; then `npx prisma migrate resolve --rolled-back NAME`',
    false,
  ),
  P3019: error(
    'the provider of the schema is another than that of the migrations',
    NOTHING,
    'the history belongs to another kind of database: begin a new folder of migrations',
    false,
  ),
  P3020: error('the shadow database has to be the same kind', NOTHING, 'correct `shadow-database-url`', false),
  P3021: error('foreign keys can not be made on this database', NOTHING, 'set `relationMode`', false),
  P3022: error(
    'the database does not allow changes of its structure here',
    NOTHING,
    'use a branch that takes them',
    false,
  ),
  P4001: error('the database is empty', 'unchanged', 'nothing has to be done'),
};

/** Sentences of errors whose code the CLI loses where its engine is the WebAssembly one. */
const SENTENCES: readonly (readonly [RegExp, string])[] = [
  [/Authentication failed against database server/, 'P1000'],
  [/Can't reach database server/, 'P1001'],
  [/Database `[^`]*` does not exist/, 'P1003'],
  [/shadow database[\s\S]*permission denied to create database/, 'P3014'],
];

/** The first of Prisma's codes in what it printed, or the one that its sentence has. */
export function prismaCode(output: string): string | undefined {
  return /\b(P[1-4]0\d\d)\b/.exec(output)?.[1] ?? SENTENCES.find(([sentence]) => sentence.test(output))?.[1];
}
