import { type Fault, ProjectFailure, printable } from '../runtime/errors.ts';
import type { MigrationPlan, PlannedMigration } from './plan.ts';
import { type Finding, LEVELS, type Level } from './rules.ts';

/** Findings that one fault names. */
const NAMED = 5;

/** Migrations with faults of their own; the others are counted. */
const MOST_FAULTS = 10;

/** Findings that make a plan red unless the migration is allowed to. */
function graveFindings({ findings }: PlannedMigration): readonly Finding[] {
  return findings.filter(({ level }) => level === 'destructive' || level === 'failing');
}

export function isDestructive({ findings }: PlannedMigration): boolean {
  return findings.some(({ level }) => level === 'destructive');
}

/** Why the plan is red; undefined when it is not. */
export function planFailure(plan: MigrationPlan): ProjectFailure | undefined {
  const grave = plan.migrations
    .filter(({ allowance }) => allowance === undefined)
    .filter((migration) => graveFindings(migration).length > 0)
    .flatMap(graveFaults);
  const isChecked = ({ name }: { readonly name: string }) => !plan.allowed.includes(name);
  const faults = [
    ...grave,
    ...plan.edited.filter(isChecked).map(({ name, file }) => editedFault(name, file)),
    ...plan.removed.filter(isChecked).map(({ name, file }) => removedFault(name, file)),
    ...disagreement(plan),
  ];
  if (faults.length <= MOST_FAULTS) return faults.length === 0 ? undefined : new ProjectFailure(faults);
  const shownFaults = faults.slice(0, MOST_FAULTS - 1);
  const [last] = faults.slice(MOST_FAULTS - 1);
  const more = `and ${faults.length - MOST_FAULTS + 1} more findings of this kind and others, which the summary lists`;
  return new ProjectFailure(last === undefined ? shownFaults : [...shownFaults, { code: last.code, what: more }]);
}

function graveFaults(migration: PlannedMigration): readonly Fault[] {
  const findings = graveFindings(migration);
  const of = (level: Finding['level']) => findings.filter((finding) => finding.level === level);
  const faults: Fault[] = [];
  const without = migration.lacksReason ? '; the comment in the file lacks its reason' : '';
  const allow = `\`-- pipelines:allow-destructive <reason>\` in the file, or \`allow-destructive: ${migration.name}\`${without}`;
  if (of('destructive').length > 0) {
    faults.push({
      code: 'PIPE-MIGRATE-010',
      what: `${migration.name} destroys data: ${listed(of('destructive'), migration)}`,
      accepted: `a migration that says it may: ${allow}`,
      remedy: 'release code that no longer needs it first; then allow it',
      state: 'nothing was applied',
    });
  }
  if (of('failing').length > 0) {
    faults.push({
      code: 'PIPE-MIGRATE-011',
      what: `${migration.name} fails, or can't be judged: ${listed(of('failing'), migration)}`,
      accepted: `SQL that PostgreSQL takes in one transaction on tables with rows; or ${allow}`,
      state: 'nothing was applied',
    });
  }
  return faults;
}

function listed(findings: readonly Finding[], migration: PlannedMigration): string {
  const named = findings.slice(0, NAMED).map((finding) => `${finding.message} (${placeOf(finding, migration)})`);
  const more = findings.length > NAMED ? [`${findings.length - NAMED} more`] : [];
  return [...named, ...more].join('; ');
}

/** Characters of a statement that a message has. */
const SHOWN = 100;

/** The line of a finding and the statement that it is about. */
function placeOf({ line }: Finding, { statements }: PlannedMigration): string {
  const statement = statements.findLast((one) => one.line <= line)?.text ?? '';
  const text = statement.length > SHOWN ? `${statement.slice(0, SHOWN)}…` : statement;
  return `line ${line}${text === '' ? '' : `: ${printable(text)}`}`;
}

/** Characters of the verdicts that `report` shows. */
const LONGEST = 600;

/** Each new migration with the gravest thing to say of it, for one line of a table; undefined without any. */
export function verdicts({ migrations }: MigrationPlan): string | undefined {
  if (migrations.length === 0) return undefined;
  const named = migrations.map(({ name, findings, allowance }) => {
    const level = LEVELS.find((one) => findings.some((finding) => finding.level === one));
    const allowed = allowance !== undefined && (level === 'destructive' || level === 'failing') ? ', allowed' : '';
    return `${name}: ${VERDICTS[level ?? 'advice']}${allowed}`;
  });
  const text = printable(named.join('; '));
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

const VERDICTS: Readonly<Record<Level, string>> = {
  destructive: 'destroys data',
  failing: 'fails or unclear',
  blocking: 'blocks',
  incompatible: 'may break the running release',
  advice: 'harmless',
};

function editedFault(name: string, file: string): Fault {
  return {
    code: 'PIPE-MIGRATE-012',
    what: `${file} is changed, and databases that have applied ${name} keep what it was`,
    accepted: 'migrations that stay as they are once they are on the base',
    remedy: `put the change into a new migration, and this file back (\`git checkout origin/HEAD -- ${file}\`); where no database has it, say \`allow-destructive: ${name}\``,
    state: 'nothing was applied',
  };
}

function removedFault(name: string, file: string): Fault {
  return {
    code: 'PIPE-MIGRATE-013',
    what: `${file} is removed or renamed, and databases that have applied ${name} do not know it`,
    accepted: 'migrations that stay once they are on the base',
    remedy: `put it back; after squashing migrations say \`allow-destructive: ${name}\``,
    state: 'nothing was applied',
  };
}

function disagreement({ differences, schema }: MigrationPlan): readonly Fault[] {
  const certain = differences.filter(({ isCertain }) => isCertain);
  if (certain.length === 0) return [];
  const named = certain.slice(0, NAMED).map(({ message }) => message);
  const more = certain.length > NAMED ? [`${certain.length - NAMED} more`] : [];
  return [
    {
      code: 'PIPE-MIGRATE-014',
      what: `${schema} and the migrations disagree: ${[...named, ...more].join('; ')}`,
      accepted: 'migrations that build what the schema says',
      remedy: 'run `npx prisma migrate dev` and commit the migration that it writes',
      state: 'nothing was applied',
    },
  ];
}
