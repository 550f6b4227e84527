import type { Action } from '../runtime/action.ts';
import { targets } from './targets.ts';

/** `deploy-<scheme>` for each line of targets.ts. */
export const deployActions: Readonly<Record<string, () => Promise<{ readonly action: Action }>>> = Object.fromEntries(
  Object.entries(targets).map(([scheme, load]) => [
    `deploy-${scheme}`,
    async () => {
      const [{ target }, { deployAction }] = await Promise.all([load(), import('./deploy/action.ts')]);
      return { action: deployAction(target) };
    },
  ]),
);
