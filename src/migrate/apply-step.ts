import { realpath } from 'node:fs/promises';
import { parseCommandLine } from '../gate/command-line.ts';
import type { ActionContext } from '../runtime/action.ts';
import { projectEnvironment } from '../runtime/environment.ts';
import { ConfigurationError } from '../runtime/errors.ts';
import { execute } from '../runtime/process.ts';
import { analyse, follow } from './analyse.ts';
import { type Applied, applyMigrations } from './apply.ts';
import { type Backup, backUp } from './backup.ts';
import { emptyCatalogue } from './catalogue.ts';
import { estimatedRows } from './database-state.ts';
import { type DatabaseAddress, readAddress } from './database-url.ts';
import { failedStatement } from './failed-statement.ts';
import type { MigrateInputs } from './inputs.ts';
import { findLayout, type Layout } from './layout.ts';
import { migrationNames, migrationOf, readSql } from './migrations.ts';
import type { SqlParser } from './parser.ts';
import type { Connection } from './postgres-client.ts';
import { findCli, type PrismaCli } from './prisma-cli.ts';

export interface ApplyOutcome extends Applied {
  /** Whether what was pending at the start destroys data. */
  readonly isDestructive: boolean;
  /** File of the built-in backup, when there was one. */
  readonly backup: string | undefined;
}

/** Applies pending migrations with the project's own CLI. */
export async function applyStep(
  given: MigrateInputs,
  context: ActionContext,
  parser: SqlParser,
): Promise<ApplyOutcome> {
  const { log, secrets, signal, environment, temp } = context;
  const address = addressOf(given, context);
  secrets.add(address.password);
  secrets.add(address.url);
  const workspace = await realpath(context.workspace);
  const cwd = given.workingDirectory;
  const layout = await findLayout(workspace, cwd, given.schema);
  if (layout.provider !== 'postgresql') throw notPostgres(layout);
  const cli = await findCli(workspace, cwd);
  if (cli === undefined) throw noCli();
  const backup = backupOf(given.backup);
  const env = projectEnvironment(environment, databaseVariables(address, given.shadowDatabaseUrl));
  const names = await migrationNames(layout.migrations);
  let isDestructive = false;
  let file: string | undefined;
  const grouped = async <T>(title: string, work: (write: (text: string) => void) => Promise<T>) => {
    const group = log.openGroup(title);
    const redacted = lineByLine((line) => group.write(secrets.redact(line)));
    try {
      return await work(redacted.write);
    } finally {
      redacted.end();
      group.close();
    }
  };
  const applied = await applyMigrations({
    address,
    names,
    timeout: given.timeout,
    signal,
    say: log.info,
    prepare: async (pending, connection) => {
      const facts = await liveFacts(parser, { workspace, layout, names, pending }, connection, address.schema);
      for (const line of facts.lines) log.info(line);
      isDestructive = facts.isDestructive;
      if (!isDestructive || backup === undefined) return;
      file = await grouped('Backup', (say) => {
        return backUp(backup, address, { cwd, env, signal, timeout: given.timeout, temp, say });
      });
    },
    statementOf: async ({ name, logs }) => {
      const text = await readSql(workspace, migrationOf(workspace, layout.migrations, name));
      return 'sql' in text ? await failedStatement(parser, text.sql, logs) : undefined;
    },
    deploy: (timeout) => {
      const command = deployCommand(cli);
      return grouped(`prisma ${command.join(' ')} (${cli.version})`, async (say) => {
        const chunks: string[] = [];
        const {
          exitCode,
          signal: killed,
          endedBy,
        } = await execute(cli.program, command, {
          cwd,
          env: { ...env, NO_COLOR: '1', PRISMA_HIDE_UPDATE_MESSAGE: '1', CHECKPOINT_DISABLE: '1' },
          signal,
          timeout,
          onOutput: (chunk) => {
            const text = chunk.toString('utf8');
            chunks.push(text);
            say(text);
          },
        });
        const exit = endedBy === 'timeout' ? 'its time being up' : String(exitCode ?? killed);
        return { output: secrets.redact(chunks.join('')), exit };
      });
    },
  });
  return { ...applied, isDestructive, backup: file };
}

/** Prisma 8 has the command under another name. */
function deployCommand({ major }: PrismaCli): readonly string[] {
  return major >= 8 ? ['db', 'migrate'] : ['migrate', 'deploy'];
}

/** Whole lines only: a secret could be cut in two by the end of a chunk. */
function lineByLine(write: (line: string) => void) {
  let rest = '';
  return {
    write: (text: string) => {
      const lines = `${rest}${text}`.split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) write(`${line}\n`);
    },
    end: () => {
      if (rest !== '') write(`${rest}\n`);
      rest = '';
    },
  };
}

function addressOf(given: MigrateInputs, { environment, secrets }: ActionContext): DatabaseAddress {
  const fromEnvironment = environment['DATABASE_URL'] ?? '';
  if (fromEnvironment !== '') secrets.add(fromEnvironment);
  const url = given.databaseUrl ?? fromEnvironment;
  if (given.directUrl !== undefined) return refusePooler(readAddress('direct-url', given.directUrl), 'direct-url');
  if (url === '') {
    throw new ConfigurationError({
      code: 'PIPE-MIGRATE-020',
      what: 'there is no address of a database',
      accepted: 'a secret in `database-url`, or the variable DATABASE_URL',
      example: '`database-url: ${{ secrets.DATABASE_URL }}`',
      remedy:
        'environment secrets reach a called workflow by `secrets: inherit` only; pull requests of forks have none',
      state: 'nothing was run',
    });
  }
  return refusePooler(readAddress('database-url', url), 'database-url');
}

function refusePooler(address: DatabaseAddress, name: string): DatabaseAddress {
  if (!address.isPooler) return address;
  throw new ConfigurationError({
    code: 'PIPE-MIGRATE-022',
    what: `\`${name}\` leads to a connection pooler (\`pgbouncer=true\`, port ${address.port} or its name), through which Prisma's lock does not hold`,
    accepted: 'the direct address of the database in `direct-url`, usually port 5432',
    example: '`direct-url: ${{ secrets.DIRECT_DATABASE_URL }}`',
    state: 'nothing was run',
  });
}

/** Every name under which projects read it: migrations always go to the direct address. */
function databaseVariables({ url }: DatabaseAddress, shadow: string | undefined): Readonly<Record<string, string>> {
  return {
    DATABASE_URL: url,
    DIRECT_URL: url,
    DIRECT_DATABASE_URL: url,
    ...(shadow === undefined ? {} : { SHADOW_DATABASE_URL: shadow }),
  };
}

function backupOf(given: string | undefined): Backup | undefined {
  if (given === undefined) return undefined;
  if (given === 'pg_dump') return given;
  const parsed = parseCommandLine(given);
  if ('argv' in parsed) return parsed.argv;
  throw new ConfigurationError({
    code: 'PIPE-MIGRATE-035',
    what: `\`backup\` is no command: ${parsed.problem}`,
    accepted: '`pg_dump`, or a command without anything that needs a shell',
    example: '`backup: ./scripts/backup.sh`',
    state: 'nothing was run',
  });
}

interface Pending {
  readonly workspace: string;
  readonly layout: Layout;
  readonly names: readonly string[];
  readonly pending: readonly string[];
}

/** What the pending migrations lock, with how many rows the tables have now. */
async function liveFacts(
  parser: SqlParser,
  { workspace, layout, names, pending }: Pending,
  connection: Connection,
  schema: string,
): Promise<{ readonly lines: readonly string[]; readonly isDestructive: boolean }> {
  const catalogue = emptyCatalogue();
  const lines: string[] = [];
  let isDestructive = false;
  for (const name of names) {
    const text = await readSql(workspace, migrationOf(workspace, layout.migrations, name));
    const sql = 'sql' in text ? text.sql : '';
    if (!pending.includes(name)) {
      await follow(parser, sql, catalogue, name);
      continue;
    }
    const { statements, findings } = await analyse(parser, sql, catalogue, name);
    isDestructive ||= findings.some(({ level }) => level === 'destructive' || level === 'failing');
    const touched = statements.filter(({ lock, on }) => lock !== undefined && on !== '');
    const rows = await estimatedRows(connection, schema, [...new Set(touched.map(({ on }) => on))]);
    lines.push(`pending: ${name}`);
    for (const { lock, on, rewrites, line } of touched) {
      const size = rows.has(on) ? `, about ${rows.get(on)} rows` : '';
      lines.push(`  line ${line}: ${lock} on ${on}${rewrites ? ', written anew' : ''}${size}`);
    }
  }
  return { lines, isDestructive };
}

function notPostgres({ provider }: Layout): ConfigurationError {
  return new ConfigurationError({
    code: 'PIPE-MIGRATE-036',
    what: 'migrations are applied to PostgreSQL only',
    given: `the provider ${provider ?? 'unknown'}`,
    accepted: 'a schema with `provider = "postgresql"`; for others run the CLI in a step of your own',
    state: 'nothing was run',
  });
}

function noCli(): ConfigurationError {
  return new ConfigurationError({
    code: 'PIPE-MIGRATE-033',
    what: "Prisma's CLI is not installed in the project",
    accepted: 'the package `prisma` among its dependencies, installed by the action `setup` before this step',
    remedy: 'if it is a development dependency, do not leave those out of the install',
    state: 'nothing was run',
  });
}
