import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import type { ActionContext } from '../runtime/action.ts';
import { type Environment, projectEnvironment } from '../runtime/environment.ts';
import { ProjectFailure, printable } from '../runtime/errors.ts';
import { readTextFile } from '../runtime/files.ts';
import { listOf, textOf } from '../runtime/json.ts';
import { capture } from '../runtime/process.ts';
import { isMap } from '../runtime/yaml.ts';
import { addressOf, databaseVariables } from './address.ts';
import type { ApplyOutcome } from './apply.ts';
import { readOnlyFault } from './apply-faults.ts';
import { backUp, backupOf } from './backup.ts';
import { connect, waitForLock } from './connecting.ts';
import { CONTRACT_FORM, statementOf } from './contract-migrations.ts';
import { readState } from './database-state.ts';
import { shownAddress } from './database-url.ts';
import type { MigrateInputs } from './inputs.ts';
import { liveFacts } from './live-facts.ts';
import { LARGEST_SQL } from './migrations.ts';
import type { SqlParser } from './parser.ts';
import type { PrismaCli } from './prisma-cli.ts';
import { inGroup } from './redacted-group.ts';
import { takeLock } from './script-table.ts';

/**
 * Applies pending migrations of Prisma 8, which keeps its own history (the schema prisma_contract) and applies all of
 * them in one transaction.
 *
 * @param folder absolute folder of the migrations
 * @throws PipelineError PIPE-MIGRATE-023 to 027, 030 before anything was applied
 */
export async function contractStep(
  given: MigrateInputs,
  context: ActionContext,
  parser: SqlParser,
  { cli, folder }: { readonly cli: PrismaCli; readonly folder: string },
): Promise<ApplyOutcome> {
  const { log, signal, environment, temp } = context;
  const address = addressOf(given, context);
  const deadline = performance.now() + given.timeout;
  const env = projectEnvironment(environment, databaseVariables(address, undefined));
  const cwd = given.workingDirectory;
  const backup = backupOf(given.backup);
  const names = await CONTRACT_FORM.list(folder);
  const ask = (...args: readonly string[]) => askPrisma(args, { cli, cwd, env, context, deadline });
  const connection = await connect(address, { say: log.info, signal }, deadline);
  try {
    const { readOnly } = await readState(connection, address.schema);
    if (readOnly !== undefined) throw readOnlyFault(address, readOnly);
    // Prisma's own lock lets the second of two runs count what the first one has applied.
    await waitForLock(() => takeLock(connection), { say: log.info, signal }, deadline);
    const before = historyIn(await ask('migration', 'status'));
    const { pending } = before;
    log.info(`${shownAddress(address)}: ${pending.length} of ${names.length} migrations pending`);
    if (pending.length === 0) return outcome(before, before, []);
    const about = { workspace: await realpath(context.workspace), folder, form: CONTRACT_FORM, names, pending };
    const facts = await liveFacts(parser, about, connection, address.schema);
    for (const line of facts.lines) log.info(line);
    let file: string | undefined;
    if (facts.wantsBackup && backup !== undefined) {
      file = await inGroup(context, 'Backup', (say) => {
        return backUp(backup, address, { cwd, env, signal, timeout: given.timeout, temp, say });
      });
    }
    const answer = await ask('db', 'migrate', '--no-interactive');
    const after = answer.ok ? historyIn(await ask('migration', 'status')) : before;
    const applied = appliedIn(answer);
    const done = { ...outcome(before, after, applied), destructive: facts.destructive, backup: file };
    if (!answer.ok) return { ...done, failure: refused(answer), failed: await failedIn(answer, folder, pending) };
    return after.pending.length === 0 ? done : { ...done, failure: refused({ ...answer, error: undefined }) };
  } finally {
    connection.close();
  }
}

interface History {
  readonly applied: readonly string[];
  readonly pending: readonly string[];
}

function outcome(before: History, after: History, applied: readonly string[]): ApplyOutcome {
  const last = after.applied.at(-1);
  return {
    applied,
    before: before.applied.at(-1),
    pending: after.pending,
    last,
    destructive: new Set(),
    backup: undefined,
  };
}

/** The migration with the operation that the answer names, where just one of the pending ones has it. */
async function failedIn(
  { error }: Answer,
  folder: string,
  pending: readonly string[],
): Promise<ApplyOutcome['failed']> {
  const said = isMap(error) ? `${textOf(error['summary'])} ${textOf(error['why'])}` : '';
  const [, id = ''] = /\bOperation (\S+) failed\b/.exec(said) ?? [];
  const found = await Promise.all(
    pending.map(async (name) => {
      const text = (await readTextFile(join(folder, CONTRACT_FORM.pathOf(name)), LARGEST_SQL)) ?? '';
      return { name, statement: statementOf(text, id) };
    }),
  );
  const having = found.filter(({ statement }) => statement !== undefined);
  return having.length === 1 ? having[0] : undefined;
}

/** What a command of Prisma 8 answers with `--json`. */
interface Answer {
  readonly command: string;
  readonly ok: boolean;
  readonly result: unknown;
  readonly error: unknown;
  readonly exit: string;
}

interface Asking {
  readonly cli: PrismaCli;
  readonly cwd: string;
  readonly env: Environment;
  readonly context: ActionContext;
  readonly deadline: number;
}

async function askPrisma(args: readonly string[], { cli, cwd, env, context, deadline }: Asking): Promise<Answer> {
  const { signal } = context;
  const command = args.filter((arg) => !arg.startsWith('--')).join(' ');
  return await inGroup(context, `prisma ${command} (${cli.version})`, async (say) => {
    const ended = await capture(cli.program, [...args, '--json'], {
      cwd,
      env: { ...env, NO_COLOR: '1', DO_NOT_TRACK: '1' },
      signal,
      timeout: Math.max(1_000, deadline - performance.now()),
    });
    signal.throwIfAborted();
    const envelope = envelopeIn(ended.stdout) ?? envelopeIn(ended.stderr);
    const exit = ended.endedBy === 'timeout' ? 'its time being up' : String(ended.exitCode ?? ended.signal);
    const answer = {
      command,
      ok: envelope?.['ok'] === true && ended.exitCode === 0,
      result: envelope?.['result'],
      error: envelope?.['error'],
      exit,
    };
    const summary = isMap(answer.result) ? answer.result['summary'] : undefined;
    say(answer.ok ? `${textOf(summary)}\n` : `${ended.stderr}\n`);
    // Reading the history changes nothing: without it nothing is begun.
    if (!answer.ok && command === 'migration status') throw refused(answer);
    return answer;
  });
}

/** The last line of the kind `result`. */
function envelopeIn(output: string): Readonly<Record<string, unknown>> | undefined {
  for (const line of output.split('\n').reverse()) {
    if (!line.startsWith('{')) continue;
    try {
      const value: unknown = JSON.parse(line);
      const envelope = isMap(value) && value['kind'] === 'result' ? value['envelope'] : undefined;
      if (isMap(envelope)) return envelope;
    } catch {
      // A line of something else that begins like JSON.
    }
  }
  return undefined;
}

/** The migrations, oldest first. */
function historyIn({ result }: Answer): History {
  const spaces = isMap(result) ? listOf(result['spaces']) : [];
  const migrations = spaces
    .flatMap((space) => (isMap(space) ? listOf(space['migrations']) : []))
    .filter((one) => isMap(one))
    // Not by name: those of one minute sort by what they are called.
    .sort((one, other) => (textOf(one['createdAt']) < textOf(other['createdAt']) ? -1 : 1));
  const named = (wanted: string) =>
    migrations.flatMap((one) => (one['status'] === wanted ? [textOf(one['name'])] : []));
  return { applied: named('applied'), pending: named('pending') };
}

function appliedIn({ result }: Answer): readonly string[] {
  const applied = isMap(result) ? listOf(result['applied']) : [];
  return applied.flatMap((one) => (isMap(one) ? [textOf(one['dirName'])] : [])).filter((name) => name !== '');
}

function refused({ command, error, exit }: Answer): ProjectFailure {
  const about = isMap(error) ? error : {};
  const [code, summary, why] = ['code', 'summary', 'why'].map((name) => textOf(about[name]));
  const said = [code, summary, why].filter((text) => text !== '').join(': ');
  const commands = listOf(about['nextActions']).flatMap((action) => {
    return isMap(action) ? [textOf(action['command']) || textOf(action['label'])].filter((text) => text !== '') : [];
  });
  const next = commands.length === 0 ? 'run `npx prisma migration status`' : commands.slice(0, 3).join('; or ');
  return new ProjectFailure({
    code: 'PIPE-MIGRATE-047',
    what: `\`prisma ${command}\` ended with ${exit}${said === '' ? '' : `: ${printable(said).slice(0, 500)}`}`,
    remedy: printable(next).slice(0, 300),
    state:
      command === 'db migrate'
        ? 'Prisma 8 applies all pending migrations in one transaction: none of them was applied; running again is safe'
        : 'nothing was applied; running again is safe',
  });
}
