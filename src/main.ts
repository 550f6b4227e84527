import { actions, programs } from './actions.ts';
import { runAction } from './runtime/run.ts';

/** Entry of an action's stub in dist: starts the action of that name. */
export async function start(name: string): Promise<void> {
  const load = actions[name];
  if (load === undefined) throw new Error(`no action is named ${name}`);
  const { action } = await load();
  await runAction(action);
}

/** Entry of a program's stub in dist: the local runner. */
export async function startProgram(name: string): Promise<void> {
  const load = programs[name];
  if (load === undefined) throw new Error(`no program is named ${name}`);
  const { main } = await load();
  // Nothing waits any more, but it has not ended: that is no success.
  const endedEarly = (code: number) => {
    if (code === 0) process.exitCode = 1;
  };
  process.once('exit', endedEarly);
  try {
    await main();
  } finally {
    process.removeListener('exit', endedEarly);
  }
}
