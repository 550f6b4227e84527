import { defineAction } from '../runtime/action.ts';
import { inputs, outputs } from './inputs.ts';

export const action = defineAction({
  name: 'coverage',
  description:
    'Reads coverage reports and decides: thresholds in total and by glob, on changed lines, and against the base branch.',
  inputs,
  outputs,
  run: async (given, context) => (await import('./run.ts')).run(given, context),
});
