import { actions } from './actions.ts';
import { runAction } from './runtime/run.ts';

/** Entry of every stub in dist: starts the action of that name. */
export async function start(name: string): Promise<void> {
  const load = actions[name];
  if (load === undefined) throw new Error(`no action is named ${name}`);
  const { action } = await load();
  await runAction(action);
}

/** Entry of dist/local.js: the local runner behind `npm start`. */
export async function startLocal(): Promise<void> {
  const { main } = await import('./local/main.ts');
  await main();
}
