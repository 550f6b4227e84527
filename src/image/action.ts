import { defineAction } from '../runtime/action.ts';
import { inputs, outputs } from './inputs.ts';

export const action = defineAction({
  name: 'image',
  description: 'Builds container images with BuildKit, pushes them by digest, and tags them when they have passed.',
  inputs,
  outputs,
  run: async (given, context) => (await import('./run.ts')).run(given, context),
  post: async (_given, context) => (await import('./post.ts')).post(context),
});
