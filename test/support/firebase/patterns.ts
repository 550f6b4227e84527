import picomatch from 'picomatch';
import type { Rule } from './state.ts';

/** What a rule caught of a path: names and numbers to text; undefined when it does not fit. */
export type Caught = Readonly<Record<string, string>> | undefined;

/** Whether a rule is for a path (firebase.google.com/docs/hosting/full-config, "Glob pattern matching"). */
export function matchRule({ glob, regex }: Rule, path: string): Caught {
  if (regex !== undefined) {
    const match = new RegExp(regex.replaceAll('(?P<', '(?<')).exec(path);
    if (match === null) return undefined;
    const numbered = [...match].slice(1).map((text, index) => [String(index + 1), text ?? '']);
    return { ...Object.fromEntries(numbered), ...match.groups };
  }
  const pattern = glob ?? '';
  const rooted = pattern.startsWith('/') || pattern.startsWith('**') ? pattern : `/${pattern}`;
  if (/\/:\w/.test(rooted)) return captured(rooted, path);
  return picomatch(rooted, { dot: true })(path) ? {} : undefined;
}

/** `/blog/:post*`, `/users/:id/old`; the other parts with `*` and `**` only. */
function captured(glob: string, path: string): Caught {
  const source = glob
    .split('/')
    .slice(1)
    .map((segment) => {
      const [, name, star] = /^:(\w+)(\*)?$/.exec(segment) ?? [];
      if (name !== undefined) return star === undefined ? `/(?<${name}>[^/]+)` : `(?:/(?<${name}>.*))?`;
      if (segment === '**') return '(?:/.*)?';
      return `/${segment.replace(/[.+?^$(){}|[\]\\]/g, '\\$&').replaceAll('*', '[^/]*')}`;
    })
    .join('');
  const match = new RegExp(`^${source}$`).exec(path);
  return match === null ? undefined : { ...match.groups };
}

/** Puts what was caught into an address: `/new/:post*`. */
export function filledIn(location: string, caught: Readonly<Record<string, string>>): string {
  return location.replace(/:(\w+)\*?/g, (whole, name: string) => caught[name] ?? whole);
}
