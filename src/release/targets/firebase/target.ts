import { GOOGLE_CREDENTIALS } from '../../credentials.ts';
import type { Target } from '../../target.ts';
import { inputs } from './inputs.ts';

export const target: Target<typeof inputs> = {
  scheme: 'firebase',
  title: 'Firebase Hosting',
  parts: ['project', 'site', 'version'],
  canSplit: false,
  credentials: GOOGLE_CREDENTIALS,
  inputs,
  prepare: async (given, surroundings) => (await import('./prepare.ts')).prepare(given, surroundings),
  outputFolders: async (given, workspace) => (await import('./output.ts')).outputFolders(given, workspace),
  open: async (reference, surroundings) => (await import('./open.ts')).open(reference, surroundings),
};
