import { type Action, defineAction } from '../../runtime/action.ts';
import type { Target } from '../target.ts';
import { type DeployInputs, deployInputs, outputs } from './inputs.ts';

/** The deploy action of a target: the one door of all of them. */
export function deployAction(target: Target): Action {
  return defineAction({
    name: `deploy-${target.scheme}`,
    description: `Stages a release on ${target.title} without live traffic, probes it, and moves the traffic to it when it is healthy.`,
    inputs: deployInputs(target),
    outputs,
    run: async (given, context) => {
      // Read by the declarations of deployInputs: the common ones are among them.
      return (await import('./run.ts')).run(target, given as typeof given & DeployInputs, context);
    },
  });
}
