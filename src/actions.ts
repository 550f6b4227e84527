import { deployActions } from './release/deploy-actions.ts';
import type { Action } from './runtime/action.ts';

/** Every action of the bundle by name; each becomes a chunk of its own. */
export const actions: Readonly<Record<string, () => Promise<{ readonly action: Action }>>> = {
  coverage: () => import('./coverage/action.ts'),
  ...deployActions,
  'delete-preview': () => import('./release/delete-preview/action.ts'),
  gate: () => import('./gate/action.ts'),
  health: () => import('./health/action.ts'),
  image: () => import('./image/action.ts'),
  migrate: () => import('./migrate/action.ts'),
  plan: () => import('./plan/action.ts'),
  promote: () => import('./release/promote/action.ts'),
  'publish-release': () => import('./verify/publish-release/action.ts'),
  report: () => import('./report/action.ts'),
  rollback: () => import('./release/rollback/action.ts'),
  scan: () => import('./scan/action.ts'),
  setup: () => import('./setup/action.ts'),
  smoke: () => import('./smoke/action.ts'),
  verify: () => import('./verify/action.ts'),
};

/** Programs beside the actions, by the name of their stub. */
export const programs: Readonly<Record<string, () => Promise<{ readonly main: () => Promise<void> }>>> = {
  local: () => import('./local/main.ts'),
};
