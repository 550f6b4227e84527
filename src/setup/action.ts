import { defineAction } from '../runtime/action.ts';
import { inputs, outputs } from './inputs.ts';

export const action = defineAction({
  name: 'setup',
  description:
    'Provides the Node and the package manager that the project asks for, installs its dependencies from the lockfile, and caches the package store.',
  inputs,
  outputs,
  run: async (given, context) => (await import('./run.ts')).run(given, context),
  post: async (_given, context) => (await import('./run.ts')).post(context),
});
