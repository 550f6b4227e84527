import { GOOGLE_CREDENTIALS } from '../../credentials.ts';
import type { Target } from '../../target.ts';
import { inputs } from './inputs.ts';

/** Google Cloud Run, by its Admin API v2 (cloud.google.com/run/docs/reference/rest/v2). */
export const target: Target<typeof inputs> = {
  scheme: 'cloud-run',
  title: 'Cloud Run',
  parts: ['project', 'region', 'service', 'revision'],
  canSplit: true,
  inputs,
  credentials: GOOGLE_CREDENTIALS,
  prepare: async (given, surroundings) => (await import('./prepare.ts')).prepare(given, surroundings),
  open: async (reference, surroundings) => (await import('./platform.ts')).open(reference, surroundings),
};
