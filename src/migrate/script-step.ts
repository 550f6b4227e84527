import { realpath } from 'node:fs/promises';
import type { ActionContext } from '../runtime/action.ts';
import { projectEnvironment } from '../runtime/environment.ts';
import { addressOf, databaseVariables } from './address.ts';
import { commitsItself } from './analyse.ts';
import type { ApplyOutcome } from './apply.ts';
import { backUp, backupOf, connectionVariables } from './backup.ts';
import { shownStatement } from './failed-statement.ts';
import type { MigrateInputs } from './inputs.ts';
import { liveFacts } from './live-facts.ts';
import { mongoAddressOf } from './mongo-address.ts';
import { mongoStep } from './mongo-step.ts';
import type { SqlParser } from './parser.ts';
import { inGroup } from './redacted-group.ts';
import { applyScripts } from './script-apply.ts';
import { runnerOf, runScript } from './script-runner.ts';
import { findScripts, isSql, readScript, SCRIPT_FORM } from './scripts.ts';

/** Applies pending scripts: SQL by itself, other files with the project's own command. */
export async function scriptStep(
  given: MigrateInputs,
  context: ActionContext,
  parser: SqlParser,
): Promise<ApplyOutcome> {
  const { log, signal, environment, temp } = context;
  const workspace = await realpath(context.workspace);
  const cwd = given.workingDirectory;
  const mongo = mongoAddressOf(given, context);
  if (mongo !== undefined) {
    const folder = await findScripts(workspace, cwd, given.scripts);
    return await mongoStep(given, context, { address: mongo, folder });
  }
  const address = addressOf(given, context);
  const folder = await findScripts(workspace, cwd, given.scripts);
  const names = await SCRIPT_FORM.list(folder);
  const runner = runnerOf(
    given.runner,
    names.filter((name) => !isSql(name)),
  );
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
    run: ({ name }, timeout) => runScript(context, runner, { folder, name }, { cwd, env, signal, timeout }),
  });
  return { ...applied, destructive, backup: file };
}
