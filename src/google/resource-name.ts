import { textOf } from '../runtime/json.ts';

/**
 * Last part of a full name (google.aip.dev/122), `api-00042-kix` of `projects/…/revisions/api-00042-kix`; empty where an
 * answer has none.
 */
export function shortName(name: unknown): string {
  return textOf(name).split('/').at(-1) ?? '';
}
