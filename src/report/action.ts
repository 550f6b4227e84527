import { defineAction } from '../runtime/action.ts';
import { inputs, outputs } from './inputs.ts';

export const action = defineAction({
  name: 'report',
  description: 'The Definition of Done: one table in the summary and one comment on the pull request.',
  inputs,
  outputs,
  run: async (given, context) => (await import('./run.ts')).run(given, context),
});
