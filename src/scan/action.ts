import { defineAction } from '../runtime/action.ts';
import { inputs, outputs } from './inputs.ts';

export const action = defineAction({
  name: 'scan',
  description:
    'Scans images and folders with Trivy once; from that come the gate, the table, SARIF, the bill of materials and the baseline.',
  inputs,
  outputs,
  run: async (given, context) => (await import('./run.ts')).run(given, context),
  post: async (_given, context) => (await import('./run.ts')).post(context),
});
