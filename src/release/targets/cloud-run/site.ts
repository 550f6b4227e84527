import type { GoogleClient } from '../../../google/client.ts';
import { type Access, createAccess } from './access.ts';
import type { Place } from './place.ts';
import { readService } from './read.ts';
import type { Service } from './resources.ts';

/** A service as one step sees it. */
export interface Site {
  readonly place: Place;
  readonly client: GoogleClient;
  readonly access: Access;
  /**
   * The service as the platform showed it last: the base of a write that its etag guards. What serves is never answered
   * from it.
   */
  seen: Service | undefined;
}

export function siteOf(place: Place, client: GoogleClient): Site {
  return { place, client, access: createAccess(client, place), seen: undefined };
}

/** Reads the service. @returns undefined when there is none */
export async function look(site: Site): Promise<Service | undefined> {
  site.seen = await readService(site.client, site.place);
  return site.seen;
}
