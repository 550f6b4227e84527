import { ConfigurationError, shown } from '../runtime/errors.ts';

/** What holds for all tags of an image. */
export interface Flavor {
  /** Whether `latest` is put on: `auto` for those of Git tags (not pre-releases) only. */
  readonly latest: 'auto' | boolean;
  readonly prefix: string;
  readonly suffix: string;
  /** Whether prefix and suffix are for `latest` as well. */
  readonly prefixLatest: boolean;
  readonly suffixLatest: boolean;
}

export const PLAIN_FLAVOR: Flavor = {
  latest: 'auto',
  prefix: '',
  suffix: '',
  prefixLatest: false,
  suffixLatest: false,
};

/**
 * Reads `latest=auto`, `prefix=x,onlatest=true`, `suffix=y`, one a line, as docker/metadata-action has them.
 *
 * @throws ConfigurationError PIPE-TAG-002 for a line that is none of them
 */
export function parseFlavor(lines: readonly string[]): Flavor {
  const read = lines.map((text) => text.trim()).filter((line) => line !== '' && !line.startsWith('#'));
  return Object.assign({}, PLAIN_FLAVOR, ...read.map(readLine));
}

function readLine(line: string): Partial<Flavor> {
  const [, name, value = '', onLatest = 'false'] =
    /^(latest|prefix|suffix)=([^,]*)(?:,\s*onlatest=(true|false))?$/.exec(line) ?? [];
  if (name === 'prefix') return { prefix: value.trim(), prefixLatest: onLatest === 'true' };
  if (name === 'suffix') return { suffix: value.trim(), suffixLatest: onLatest === 'true' };
  if (name === 'latest' && value === 'auto') return { latest: 'auto' };
  if (name === 'latest' && (value === 'true' || value === 'false')) return { latest: value === 'true' };
  throw new ConfigurationError({
    code: 'PIPE-TAG-002',
    what: 'a line of `flavor` says nothing that is known',
    given: shown(line),
    accepted: 'latest=auto, latest=true, latest=false, prefix=<text>, suffix=<text>; the last two with ,onlatest=true',
    example: 'suffix=-alpine,onlatest=true',
    state: 'no tag was put on',
  });
}
