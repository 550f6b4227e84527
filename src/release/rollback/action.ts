import { defineAction } from '../../runtime/action.ts';
import { inputs, outputs } from './inputs.ts';
import { wantedOf } from './wanted.ts';

export const action = defineAction({
  name: 'rollback',
  description:
    'Moves traffic back to the previous release, or to a named one, in seconds and without a build, and says which migrations the database was given since.',
  inputs,
  outputs,
  run: async (given, context) => {
    wantedOf(given);
    return (await import('./run.ts')).run(given, context);
  },
});
