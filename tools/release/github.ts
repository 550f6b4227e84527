import { NOT_FOUND } from '../../src/github/answers.ts';
import { ask, hasCode } from '../../src/github/ask.ts';
import type { GitHub } from '../../src/github/client.ts';
import { OutsideFault } from '../../src/runtime/errors.ts';

const PERMISSION = 'contents: write';

/** Page of the GitHub release of a tag; undefined where there is none. */
export async function releasePage(github: GitHub, tag: string): Promise<string | undefined> {
  try {
    const { html_url } = await ask(github, 'GET', '/repos/{owner}/{repo}/releases/tags/{tag}', {
      doing: `look for the release ${tag}`,
      permission: 'contents: read',
      path: { tag },
    });
    return html_url;
  } catch (error) {
    if (hasCode(error, NOT_FOUND)) return undefined;
    throw error;
  }
}

/** Publishes the release of a tag that is there; one that is published already stays as it is. @returns its page */
export async function publishRelease(
  github: GitHub,
  { tag, notes, isLatest }: { readonly tag: string; readonly notes: string; readonly isLatest: boolean },
): Promise<{ readonly page: string; readonly isNew: boolean }> {
  const before = await releasePage(github, tag);
  if (before !== undefined) return { page: before, isNew: false };
  try {
    const { html_url } = await ask(github, 'POST', '/repos/{owner}/{repo}/releases', {
      doing: `publish the release ${tag}`,
      permission: PERMISSION,
      path: {},
      body: { tag_name: tag, name: tag, body: notes, make_latest: isLatest ? 'true' : 'false' },
    });
    return { page: html_url, isNew: true };
  } catch (error) {
    // The answer may have been lost after the release was made.
    const after = error instanceof OutsideFault ? await releasePage(github, tag) : undefined;
    if (after === undefined) throw error;
    return { page: after, isNew: true };
  }
}

/** Whether a push of this very commit has passed the tests. @param workflow file name, `ci-test.yml` */
export async function hasPassed(github: GitHub, workflow: string, commit: string): Promise<boolean> {
  const { total_count } = await ask(github, 'GET', '/repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs', {
    doing: `see whether ${workflow} has passed`,
    permission: 'actions: read',
    path: { workflow_id: workflow },
    query: { head_sha: commit, event: 'push', status: 'success', per_page: 1 },
  });
  return total_count > 0;
}
