import { loadSemver } from './semver.ts';

/** Which Node somebody asks for. */
export type NodeRequest =
  /** A semver range; an exact version is one, too. */
  | { readonly kind: 'range'; readonly range: string }
  /** A line with long-term support: by code name, or counted back from the newest (0). */
  | { readonly kind: 'lts'; readonly codename: string }
  | { readonly kind: 'lts'; readonly back: number }
  /** The newest release of all. */
  | { readonly kind: 'latest' }
  /** Whatever the runner has on PATH. */
  | { readonly kind: 'runner' };

export const NODE_REQUEST_ACCEPTED =
  'a version (`24.1.0`), a line (`24`), a range (`>=22 <25`), `lts/*`, `lts/krypton`, `latest` or `system`';

/** Longest text read as a version: semver's own limit for one. */
const LONGEST = 256;

/**
 * Reads what version files and fields hold: semver versions and ranges with or without `v`, and the aliases of nvm
 * (github.com/nvm-sh/nvm), asdf and mise.
 *
 * @returns undefined when it is none of these
 */
export async function parseNodeRequest(text: string): Promise<NodeRequest | undefined> {
  const asked = text.trim().toLowerCase();
  if (asked === '' || asked.length > LONGEST) return undefined;
  if (/^(node|latest|current|stable)$/.test(asked)) return { kind: 'latest' };
  if (/^(system|path:system)$/.test(asked)) return { kind: 'runner' };
  const back = /^lts(?:\/\*|\/-(\d{1,2}))?$/.exec(asked);
  if (back !== null) return { kind: 'lts', back: Number(back[1] ?? 0) };
  const codename = /^lts[/-]([a-z]{3,20})$/.exec(asked)?.[1];
  if (codename !== undefined) return { kind: 'lts', codename };
  const { validRange } = await loadSemver();
  const range = validRange(asked.replace(/^(?:latest|prefix):/, ''));
  return range === null ? undefined : { kind: 'range', range: range === '' ? '*' : range };
}

/** Lines that have their code name already (github.com/nodejs/Release, "Release schedule"); newer ones are looked up. */
const CODENAMES: Readonly<Record<string, number>> = {
  argon: 4,
  boron: 6,
  carbon: 8,
  dubnium: 10,
  erbium: 12,
  fermium: 14,
  gallium: 16,
  hydrogen: 18,
  iron: 20,
  jod: 22,
  krypton: 24,
};

/** The range of a line known by its code name. */
export function rangeOfCodename(codename: string): string | undefined {
  const major = Object.hasOwn(CODENAMES, codename) ? CODENAMES[codename] : undefined;
  return major === undefined ? undefined : `${major}.x`;
}
