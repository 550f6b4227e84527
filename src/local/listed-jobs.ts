import type { ActLog } from './act-log.ts';
import { deploymentOf } from './deployments.ts';
import type { ListedJob } from './github/runs.ts';
import { isPartOf, neededBy } from './job-order.ts';
import type { PlannedJob } from './plan.ts';

/**
 * Jobs of the run as the API lists them while it goes on: those that act has started, then those to come.
 *
 * @param records folder into which jobs write what they deployed to
 */
export function listedJobs(
  planned: readonly PlannedJob[],
  log: ActLog | undefined,
  now: string,
  records: string,
): readonly ListedJob[] {
  const logged = log?.jobs() ?? [];
  const time = (milliseconds: number) => new Date(milliseconds).toISOString().replace(/\.\d+Z$/, 'Z');
  // act tells nothing of a job that it skips: what a job has waited for has ended, by running or not.
  const ended = new Set(logged.flatMap(({ planned: { id } }) => [...neededBy(id, planned)]));
  return planned
    .filter(({ isCall }) => !isCall)
    .flatMap((job): ListedJob[] => {
      const legs = logged.filter(({ planned: of }) => of === job);
      if (legs.length === 0) {
        const isSkipped = [...ended].some((id) => isPartOf(job.id, id));
        const end = isSkipped
          ? ({ status: 'completed', conclusion: 'skipped', completedAt: now } as const)
          : ({ status: 'queued', conclusion: null, completedAt: null } as const);
        return [{ key: job.id, name: job.name, startedAt: now, ...end, steps: [] }];
      }
      const deployment = deploymentOf(records, job.key);
      return legs.map((leg) => ({
        ...(deployment === undefined ? {} : { deployment }),
        key: leg.id,
        name: leg.name,
        status: leg.endedAt === undefined ? 'in_progress' : 'completed',
        conclusion: leg.conclusion ?? null,
        startedAt: time(leg.startedAt),
        completedAt: leg.endedAt === undefined ? null : time(leg.endedAt),
        steps: leg.steps.map((step) => {
          // Until it ends, a step counts as cut off.
          const hasEnded = leg.endedAt !== undefined || step.conclusion !== 'cancelled';
          return {
            name: step.name,
            conclusion: hasEnded ? step.conclusion : null,
            startedAt: time(step.startedAt),
            completedAt: hasEnded ? time(step.startedAt + step.durationMs) : null,
          };
        }),
      }));
    });
}
