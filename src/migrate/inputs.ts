import { list } from '../runtime/collections.ts';
import type { InputValues } from '../runtime/inputs.ts';
import { duration, enumeration, secret, string, workspacePath } from '../runtime/kinds.ts';

export const inputs = {
  'working-directory': {
    kind: workspacePath({ example: 'apps/api' }),
    description: 'Folder of the project, from the root of the repository.',
    default: '.',
  },
  schema: {
    kind: workspacePath({ example: 'prisma/schema.prisma' }),
    description:
      'Prisma schema, a file or a folder of files, from the root of the repository. Without it prisma.config, package.json and the usual places decide.',
  },
  tool: {
    kind: enumeration(['prisma', 'script']),
    description:
      '`prisma`, or `script`: numbered files in a folder, each applied once to a PostgreSQL or MongoDB database, which keeps their names in the table or collection pipelines_migrations.',
    default: 'prisma',
  },
  scripts: {
    kind: workspacePath({ example: 'scripts/migrations' }),
    description:
      'Folder of the numbered files of `tool: script`, from the root of the repository. Without it scripts/migrations or migrations of `working-directory`.',
  },
  runner: {
    kind: string({ example: 'npx tsx', limit: 2_048 }),
    description:
      'Command of the project that runs a numbered file which is not SQL; the file is its last argument, the database is in DATABASE_URL and PGHOST, PGUSER…. `node` when left out.',
  },
  mode: {
    kind: enumeration(['plan', 'apply']),
    description:
      '`plan` says what new migrations do, from git and SQL alone, and is red when one destroys data. `apply` applies what is pending: with the project’s own Prisma CLI, or the numbered files.',
    default: 'plan',
  },
  'changed-since': {
    kind: string({ example: 'origin/main', limit: 256, pattern: /^[^\s-][^\s]*$/, accepted: 'a commit or a branch' }),
    description:
      'Commit that new migrations are new to. Default: the first parent of a pull request’s merge commit, on a push what the branch was before it, otherwise the commit before.',
  },
  'database-url': {
    kind: secret({ example: '${{ secrets.DATABASE_URL }}' }),
    description: 'Address of the database for `apply`; the variable DATABASE_URL when left out.',
  },
  'direct-url': {
    kind: secret({ example: '${{ secrets.DIRECT_DATABASE_URL }}' }),
    description: 'Address past a connection pooler; it wins over `database-url`.',
  },
  'shadow-database-url': {
    kind: secret({ example: '${{ secrets.SHADOW_DATABASE_URL }}' }),
    description:
      'Address of an empty database. With it `apply` first builds the applied migrations there and is red where the database is not the same (Prisma 7 and later; prisma.config reads SHADOW_DATABASE_URL).',
  },
  backup: {
    kind: string({ example: 'pg_dump', limit: 2_048 }),
    description:
      'What runs before a destructive `apply`, which stops when it fails: `pg_dump` (the file is the output `backup`), or a command, which finds the database in DATABASE_URL and PGHOST, PGUSER….',
  },
  timeout: {
    kind: duration({ min: 1_000, max: 21_600_000, example: '10m' }),
    description: 'Longest time for `apply`, waiting for the server and for other migrations included.',
    default: '10m',
  },
  'allow-destructive': {
    kind: list(string({ example: '20261104120000_drop_legacy_name', limit: 256 }), {
      example: '20261104120000_drop_legacy_name',
      max: 100,
    }),
    description:
      'Migrations that may destroy data, one a line, by the names of their folders or numbered files. A migration can say so itself, by a line `-- pipelines:allow-destructive <reason>`.',
    default: '',
  },
} as const;

export const outputs = {
  status: {
    kind: 'string',
    description:
      'Of `plan`: `none` without new migrations, `pending` with some, `destructive` when one of them destroys data. Of `apply`: `none` when nothing was pending, `applied`, or `failed`.',
  },
  pending: {
    kind: 'integer',
    description: 'How many migrations are new; after `apply`, how many are still to be applied.',
  },
  applied: { kind: 'integer', description: 'How many `apply` has applied.' },
  destructive: { kind: 'boolean', description: 'Whether one of them destroys data, allowed or not.' },
  backup: { kind: 'string', description: 'File that the built-in backup was written to; it is gone with the runner.' },
  verdicts: {
    kind: 'string',
    description: 'Of `plan`: each new migration with the gravest thing to say of it, one line for a table.',
  },
  'failed-migration': { kind: 'string', description: 'Of a red `apply`: the migration that failed, now or earlier.' },
  'failed-statement': {
    kind: 'string',
    description: 'Line and statement at which it stopped; empty where that can’t be told.',
  },
  migrations: {
    kind: 'json',
    description:
      'The new migrations with their locks and gravest findings, or those that were applied and whether they destroy data, 16 KiB at most.',
  },
  'last-migration': {
    kind: 'string',
    description: 'Name of the newest migration in the folder; after `apply`, of the last one that the database has.',
  },
} as const;

export type MigrateInputs = InputValues<typeof inputs>;
