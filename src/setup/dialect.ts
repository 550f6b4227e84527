import type { ManagerName } from './lockfiles.ts';

/** How a package manager is spoken to: Yarn 1 and Yarn since 2 are two programs with one name. */
export type Dialect = 'npm' | 'pnpm' | 'yarn-classic' | 'yarn' | 'bun';

/** @param version an exact version */
export function dialectOf({ name, version }: { readonly name: ManagerName; readonly version: string }): Dialect {
  return name === 'yarn' && /^[01]\./.test(version) ? 'yarn-classic' : name;
}

/** The program's name on PATH. */
export function programOf(dialect: Dialect): ManagerName {
  return dialect === 'yarn-classic' ? 'yarn' : dialect;
}
