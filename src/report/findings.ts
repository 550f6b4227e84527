import { join } from 'node:path';
import { createGitHub } from '../github/client.ts';
import type { Event } from '../github/event.ts';
import type { RunIdentity } from '../github/run.ts';
import type { ActionContext } from '../runtime/action.ts';
import { ConfigurationError, OutsideFault } from '../runtime/errors.ts';
import { readTextFile } from '../runtime/files.ts';
import { uploadSarif } from '../scan/upload.ts';

/** Largest SARIF file that is read, in bytes: GitHub takes 10 MB of it packed. */
const LARGEST = 128 * 1024 * 1024;

/**
 * Hands what a scan found to code scanning. That it can't changes nothing of the verdict: a notice where the token may
 * not or the file is of no use, a warning where GitHub failed.
 *
 * @param folder absolute folder of the scan's artifact
 */
export async function handOverFindings(
  { folder, event, run, token }: { folder: string; event: Event; run: RunIdentity; token: string },
  { environment, log, secrets, signal }: Pick<ActionContext, 'environment' | 'log' | 'secrets' | 'signal'>,
): Promise<void> {
  const missing = 'The findings were not handed to code scanning';
  const reason = whyNot(event, token);
  if (reason !== undefined) return log.annotate('notice', `${missing}: ${reason}.`);
  const github = createGitHub({ environment, token, signal });
  try {
    const sarif = await readTextFile(join(folder, 'scan.sarif'), LARGEST, folder);
    // Without a scan there is no artifact: the table says so.
    if (sarif === undefined) return;
    const uploaded = await uploadSarif(github, { sarif, sha: run.sha, ref: environment['GITHUB_REF'] ?? '' });
    if (uploaded.kind === 'uploaded') log.info('The findings were handed to code scanning.');
    else log.annotate('notice', secrets.redact(`${missing}: ${uploaded.reason}.`));
  } catch (error) {
    if (!(error instanceof OutsideFault || error instanceof ConfigurationError)) throw error;
    log.annotate('warning', secrets.redact(`${missing}; the verdict does not depend on it. ${error.message}`));
  } finally {
    github.close();
  }
}

function whyNot(event: Event, token: string): string | undefined {
  if (event.kind === 'pull_request' && (event.isFork || event.isDependabot)) {
    return 'GitHub gives runs of forks and of Dependabot a token that only reads';
  }
  return token === '' ? 'the input `github-token` is empty' : undefined;
}
