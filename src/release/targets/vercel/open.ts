import type { ReleaseReference } from '../../reference.ts';
import type { Credentials, Platform, Surroundings } from '../../target.ts';
import { type VercelApi, vercelApi } from './api.ts';
import { noToken } from './faults.ts';
import { ownerOf } from './owner.ts';
import { isOwnerId, placeOf, scopeOf } from './place.ts';
import { platformOf } from './platform.ts';
import { readProject } from './project.ts';

/** The platform at the place of a reference; the names in it may be ids. */
export async function open(reference: ReleaseReference, surroundings: Surroundings): Promise<Platform> {
  const { owner, project } = placeOf(reference);
  const api = apiFor(surroundings).as(scopeOf(owner));
  const isById = isOwnerId(owner) || project.startsWith('prj_');
  const names = isById ? await namesOf(api, owner, project) : { owner, project };
  const probeHeaders = probeHeadersOf(surroundings.credentials);
  return platformOf({ api, place: { owner, project }, names, target: 'production', probeHeaders });
}

async function namesOf(api: VercelApi, owner: string, project: string): Promise<{ owner: string; project: string }> {
  const [found, read] = await Promise.all([ownerOf(api, owner), readProject(api, project, owner)]);
  return { owner: found.name, project: read.name };
}

/** @throws ConfigurationError PIPE-VERCEL-001 when there is no token */
export function apiFor({ http, credentials, signal, wait }: Surroundings): VercelApi {
  const token = credentials.token?.trim() ?? '';
  if (!/^[\u0021-\u007e]+$/.test(token)) throw noToken();
  return vercelApi(http, token, {}, signal, wait);
}

/** Lets probes through deployment protection (vercel.com/docs/deployment-protection, "Protection Bypass for Automation"). */
export function probeHeadersOf({ protectionBypass }: Credentials): Readonly<Record<string, string>> {
  const secret = protectionBypass?.trim() ?? '';
  return secret === '' ? {} : { 'x-vercel-protection-bypass': secret };
}
