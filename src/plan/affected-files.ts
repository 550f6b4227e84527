import { posix } from 'node:path';

/**
 * How a file that belongs to no package counts (the table in docs/affected.md is made from these):
 * `everything` for what any package may read, `root` for what only the root's own tasks can see.
 */
export interface OutsideRule {
  readonly name: string;
  readonly counts: 'everything' | 'root';
  /** For people: which files. */
  readonly files: string;
  readonly matches: (path: string) => boolean;
}

/** Texts and pictures for people; no tool builds or tests a package from them. */
const PROSE = /\.(md|mdx|adoc|rst|png|jpe?g|gif|svg|webp)$/i;
const PROSE_NAMES = /^(LICEN[CS]E|NOTICE|AUTHORS|CONTRIBUTORS|CODEOWNERS|CHANGELOG)(\.\w{1,8})?$/i;

/** Folders of editors and of GitHub that no task of a package reads. */
const HOUSEKEEPING = ['.github', '.vscode', '.idea', '.husky', '.devcontainer', '.changeset'];

/** In the order in which they are asked; the first that matches decides. */
export const OUTSIDE_RULES: readonly OutsideRule[] = [
  {
    name: 'the workflow',
    counts: 'everything',
    files: '`.github/workflows/**`, `.github/actions/**`',
    matches: (path) => /^\.github\/(workflows|actions)\//.test(path),
  },
  {
    name: 'housekeeping',
    counts: 'root',
    files: `everything else in ${HOUSEKEEPING.map((folder) => `\`${folder}\``).join(', ')}`,
    matches: (path) => HOUSEKEEPING.includes(path.split('/', 1)[0] ?? ''),
  },
  {
    name: 'texts and pictures',
    counts: 'root',
    files:
      '`*.md`, `*.mdx`, `*.adoc`, `*.rst` and pictures in the root folder and in `docs`; `LICENSE`, `NOTICE`, `AUTHORS`, `CODEOWNERS`, `CHANGELOG` anywhere',
    // Elsewhere a package may read them: contents of a site, icons.
    matches: (path) => (/^(docs\/|[^/]+$)/.test(path) && PROSE.test(path)) || PROSE_NAMES.test(posix.basename(path)),
  },
  {
    name: 'root configuration',
    counts: 'everything',
    files:
      'any other file that lies in no package: `package.json` of the root, `tsconfig.base.json`, `.npmrc`, `scripts/`…',
    matches: () => true,
  },
];

/** How a file that belongs to no package counts. */
export function ruleFor(path: string): OutsideRule {
  const found = OUTSIDE_RULES.find((rule) => rule.matches(path));
  if (found === undefined) throw new TypeError('the last rule matches everything');
  return found;
}
