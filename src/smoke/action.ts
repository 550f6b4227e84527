import { defineAction } from '../runtime/action.ts';
import { inputs, outputs } from './inputs.ts';

export const action = defineAction({
  name: 'smoke',
  description:
    'Runs the project’s Playwright tests against an address, or a built-in test of a page; gates on failures and flakes.',
  inputs,
  outputs,
  run: async (given, context) => (await import('./run.ts')).run(given, context),
  post: async (_given, context) => (await import('./post.ts')).post(context),
});
