import { folderOf, isWithin, namedList } from './paths.ts';
import { prismaSchemasIn } from './prisma.ts';
import type { RepositoryFiles } from './repository-files.ts';
import type { Decision, Found, NotChecked } from './types.ts';

/** Most paths kept of each kind. */
const MOST = 100;

const LANGUAGES: readonly (readonly [string, RegExp])[] = [
  ['go', /(^|\/)go\.mod$/],
  ['rust', /(^|\/)Cargo\.toml$/],
  ['java', /(^|\/)(pom\.xml|build\.gradle(\.kts)?)$/],
  ['ruby', /(^|\/)Gemfile$/],
  ['php', /(^|\/)composer\.json$/],
  ['.net', /(^|\/)[^/]+\.(csproj|fsproj|sln)$/],
  ['elixir', /(^|\/)mix\.exs$/],
  ['dart', /(^|\/)pubspec\.yaml$/],
  ['deno', /(^|\/)deno\.jsonc?$/],
];

const PYTHON = /(^|\/)(pyproject\.toml|requirements[\w.-]*\.(txt|in)|setup\.py|setup\.cfg|Pipfile)$/;
const DOCKERFILE = /(^|\/)((Dockerfile|Containerfile)([.-][\w.-]+)?|[\w.-]+\.(Dockerfile|dockerfile))$/;
const COMPOSE = /(^|\/)(docker-)?compose([.-][\w.-]+)?\.ya?ml$/;

/**
 * Looks for what other parts of the pipelines work with, in the working directory and in the folders above it: a
 * compose file at the repository's root serves each of its packages, a Dockerfile of another package does not.
 */
export function findOthers(files: RepositoryFiles, workingDirectory: string): Found {
  const paths = files.paths.filter(
    (path) => isWithin(workingDirectory, path) || isWithin(folderOf(path), workingDirectory),
  );
  const like = (pattern: RegExp) => paths.filter((path) => pattern.test(path)).slice(0, MOST);
  const languages = LANGUAGES.map(([language, pattern]) => ({ language, files: like(pattern) }));
  return {
    dockerfiles: like(DOCKERFILE).filter((path) => !path.endsWith('.dockerignore')),
    composeFiles: like(COMPOSE),
    prismaSchemas: prismaSchemasIn(paths).slice(0, MOST),
    firebase: like(/(^|\/)firebase\.json$/),
    vercel: like(/(^|\/)vercel\.json$/),
    playwright: like(/(^|\/)playwright(-ct)?\.config\.[cm]?[jt]s$/),
    python: like(PYTHON),
    other: languages.filter((language) => language.files.length > 0),
  };
}

/** Whether there is a project in another language. */
export function hasOtherLanguage({ python, other }: Found): boolean {
  return python.length > 0 || other.length > 0;
}

export function foundDecisions(found: Found): readonly Decision[] {
  const line = (subject: string, paths: readonly string[], decision = 'found'): readonly Decision[] =>
    paths.length === 0 ? [] : [{ subject, decision, reason: namedList(paths) }];
  return [
    ...line('docker', found.dockerfiles),
    ...line('compose', found.composeFiles),
    ...line('prisma', found.prismaSchemas),
    ...line('firebase', found.firebase),
    ...line('vercel', found.vercel),
    ...line('playwright', found.playwright, 'found, run by `smoke`, not by the checks'),
    ...line('python', found.python, NOT_CHECKED),
    ...found.other.flatMap(({ language, files }) => line(language, files, NOT_CHECKED)),
  ];
}

const NOT_CHECKED = 'found, not checked by this workflow';

export function foundNotChecked(found: Found): readonly NotChecked[] {
  const languages = [...(found.python.length > 0 ? ['python'] : []), ...found.other.map(({ language }) => language)];
  const playwright = { subject: 'playwright', reason: 'found, run by `smoke`, not by the checks' };
  return [
    ...(found.dockerfiles.length > 0
      ? [
          {
            subject: 'image',
            reason: `${namedList(found.dockerfiles)}: found, built where \`registry\` or \`image\` is given`,
          },
        ]
      : []),
    ...(found.prismaSchemas.length > 0
      ? [
          {
            subject: 'migration',
            reason: `${namedList(found.prismaSchemas)}: found, applied where \`migrate\` is given`,
          },
        ]
      : []),
    ...(found.playwright.length > 0 ? [playwright] : []),
    ...languages.map((subject) => ({ subject, reason: NOT_CHECKED })),
  ];
}
