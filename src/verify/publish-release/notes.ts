import { code, link, type Markdown, markdown, text } from '../../runtime/markdown.ts';
import type { PublishReleaseInputs } from './inputs.ts';

/** What stands above GitHub's own notes: what serves, what verified it, who can look. */
export function notesOf(
  given: PublishReleaseInputs,
  { page, approvals }: { readonly page: string | undefined; readonly approvals: string },
): Markdown {
  const { environment, url, release, digest, verifiedBy, run, reason } = given;
  const lines: readonly (Markdown | undefined)[] = [
    environment === undefined
      ? undefined
      : markdown(`Serves in ${text(environment)}${url === undefined ? '' : `: ${link(url, url)}`}`),
    release === undefined ? undefined : markdown(`Release: ${code(release)}`),
    digest === undefined ? undefined : markdown(`Image: ${code(digest)}`),
    verifiedBy === undefined
      ? undefined
      : markdown(`Verified by ${text(verifiedBy)}${run === undefined ? '' : ` (${link('run', run)})`}`),
    approvals === '' ? undefined : markdown(`Approved: ${text(approvals)}`),
    page === undefined ? undefined : markdown(`Released by ${link('this run', page)}`),
    reason === undefined ? undefined : markdown(`Reason: ${text(reason)}`),
  ];
  return markdown(
    lines
      .filter((line) => line !== undefined)
      .map((line) => `- ${line}`)
      .join('\n'),
  );
}
