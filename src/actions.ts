import type { Action } from './runtime/action.ts';

/** Every action of the bundle by name; each becomes a chunk of its own. */
export const actions: Readonly<Record<string, () => Promise<{ readonly action: Action }>>> = {
  gate: () => import('./gate/action.ts'),
  plan: () => import('./plan/action.ts'),
  report: () => import('./report/action.ts'),
  setup: () => import('./setup/action.ts'),
};
