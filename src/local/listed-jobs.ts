import type { ActLog } from './act-log.ts';
import { deploymentOf } from './deployments.ts';
import type { ListedJob } from './github/runs.ts';
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
  return planned
    .filter(({ isCall }) => !isCall)
    .flatMap((job): ListedJob[] => {
      const legs = logged.filter(({ planned: of }) => of === job);
      if (legs.length === 0) {
        return [
          { key: job.key, name: job.name, status: 'queued', conclusion: null, startedAt: now, completedAt: null },
        ];
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
      }));
    });
}
