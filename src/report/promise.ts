import type { Decision, NotChecked, Plan } from '../plan/plan.ts';
import { fields, listUpTo, optional, readJson, textUpTo } from './foreign.ts';

/** What the plan promised, as it travels from the job that plans to `report`. */
export interface Promised {
  /** Kinds of tasks that have to have a result: `lint`, `test`… */
  readonly kinds: readonly string[];
  /** Lines of the jobs after the check that have to have a result: `deployment`, `smoke`… */
  readonly delivery: readonly string[];
  readonly notChecked: readonly NotChecked[];
  readonly decisions: readonly Decision[];
  /** Why there is nothing to do at all ("no package is affected"); undefined when there is. */
  readonly nothingToDo: string | undefined;
}

/** What the output holds at most, in bytes: all that `report` reads has to stay under 64 KiB. */
const LIMIT = 8_192;

/**
 * The part of a plan that `report` needs, as the output `plan` of the job that runs the gate. Decisions give way when
 * it gets larger than 8 KiB, then the reasons of what is not checked; kinds never do.
 *
 * `affected`: packages that the changes affect; undefined when the plan is for everything. `delivery`: lines that the
 * jobs after the check have to give.
 */
export function promisedBy(
  plan: Plan,
  { affected, delivery = [] }: { readonly affected?: readonly string[]; readonly delivery?: readonly string[] } = {},
): Promised {
  const notChecked = plan.notChecked.map(({ subject, reason }) => {
    return { subject: subject.slice(0, 200), reason: reason.slice(0, 300) };
  });
  const whole: Promised = {
    kinds: [...new Set(plan.tasks.map(({ kind }) => kind))],
    delivery,
    notChecked: atMost(50, notChecked),
    decisions: plan.decisions.map(({ subject, decision, reason }) => ({
      subject: subject.slice(0, 200),
      decision: decision.slice(0, 300),
      reason: reason.slice(0, 300),
    })),
    nothingToDo: affected?.length === 0 ? 'no package is affected by the changes' : undefined,
  };
  for (const most of [200, 100, 50, 25, 10, 0]) {
    const shorter = { ...whole, decisions: whole.decisions.slice(0, most) };
    if (Buffer.byteLength(JSON.stringify(shorter)) <= LIMIT) return shorter;
  }
  const names = notChecked.map(({ subject }) => ({ subject: subject.slice(0, 40), reason: '' }));
  return { ...whole, notChecked: atMost(20, names), decisions: [] };
}

/** What is not checked is never left out without a word. */
function atMost(limit: number, items: readonly NotChecked[]): readonly NotChecked[] {
  if (items.length <= limit) return items;
  return [
    ...items.slice(0, limit),
    { subject: `${items.length - limit} more`, reason: 'the log of the plan has them' },
  ];
}

const readAll = fields({
  kinds: listUpTo(500, textUpTo(100)),
  delivery: optional(listUpTo(20, textUpTo(40)), []),
  notChecked: optional(listUpTo(200, fields({ subject: textUpTo(500), reason: optional(textUpTo(2_000), '') })), []),
  decisions: optional(
    listUpTo(
      1_000,
      fields({ subject: textUpTo(500), decision: textUpTo(2_000), reason: optional(textUpTo(2_000), '') }),
    ),
    [],
  ),
  nothingToDo: optional(textUpTo(500), undefined),
});

/** Reads the output `plan` of the job that runs the gate. @throws NotAsAgreed */
export function parsePromised(text: string): Promised {
  return readJson(text, 'plan', readAll);
}
