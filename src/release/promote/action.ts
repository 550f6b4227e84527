import { defineAction } from '../../runtime/action.ts';
import { inputs, outputs } from './inputs.ts';

export const action = defineAction({
  name: 'promote',
  description:
    'Moves traffic to a release, at once or in steps, watches its health, reads back that it is the one that serves, and moves the traffic back when it is not well.',
  inputs,
  outputs,
  run: async (given, context) => (await import('./run.ts')).run(given, context),
});
