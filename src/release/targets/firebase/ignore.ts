import { ConfigurationError } from '../../../runtime/errors.ts';

/** What Firebase's own program never uploads. */
const ALWAYS = ['**/firebase-debug.log', '**/firebase-debug.*.log', '.firebase/*'];

/** Longest pattern that is compiled; a hostile one would otherwise cost time and memory. */
const LONGEST = 1_024;

/** As the `ignore` of the npm package glob sets them: a leading `!` or `#` is part of a name, and `*` matches `.env`. */
const OPTIONS = { dot: true, nonegate: true, nocomment: true, optimizationLevel: 2, platform: 'linux' } as const;

/**
 * `ignore` of firebase.json as Firebase's own program understands it: globs against the path from the folder, with
 * `*` and `**` matching hidden names as well. A pattern that names a folder leaves out nothing in it: that takes `/**`.
 *
 * @returns whether a file is left out; its path is relative, with `/`
 * @throws ConfigurationError PIPE-FIREBASE-002 for a pattern that is too long
 */
export async function ignored(patterns: readonly string[]): Promise<(path: string) => boolean> {
  const { Minimatch } = await import('minimatch');
  const tests = [...ALWAYS, ...patterns].map((pattern) => {
    if (pattern.length <= LONGEST) return new Minimatch(pattern.replace(/^(?:\.\/)+/, ''), OPTIONS);
    throw new ConfigurationError({
      code: 'PIPE-FIREBASE-002',
      what: 'firebase.json has a glob in `ignore` that is too long',
      given: `${pattern.length} characters`,
      accepted: `at most ${LONGEST} characters`,
      example: '"**/node_modules/**"',
      state: 'nothing was sent',
    });
  });
  return (path) => tests.some((test) => test.match(path) || test.match(`${path}/`));
}
