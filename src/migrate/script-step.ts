import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { parseCommandLine } from '../gate/command-line.ts';
import type { ActionContext } from '../runtime/action.ts';
import { projectEnvironment } from '../runtime/environment.ts';
import { ConfigurationError } from '../runtime/errors.ts';
import { execute } from '../runtime/process.ts';
import { addressOf, databaseVariables } from './address.ts';
import { commitsItself } from './analyse.ts';
import type { ApplyOutcome } from './apply.ts';
import { backUp, backupOf, connectionVariables } from './backup.ts';
import { shownStatement } from './failed-statement.ts';
import type { MigrateInputs } from './inputs.ts';
import { liveFacts } from './live-facts.ts';
import type { SqlParser } from './parser.ts';
import { inGroup } from './redacted-group.ts';
import { applyScripts } from './script-apply.ts';
import { runnerFault } from './script-faults.ts';
import { findScripts, isSql, readScript, SCRIPT_FORM } from './scripts.ts';

/** Applies pending scripts: SQL by itself, other files with the project's own command. */
export async function scriptStep(
  given: MigrateInputs,
  context: ActionContext,
  parser: SqlParser,
): Promise<ApplyOutcome> {
  const { log, signal, environment, temp } = context;
  const address = addressOf(given, context);
  const workspace = await realpath(context.workspace);
  const cwd = given.workingDirectory;
  const folder = await findScripts(workspace, cwd, given.scripts);
  const names = await SCRIPT_FORM.list(folder);
  const runner = runnerOf(given.runner, names);
  const backup = backupOf(given.backup);
  const env = projectEnvironment(environment, {
    ...databaseVariables(address, given.shadowDatabaseUrl),
    ...connectionVariables(address),
  });
  const scripts = await Promise.all(names.map((name) => readScript(workspace, folder, name)));
  let destructive: ReadonlySet<string> = new Set();
  let file: string | undefined;
  const applied = await applyScripts({
    address,
    scripts,
    timeout: given.timeout,
    allowed: given.allowDestructive,
    signal,
    say: log.info,
    prepare: async (pending, connection) => {
      const about = { workspace, folder, form: SCRIPT_FORM, names, pending };
      const facts = await liveFacts(parser, about, connection, address.schema);
      for (const line of facts.lines) log.info(line);
      destructive = facts.destructive;
      // What a program does is not known: it may destroy.
      if ((!facts.wantsBackup && pending.every(isSql)) || backup === undefined) return;
      file = await inGroup(context, 'Backup', (say) => {
        return backUp(backup, address, { cwd, env, signal, timeout: given.timeout, temp, say });
      });
    },
    commitsItself: async ({ text }) => commitsItself(await parser.parse(text)),
    statementAt: async ({ text }, index) => shownStatement(await parser.parse(text), index),
    run: ({ name }, timeout) => {
      const [program, ...args] = runner;
      return inGroup(context, name, async (say) => {
        const {
          exitCode,
          signal: killed,
          endedBy,
        } = await execute(program, [...args, join(folder, name)], {
          cwd,
          env,
          signal,
          timeout,
          onOutput: (chunk) => say(chunk.toString('utf8')),
        });
        return endedBy === 'timeout' ? 'its time being up' : String(exitCode ?? killed);
      });
    },
  });
  return { ...applied, destructive, backup: file };
}

/** Without a word of the caller, Node runs what it knows. */
function runnerOf(given: string | undefined, names: readonly string[]): readonly [string, ...string[]] {
  if (given === undefined) {
    const strange = names.find((name) => !isSql(name) && !/\.[cm]?[jt]s$/i.test(name));
    if (strange !== undefined) throw runnerFault(strange);
    return ['node'];
  }
  const parsed = parseCommandLine(given);
  if ('argv' in parsed) return parsed.argv;
  throw new ConfigurationError({
    code: 'PIPE-MIGRATE-044',
    what: `\`runner\` is no command: ${parsed.problem}`,
    accepted: 'a program with its arguments, without anything that needs a shell',
    example: '`runner: npx tsx`',
    state: 'nothing was run',
  });
}
