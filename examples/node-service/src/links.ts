import { z } from 'zod';
import { Problem } from './problem.ts';
import type { Call, Route } from './router.ts';

export interface Link {
  slug: string;
  url: string;
  /** ISO 8601, UTC. */
  createdAt: string;
}

const newLink = z.strictObject({
  url: z
    .url({ protocol: /^https?$/, normalize: true, error: 'must be an http or https URL' })
    .max(2048),
  slug: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{1,31}$/, 'must be 2 to 32 of a-z, 0-9 and -, not beginning with -')
    .optional(),
});

/** The routes of the links resource. Links are kept in memory: they are gone with the process. */
export function linkRoutes(newSlug: () => string, now: () => Date): Route[] {
  const links = new Map<string, Link>();

  async function create(call: Call) {
    const parsed = newLink.safeParse(await call.json());
    if (!parsed.success) {
      const faults = parsed.error.issues.map(({ path, message }) => ({
        path: path.join('.'),
        message,
      }));
      throw new Problem(422, 'The link is not valid.', { faults });
    }
    const { url, slug = newSlug() } = parsed.data;
    if (links.has(slug)) throw new Problem(409, `The slug ${slug} is taken.`);
    const link = { slug, url, createdAt: now().toISOString() };
    links.set(slug, link);
    return { status: 201, body: link, headers: { location: `/links/${slug}` } };
  }

  function find({ params: { slug = '' } }: Call): Link {
    const link = links.get(slug);
    if (!link) throw new Problem(404, `There is no link ${slug}.`);
    return link;
  }

  function remove(call: Call) {
    links.delete(find(call).slug);
    return { status: 204 };
  }

  return [
    { method: 'POST', path: '/links', handle: create },
    {
      method: 'GET',
      path: '/links',
      handle: () => ({ status: 200, body: { links: [...links.values()] } }),
    },
    {
      method: 'GET',
      path: '/links/:slug',
      handle: (call) => ({ status: 200, body: find(call) }),
    },
    { method: 'DELETE', path: '/links/:slug', handle: remove },
    {
      method: 'GET',
      path: '/go/:slug',
      handle: (call) => ({ status: 302, headers: { location: find(call).url } }),
    },
  ];
}
