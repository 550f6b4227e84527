import { realpath } from 'node:fs/promises';
import type { ActionContext } from '../runtime/action.ts';
import { projectEnvironment } from '../runtime/environment.ts';
import { ConfigurationError, shown } from '../runtime/errors.ts';
import { execute } from '../runtime/process.ts';
import { addressOf, databaseVariables } from './address.ts';
import { type ApplyOutcome, applyMigrations } from './apply.ts';
import { backUp, backupOf } from './backup.ts';
import { contractFolder } from './contract-migrations.ts';
import { contractStep } from './contract-step.ts';
import { checkDrift } from './drift.ts';
import { failedStatement } from './failed-statement.ts';
import type { MigrateInputs } from './inputs.ts';
import { findLayout, type Layout } from './layout.ts';
import { liveFacts } from './live-facts.ts';
import { migrationOf, PRISMA_FORM, readSql } from './migrations.ts';
import type { SqlParser } from './parser.ts';
import { findCli } from './prisma-cli.ts';
import { inGroup } from './redacted-group.ts';

/** Applies pending migrations with the project's own CLI. */
export async function applyStep(
  given: MigrateInputs,
  context: ActionContext,
  parser: SqlParser,
): Promise<ApplyOutcome> {
  const { log, secrets, signal, environment, temp } = context;
  const workspace = await realpath(context.workspace);
  const cwd = given.workingDirectory;
  const cli = await findCli(workspace, cwd);
  const folder = given.schema === undefined ? await contractFolder(cwd) : undefined;
  if (folder !== undefined) {
    if (cli === undefined) throw noCli();
    return await contractStep(given, context, parser, { cli, folder });
  }
  const address = addressOf(given, context);
  const layout = await findLayout(workspace, cwd, given.schema);
  if (layout.provider !== 'postgresql') throw notPostgres(layout);
  if (cli === undefined) throw noCli();
  if (cli.major >= 8) throw formerForm(cli.version);
  const backup = backupOf(given.backup);
  const env = projectEnvironment(environment, databaseVariables(address, given.shadowDatabaseUrl));
  const names = await PRISMA_FORM.list(layout.migrations);
  let destructive: ReadonlySet<string> = new Set();
  let file: string | undefined;
  const applied = await applyMigrations({
    address,
    names,
    timeout: given.timeout,
    signal,
    say: log.info,
    prepare: async (pending, applied, connection) => {
      if (given.shadowDatabaseUrl !== undefined) {
        const { timeout } = given;
        const { redact } = secrets;
        const about = { cli, layout, names, applied, cwd, env, signal, timeout, temp, redact };
        const unchecked = await checkDrift(about);
        log.info(
          unchecked === undefined ? 'the database is what its migrations build' : `drift not checked: ${unchecked}`,
        );
      }
      const about = { workspace, folder: layout.migrations, form: PRISMA_FORM, names, pending };
      const facts = await liveFacts(parser, about, connection, address.schema);
      for (const line of facts.lines) log.info(line);
      destructive = facts.destructive;
      if (!facts.wantsBackup || backup === undefined) return;
      file = await inGroup(context, 'Backup', (say) => {
        return backUp(backup, address, { cwd, env, signal, timeout: given.timeout, temp, say });
      });
    },
    statementOf: async ({ name, logs }) => {
      // The database may know one that this commit does not have.
      if (!names.includes(name)) return undefined;
      const text = await readSql(workspace, migrationOf(workspace, layout.migrations, name, PRISMA_FORM), PRISMA_FORM);
      return 'sql' in text ? await failedStatement(parser, text.sql, logs) : undefined;
    },
    deploy: (timeout) => {
      return inGroup(context, `prisma ${DEPLOY.join(' ')} (${cli.version})`, async (say) => {
        const chunks: string[] = [];
        const {
          exitCode,
          signal: killed,
          endedBy,
        } = await execute(cli.program, DEPLOY, {
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
  return { ...applied, destructive, backup: file };
}

const DEPLOY = ['migrate', 'deploy'] as const;

function notPostgres({ provider }: Layout): ConfigurationError {
  return new ConfigurationError({
    code: 'PIPE-MIGRATE-036',
    what: 'migrations are applied to PostgreSQL only',
    given: `the provider ${provider ?? 'unknown'}`,
    accepted: 'a schema with `provider = "postgresql"`; for others run the CLI in a step of your own',
    state: 'nothing was run',
  });
}

function formerForm(version: string): ConfigurationError {
  return new ConfigurationError({
    code: 'PIPE-MIGRATE-048',
    what: `Prisma ${shown(version)} is installed, and the migrations are those of Prisma 7 and before, which it does not apply`,
    accepted: 'migrations of Prisma 8 in migrations/app, or Prisma 7 or 6 in package.json',
    remedy: '`npx prisma orm init --from-prisma7-schema prisma/schema.prisma` begins the change to Prisma 8',
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
