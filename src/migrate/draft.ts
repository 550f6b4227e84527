import type { Catalogue } from './catalogue.ts';
import type { Statement } from './parser.ts';
import { type Finding, type Lock, RULES, type RuleName, strongest } from './rules.ts';

/** A statement's effect while it is being worked out. */
export interface Draft {
  readonly statement: Statement;
  readonly catalogue: Catalogue;
  /** Says what it does; `location` is the parser's place in the file. */
  readonly find: (rule: RuleName, message: string, location?: number) => void;
  /** Notes what it does to a table, unless that is new and so has no rows and no readers. */
  readonly touch: (table: string, effect: Touch) => void;
  /** Whether a table was created by a new migration. */
  readonly isNew: (table: string) => boolean;
  readonly findings: readonly Finding[];
  readonly state: () => { on: string; lock: Lock | undefined; rewrites: boolean; scans: boolean };
}

export interface Touch {
  readonly lock: Lock;
  readonly rewrites?: boolean;
  readonly scans?: boolean;
}

export function draftOf(statement: Statement, catalogue: Catalogue): Draft {
  const findings: Finding[] = [];
  const touched: (Touch & { readonly table: string })[] = [];
  const isNew = (table: string) => catalogue.tables.get(table)?.isNew === true;
  return {
    statement,
    catalogue,
    isNew,
    findings,
    find: (rule, message, location) => {
      const line = statement.lineAt(location);
      const column = location === undefined || line === statement.line ? statement.column : 1;
      findings.push({ rule, level: RULES[rule].level, message, line, column });
    },
    touch: (table, effect) => {
      if (!isNew(table)) touched.push({ table, ...effect });
    },
    state: () => {
      const lock = strongest(touched.map((touch) => touch.lock));
      return {
        on: touched.find((touch) => touch.lock === lock)?.table ?? '',
        lock,
        rewrites: touched.some(({ rewrites }) => rewrites === true),
        scans: touched.some(({ scans }) => scans === true),
      };
    },
  };
}
