import { defineAction } from '../runtime/action.ts';
import { inputs, outputs } from './inputs.ts';

export const action = defineAction({
  name: 'migrate',
  description:
    'Says what new migrations (Prisma’s, or numbered files) lock, rewrite and destroy, by PostgreSQL’s own parser, is red when one loses data that nobody agreed to lose, and applies them.',
  inputs,
  outputs,
  run: async (given, context) => (await import('./run.ts')).run(given, context),
});
