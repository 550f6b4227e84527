import { textOf } from '../../../runtime/json.ts';
import { mapOf, type VercelApi } from './api.ts';
import { noTeam, refused } from './faults.ts';
import { personalOwner } from './place.ts';

/** Who owns a project: a team, or an account that owns projects itself. */
export interface Owner {
  /** As references name it: the slug of a team, or `user:` and a name. */
  readonly name: string;
}

/**
 * The owner that a caller names: by the slug or id of a team, by the id or name of an account, or not at all (then the
 * token's own team or account).
 *
 * @throws ConfigurationError PIPE-VERCEL-004 there is none of that name
 */
export async function ownerOf(api: VercelApi, given: string): Promise<Owner> {
  if (given !== '' && !given.startsWith('user:')) {
    const { value, refusal } = await readTeam(api, given);
    if (refusal === undefined) return { name: textOf(mapOf(value)['slug']) };
    if (refusal.status !== 404 && refusal.status !== 403)
      throw refused(`read the team ${given}`, refusal, 'nothing was changed');
    if (given.startsWith('team_')) throw noTeam(given);
  }
  const user = await readUser(api);
  const names = ['', user.id, user.username, personalOwner(user.username)];
  if (!names.includes(given)) throw noTeam(given);
  // Newer accounts own nothing themselves: their projects are in a team of one.
  if (user.defaultTeam === '' || given !== '') return { name: personalOwner(user.username) };
  const { value, refusal } = await readTeam(api, user.defaultTeam);
  if (refusal !== undefined) throw noTeam(user.defaultTeam);
  return { name: textOf(mapOf(value)['slug']) };
}

function readTeam(api: VercelApi, name: string): ReturnType<VercelApi['ask']> {
  return api.as({}).ask({ path: `/v2/teams/${encodeURIComponent(name)}` });
}

async function readUser(api: VercelApi): Promise<{ id: string; username: string; defaultTeam: string }> {
  const { value, refusal } = await api.as({}).ask({ path: '/v2/user' });
  if (refusal !== undefined) throw refused('say whose it is', refusal, 'nothing was changed');
  const user = mapOf(mapOf(value)['user']);
  const id = textOf(user['id']) || textOf(user['uid']);
  return { id, username: textOf(user['username']), defaultTeam: textOf(user['defaultTeamId']) };
}
