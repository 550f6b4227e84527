import type { GoogleAnswer, GoogleClient } from '../../../google/client.ts';
import { outside, refused } from './faults.ts';
import { type Place, placeName, revisionUrl, serviceUrl } from './place.ts';
import type { Revision, Service } from './resources.ts';

/** @returns undefined when there is no such service */
export async function readService(client: GoogleClient, place: Place): Promise<Service | undefined> {
  const answer = await client.send({ url: serviceUrl(place) });
  if (answer.status === 404) return undefined;
  if (answer.status !== 200) throw refused(client, place, `show ${placeName(place)}`, answer, 'nothing was changed');
  return checked(answer.body, answer) as unknown as Service;
}

function checked(body: Readonly<Record<string, unknown>>, answer: GoogleAnswer): typeof body {
  if (typeof body['name'] === 'string') return body;
  throw outside(
    'Cloud Run gave an answer that is no resource',
    answer,
    'run the job again',
    'nothing was changed by it',
  );
}

/** @returns undefined when there is no such revision */
export async function readRevision(client: GoogleClient, place: Place, name: string): Promise<Revision | undefined> {
  const answer = await client.send({ url: revisionUrl(place, name) });
  if (answer.status === 404) return undefined;
  if (answer.status !== 200) throw refused(client, place, `show the revision ${name}`, answer, 'nothing was changed');
  return checked(answer.body, answer) as unknown as Revision;
}

/** All revisions, newest first. */
export async function listRevisions(client: GoogleClient, place: Place, limit: number): Promise<readonly Revision[]> {
  const found: Revision[] = [];
  let token = '';
  do {
    const page = token === '' ? '' : `&pageToken=${encodeURIComponent(token)}`;
    const answer = await client.send({ url: `${serviceUrl(place)}/revisions?pageSize=${Math.min(limit, 100)}${page}` });
    if (answer.status === 404) return [];
    if (answer.status !== 200)
      throw refused(client, place, `list the revisions of ${place.service}`, answer, 'nothing was changed');
    const { revisions, nextPageToken } = answer.body;
    if (Array.isArray(revisions)) found.push(...(revisions as Revision[]));
    token = typeof nextPageToken === 'string' ? nextPageToken : '';
  } while (token !== '' && found.length < limit);
  const time = ({ createTime = '' }: Revision) => Date.parse(createTime) || 0;
  return found.sort((left, right) => time(right) - time(left)).slice(0, limit);
}
