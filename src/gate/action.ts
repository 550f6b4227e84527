import { defineAction } from '../runtime/action.ts';
import { inputs, outputs } from './inputs.ts';

export const action = defineAction({
  name: 'gate',
  description: "Runs a project's own format, lint, typecheck, test and build beside each other and says what is red.",
  branding: { icon: 'check-circle', color: 'green' },
  inputs,
  outputs,
  run: async (given, context) => (await import('./run.ts')).run(given, context),
  post: async (_given, context) => (await import('./run.ts')).post(context),
});
