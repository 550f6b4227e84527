import { basename, relative } from 'node:path';
import type { Event } from '../github/event.ts';
import type { Environment } from '../runtime/environment.ts';
import { type Allowance, allowanceOf, checkNamed, lacksReason } from './allowance.ts';
import { analyse, follow } from './analyse.ts';
import { findBase } from './base.ts';
import { emptyCatalogue } from './catalogue.ts';
import { CONTRACT_FORM, contractFolder } from './contract-migrations.ts';
import { type Difference, differences } from './disagreement.ts';
import { gitIn } from './git.ts';
import { findLayout, type Layout } from './layout.ts';
import { isReadable, listMigrations, type Migration, type MigrationForm, PRISMA_FORM, readSql } from './migrations.ts';
import type { SqlParser } from './parser.ts';
import { findCli } from './prisma-cli.ts';
import { type Finding, RULES, type StatementEffect } from './rules.ts';
import { schemaSql } from './schema-sql.ts';
import { findScripts, SCRIPT_FORM } from './scripts.ts';

/** What a new migration does, and whether it may. */
export interface PlannedMigration {
  readonly name: string;
  readonly file: string;
  readonly statements: readonly StatementEffect[];
  readonly findings: readonly Finding[];
  readonly allowance: Allowance;
  /** It has the allowing comment without a reason. */
  readonly lacksReason: boolean;
}

/** What is known of the new migrations without a database. */
export interface MigrationPlan {
  readonly migrations: readonly PlannedMigration[];
  /** Migrations of the base that are no longer what they were. */
  readonly edited: readonly Migration[];
  readonly removed: readonly Migration[];
  /** Those that may be edited or removed all the same, by the caller's word. */
  readonly allowed: readonly string[];
  readonly differences: readonly Difference[];
  /** The schema's file or folder, or the folder of scripts, from the root of the repository. */
  readonly schema: string;
  /** How the base was found. */
  readonly reason: string;
  /** What was not looked at and why, one sentence each. */
  readonly notChecked: readonly string[];
  /** The newest migration; undefined without any. */
  readonly last: string | undefined;
}

export interface PlanQuestion {
  /** Absolute, links resolved. */
  readonly workspace: string;
  readonly directory: string;
  readonly tool: 'prisma' | 'script';
  /** The schema, or the folder of scripts, by the caller; absolute. */
  readonly place: string | undefined;
  readonly event: Event;
  readonly changedSince: string | undefined;
  readonly allowDestructive: readonly string[];
  readonly environment: Environment;
  readonly signal: AbortSignal;
  readonly parser: SqlParser;
}

/**
 * What the migrations do that are new since the base: from git and SQL alone.
 *
 * @throws ConfigurationError PIPE-MIGRATE-001 no schema, 002 the base is not in the clone, 003 no repository, 004 an
 * allowed migration that there is not
 */
export async function planMigrations(question: PlanQuestion): Promise<MigrationPlan> {
  const { workspace, environment, signal } = question;
  const { layout, form } = await foundIn(question);
  const git = gitIn(workspace, environment, signal);
  const base = await findBase(git, question.event, question.changedSince);
  const all = await listMigrations(git, workspace, layout.migrations, base.commit, form);
  checkNamed(
    question.allowDestructive,
    all.map(({ name }) => name),
  );
  const kept = all.filter(({ status }) => status !== 'removed');
  const about = {
    edited: all.filter(({ status }) => status === 'edited'),
    removed: all.filter(({ status }) => status === 'removed'),
    allowed: question.allowDestructive,
    schema: relative(workspace, layout.schema),
    reason: base.reason,
    last: kept.at(-1)?.name,
  };
  if (layout.provider !== POSTGRES) {
    const provider = layout.provider ?? 'unknown';
    const words = `what the SQL does: it is read for PostgreSQL only, and the provider is ${provider}`;
    const migrations = kept.filter(({ status }) => status === 'new').map(unread);
    return { ...about, migrations, differences: [], notChecked: [words] };
  }
  return { ...about, ...(await readAll(question, layout, kept, form)) };
}

/** Prisma's name of the only database whose SQL is read. */
const POSTGRES = 'postgresql';

interface Found {
  readonly layout: Layout;
  readonly form: MigrationForm;
}

async function foundIn({ workspace, directory, tool, place }: PlanQuestion): Promise<Found> {
  const isOf = (folder: string) => ({ schema: folder, migrations: folder, provider: POSTGRES, namesShadow: false });
  if (tool === 'script') {
    return { layout: isOf(await findScripts(workspace, directory, place)), form: SCRIPT_FORM };
  }
  const contract = place === undefined ? await contractFolder(directory) : undefined;
  if (contract !== undefined) return { layout: isOf(contract), form: CONTRACT_FORM };
  return { layout: await findLayout(workspace, directory, place), form: PRISMA_FORM };
}

function unread({ name, file }: Migration): PlannedMigration {
  return { name, file, statements: [], findings: [], allowance: undefined, lacksReason: false };
}

async function readAll(
  question: PlanQuestion,
  layout: Layout,
  all: readonly Migration[],
  form: MigrationForm,
): Promise<Pick<MigrationPlan, 'migrations' | 'differences' | 'notChecked'>> {
  const { parser, workspace } = question;
  const catalogue = emptyCatalogue();
  const known = all.filter(({ status }) => status !== 'new');
  for (const migration of known.filter((one) => isReadable(one, form))) {
    const text = await readSql(workspace, migration, form);
    if ('problem' in text) catalogue.unclear.push(migration.name);
    else await follow(parser, text.sql, catalogue, migration.name);
  }
  const migrations: PlannedMigration[] = [];
  for (const migration of all.filter(({ status }) => status === 'new')) {
    migrations.push(await planned(question, catalogue, migration, known.at(-1)?.name, form));
  }
  const programs = migrations.filter((migration) => !isReadable(migration, form));
  const notRead = programs.map(({ name }) => `what ${name} does: it is a program`);
  if (form === CONTRACT_FORM)
    notRead.push('whether the contract and the migrations agree: `prisma migration check` does');
  if (form !== PRISMA_FORM) return { migrations, differences: [], notChecked: notRead };
  const compared = await compare(question, layout, catalogue);
  return { migrations, ...compared };
}

async function planned(
  { parser, workspace, allowDestructive }: PlanQuestion,
  catalogue: ReturnType<typeof emptyCatalogue>,
  migration: Migration,
  lastKnown: string | undefined,
  form: MigrationForm,
): Promise<PlannedMigration> {
  const { name, file } = migration;
  const isLate = lastKnown !== undefined && form.compare(name, lastKnown) < 0;
  const late = isLate ? [ofFile('out-of-order', `it sorts before ${lastKnown}, which is there already`)] : [];
  if (!isReadable(migration, form)) return { ...unread(migration), findings: late };
  const text = await readSql(workspace, migration, form);
  const sql = 'sql' in text ? text.sql : '';
  const { statements, findings } =
    'sql' in text
      ? await analyse(parser, sql, catalogue, name)
      : { statements: [], findings: [ofFile('unreadable', text.problem)] };
  const allowance = allowanceOf(name, sql, allowDestructive);
  return { name, file, statements, findings: [...late, ...findings], allowance, lacksReason: lacksReason(sql) };
}

function ofFile(rule: 'unreadable' | 'out-of-order', message: string): Finding {
  return { rule, level: RULES[rule].level, message, line: 1, column: 1 };
}

async function compare(
  { parser, workspace, directory, environment, signal }: PlanQuestion,
  layout: Layout,
  catalogue: ReturnType<typeof emptyCatalogue>,
): Promise<Pick<MigrationPlan, 'differences' | 'notChecked'>> {
  const what = `whether ${basename(layout.schema)} and the migrations agree`;
  const cli = await findCli(workspace, directory);
  if (cli === undefined) {
    return {
      differences: [],
      notChecked: [`${what}: Prisma's CLI is not installed (the action \`setup\` installs it)`],
    };
  }
  const written = await schemaSql(cli, layout.schema, { cwd: directory, environment, signal });
  signal.throwIfAborted();
  if ('problem' in written) return { differences: [], notChecked: [`${what}: ${written.problem}`] };
  const found = await differences(parser, written.sql, catalogue);
  if (found === undefined) return { differences: [], notChecked: [`${what}: what the CLI writes can't be read`] };
  const unclear = catalogue.unclear.map(
    (name) => `what ${name} does in blocks of code, when schema and migrations are compared`,
  );
  return { differences: found, notChecked: [...new Set(unclear)] };
}
