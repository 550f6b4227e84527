import { posix, relative, sep } from 'node:path';
import type { InputValues } from '../../../runtime/inputs.ts';
import { VERCEL_CREDENTIALS } from '../../credentials.ts';
import type { ReleaseReference } from '../../reference.ts';
import type { Surroundings, Target } from '../../target.ts';
import { inputs } from './inputs.ts';

/** Vercel, by its REST API (vercel.com/docs/rest-api). */
export const target: Target<typeof inputs> = {
  scheme: 'vercel',
  title: 'Vercel',
  parts: ['team', 'project', 'deployment'],
  canSplit: false,
  credentials: VERCEL_CREDENTIALS,
  inputs,
  prepare: async (given: InputValues<typeof inputs>, surroundings: Surroundings) => {
    return (await import('./prepare.ts')).prepare(given, surroundings);
  },
  outputFolders: async (given: InputValues<typeof inputs>, workspace: string) => {
    if (given.prebuilt === 'false') return [];
    const folder = relative(workspace, given.workingDirectory).split(sep).join('/');
    const output = posix.join(folder, '.vercel/output');
    return [given.prebuilt === 'true' ? output : `?${output}`];
  },
  open: async (reference: ReleaseReference, surroundings: Surroundings) => {
    return (await import('./open.ts')).open(reference, surroundings);
  },
};
