import type { Level as AnnotationLevel, Log } from '../runtime/log.ts';
import type { MigrationPlan } from './plan.ts';
import { LEVELS, type Level, RULES } from './rules.ts';

/** GitHub keeps ten annotations of each level a step; one error is the verdict itself. */
const MOST: Readonly<Record<AnnotationLevel, number>> = { error: 9, warning: 10, notice: 0 };

/** Puts the gravest findings on their lines; advice stays in the summary. */
export function annotateFindings(plan: MigrationPlan, log: Log): void {
  const all = plan.migrations.flatMap(({ file, findings, allowance }) => {
    return findings.map((finding) => ({ ...finding, file, isAllowed: allowance !== undefined }));
  });
  const counts: Record<AnnotationLevel, number> = { error: 0, warning: 0, notice: 0 };
  for (const level of LEVELS) {
    for (const finding of all.filter((one) => one.level === level)) {
      const kind = annotationLevel(level, finding.isAllowed);
      if (counts[kind] >= MOST[kind]) continue;
      counts[kind] += 1;
      const { file, line, column, rule, message } = finding;
      log.annotate(kind, `${message}. ${RULES[rule].remedy}`, { file, line, column, title: rule });
    }
  }
}

function annotationLevel(level: Level, isAllowed: boolean): AnnotationLevel {
  if (level === 'advice') return 'notice';
  return (level === 'destructive' || level === 'failing') && !isAllowed ? 'error' : 'warning';
}
