import type { Environment } from '../runtime/environment.ts';
import { readTextFile } from '../runtime/files.ts';
import { isMap } from '../runtime/yaml.ts';

/** GitHub cuts webhook payloads at 25 MB. */
const LARGEST = 26 * 1024 * 1024;

/** Whether the run's repository is private, by the payload of its event; one that nobody knows counts as public. */
export async function isPrivate(environment: Environment): Promise<boolean> {
  const path = environment['GITHUB_EVENT_PATH'] ?? '';
  const text = path === '' ? undefined : await readTextFile(path, LARGEST);
  try {
    const event: unknown = text === undefined ? undefined : JSON.parse(text);
    const repository = isMap(event) ? event['repository'] : undefined;
    return isMap(repository) && repository['private'] === true;
  } catch {
    // Not JSON: nothing says that it is private.
    return false;
  }
}
