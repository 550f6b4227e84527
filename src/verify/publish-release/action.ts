import { defineAction } from '../../runtime/action.ts';
import { inputs, outputs } from './inputs.ts';

export const action = defineAction({
  name: 'publish-release',
  description: 'Makes the tag and the GitHub release of what serves already; a failure changes nothing of what serves.',
  inputs,
  outputs,
  run: async (given, context) => (await import('./run.ts')).run(given, context),
});
