import { defineAction } from '../runtime/action.ts';
import { inputs, outputs } from './inputs.ts';

export const action = defineAction({
  name: 'plan',
  description: 'Reads the repository and explains what the pipeline will do and why.',
  inputs,
  outputs,
  run: async (given, context) => (await import('./run.ts')).run(given, context),
});
