import { ConfigurationError, nearest, shown } from '../runtime/errors.ts';
import { parseReference, type ReleaseReference } from './reference.ts';
import type { Target } from './target.ts';
import { targets } from './targets.ts';

type Targets = typeof targets;

/**
 * The target of a reference.
 *
 * @throws ConfigurationError PIPE-RELEASE-004 no target of that scheme, or other parts than it has
 */
export async function targetOf(reference: ReleaseReference, among: Targets = targets): Promise<Target> {
  const load = Object.hasOwn(among, reference.scheme) ? among[reference.scheme] : undefined;
  if (load === undefined) {
    const meant = nearest(reference.scheme, Object.keys(among));
    throw new ConfigurationError({
      code: 'PIPE-RELEASE-004',
      what: `no target has the scheme ${shown(reference.scheme)}`,
      accepted: `one of ${Object.keys(among).join(', ')}`,
      ...(meant === undefined ? {} : { example: `${meant}://…` }),
      state: 'nothing was changed',
    });
  }
  const { target } = await load();
  if (reference.parts.length === target.parts.length) return target;
  throw new ConfigurationError({
    code: 'PIPE-RELEASE-004',
    what: `a reference to a release on ${target.title} has ${target.parts.length} parts`,
    given: `${reference.parts.length}: ${shown(reference.parts.join('/'), 200)}`,
    accepted: `${target.scheme}://${target.parts.map((part) => `<${part}>`).join('/')}`,
    state: 'nothing was changed',
  });
}

/**
 * The place of an input `target`, as a reference whose last part is `name`.
 *
 * @throws ConfigurationError PIPE-RELEASE-001
 */
export function placeWith(place: string, name: string): ReleaseReference {
  return parseReference(`${place.trim().replace(/\/+$/, '')}/${name}`);
}
