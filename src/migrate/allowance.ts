import { ConfigurationError, nearest, shown } from '../runtime/errors.ts';

/** Why a migration may destroy data; undefined when nobody said that it may. */
export type Allowance = { readonly by: 'input' } | { readonly by: 'file'; readonly reason: string } | undefined;

/** The comment by which a migration says itself that it may; it needs a reason. */
const COMMENT = /^[ \t]*--[ \t]*pipelines:allow-destructive(?:[ \t]+(\S.*?))?[ \t]*$/m;

export function allowanceOf(name: string, sql: string, named: readonly string[]): Allowance {
  if (named.includes(name)) return { by: 'input' };
  const reason = COMMENT.exec(sql)?.[1];
  return reason === undefined ? undefined : { by: 'file', reason };
}

/** Whether the file has the comment without a reason, which counts for nothing. */
export function lacksReason(sql: string): boolean {
  const match = COMMENT.exec(sql);
  return match !== null && match[1] === undefined;
}

/**
 * Refuses names that no migration has: a mistyped name would allow nothing, or something else later.
 *
 * @throws ConfigurationError PIPE-MIGRATE-004
 */
export function checkNamed(named: readonly string[], names: readonly string[]): void {
  const faults = named
    .filter((name) => !names.includes(name))
    .map((name) => {
      const meant = nearest(name, names);
      return {
        code: 'PIPE-MIGRATE-004' as const,
        what: '`allow-destructive` names a migration that there is not',
        given: shown(name),
        accepted:
          meant === undefined ? 'the folder name of a migration' : `\`${meant}\` (nearest), or another migration`,
        state: 'nothing was run',
      };
    });
  if (faults.length > 0) throw new ConfigurationError(faults);
}
