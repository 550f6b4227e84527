import { defineAction } from '../runtime/action.ts';
import { inputs, outputs } from './inputs.ts';

export const action = defineAction({
  name: 'verify',
  description:
    'Finds what was verified of a version or commit before it is released, by what GitHub itself says of its run, and says what the release will change.',
  inputs,
  outputs,
  run: async (given, context) => (await import('./run.ts')).run(given, context),
});
