import { type NightTexts, nightLines } from '../release/night.ts';
import { fields, NotAsAgreed, readJson, textUpTo } from './foreign.ts';
import type { Job, Needs } from './needs.ts';

/** One of the five lines that come first when a deployment has failed: its name and its text. */
export type NightLine = readonly [name: string, text: string];

const line = textUpTo(2_000);

const readNight = fields({
  serving: fields({ text: line }),
  happened: fields({ text: line }),
  database: line,
  command: fields({ run: line, vendor: line, text: line }),
  again: fields({ text: line }),
});

/** Jobs that move traffic, the last one first: what it says is the newest. */
const MOVING = ['rollback', 'promote', 'deploy', 'stage'] as const;

/**
 * The five lines of a delivery that failed, as the job that failed last wrote them in its output `night`. Where the job
 * `rollback` has moved the traffic back since, what serves is what it says.
 *
 * @returns nothing when no delivery failed, or none of its jobs came as far as to say something
 */
export function nightLinesOf(needs: Needs): readonly NightLine[] {
  const night = MOVING.flatMap((name) => nightIn(needs.get(name)))[0];
  if (night === undefined) return [];
  const rollback = needs.get('rollback');
  const release = rollback?.result === 'success' ? (rollback.outputs.get('release') ?? '') : '';
  const { run, vendor, text } = night.command;
  const commands = [run, vendor]
    .filter((command) => command !== '')
    .map((command) => `\`${command.replaceAll('`', '')}\``);
  const lines = nightLines(night).map(([name, line]): NightLine => {
    return name === 'what to run' && commands.length > 0 ? [name, `${text}: ${commands.join(' or ')}`] : [name, line];
  });
  if (release === '' || rollback?.outputs.get('moved') !== 'true') return lines;
  const replaced: Readonly<Record<string, string>> = {
    'serving now': `${release} has all the traffic again: the job \`rollback\` moved it back`,
    'what to run': 'nothing has to be moved; repair the cause and push',
  };
  return lines.map(([name, line]) => [name, replaced[name] ?? line]);
}

/** Nothing where the job said nothing, or nothing that can be read: another one may have. */
function nightIn(job: Job | undefined): readonly NightTexts[] {
  const told = job?.outputs.get('night') ?? '';
  if (told === '') return [];
  try {
    return [readJson(told, 'night', readNight)];
  } catch (error) {
    // What was written is in the job's own summary as well.
    if (error instanceof NotAsAgreed) return [];
    throw error;
  }
}
