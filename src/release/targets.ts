import type { Target } from './target.ts';

/** Every target by its scheme: this line gives it its action `deploy-<scheme>`, its README and its stub. */
export const targets: Readonly<Record<string, () => Promise<{ readonly target: Target }>>> = {
  'cloud-run': () => import('./targets/cloud-run/target.ts'),
  firebase: () => import('./targets/firebase/target.ts'),
  vercel: () => import('./targets/vercel/target.ts'),
};
