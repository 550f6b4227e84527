import { defineAction } from '../../runtime/action.ts';
import { inputs, outputs } from './inputs.ts';

export const action = defineAction({
  name: 'delete-preview',
  description: 'Removes a preview: a Hosting channel or a preview deployment. One that is gone already is no failure.',
  inputs,
  outputs,
  run: async (given, context) => (await import('./run.ts')).run(given, context),
});
