import type { Environment } from '../runtime/environment.ts';
import { readTextFile } from '../runtime/files.ts';
import { fieldOf, parseJson } from './json.ts';

/** GitHub cuts webhook payloads at 25 MB. */
const LARGEST = 26 * 1024 * 1024;

/** The repository's default branch, from `repository.default_branch` of the event's payload; undefined where it is not there. */
export async function defaultBranch(environment: Environment): Promise<string | undefined> {
  const path = environment['GITHUB_EVENT_PATH'] ?? '';
  const text = path === '' ? undefined : await readTextFile(path, LARGEST);
  const parsed = text === undefined ? { value: undefined } : parseJson(text);
  const name: unknown = 'value' in parsed ? fieldOf(fieldOf(parsed.value, 'repository'), 'default_branch') : undefined;
  return typeof name === 'string' && /^[^\u0000-\u0020~^:?*[\\-][^\u0000-\u0020~^:?*[\\]{0,250}$/.test(name)
    ? name
    : undefined;
}
