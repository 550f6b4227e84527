import { cacheAccess } from '../cache/access.ts';
import type { ActionContext } from '../runtime/action.ts';
import { type StoreCache, saveStore, sayMessage } from '../setup/store-cache.ts';

/** State under which the browsers to save are kept. */
export const BROWSERS = 'browsers';

const SAVE_LIMIT = 300_000;

/** Saves the browsers that this job installed, for the next one. */
export async function post(context: ActionContext): Promise<void> {
  const kept = context.state(BROWSERS);
  if (kept === '') return;
  const saved = await saveStore(JSON.parse(kept) as StoreCache, cacheAccess(context, SAVE_LIMIT));
  if (saved.kind === 'saved') return context.log.info('browsers: saved in the cache');
  if (saved.kind === 'off') return context.log.info(`browsers: not saved, ${saved.reason}`);
  const text = `The browsers were not saved in the cache: ${saved.reason}. Nothing else is affected.`;
  sayMessage({ level: 'notice', text }, context);
}
