import { NOT_FOUND } from '../../github/answers.ts';
import { approvalsOfRun, approvalText } from '../../github/approvals.ts';
import { ask, hasCode } from '../../github/ask.ts';
import { createGitHub, type GitHub } from '../../github/client.ts';
import { runIdentityOf } from '../../github/run.ts';
import type { AnswerOf } from '../../github/types.ts';
import type { ActionContext, ActionResult } from '../../runtime/action.ts';
import { ConfigurationError, OutsideFault, PipelineError, shown } from '../../runtime/errors.ts';
import { commitOfTag } from '../subject.ts';
import type { outputs, PublishReleaseInputs } from './inputs.ts';
import { notesOf } from './notes.ts';

type Published = AnswerOf<'/repos/{owner}/{repo}/releases/tags/{tag}', 'GET'>;

const PERMISSION = 'contents: write';

/**
 * Makes the tag, then the release. In this order: a job's token may not make a release whose tag does not exist and
 * whose commit touches workflow files (GitHub answers 403).
 */
export async function run(given: PublishReleaseInputs, context: ActionContext): Promise<ActionResult<typeof outputs>> {
  const { environment, signal, log } = context;
  const github = createGitHub({ environment, token: given.githubToken ?? '', signal });
  try {
    await makeTag(given, github);
    const { release, isNew } = await makeRelease(given, context, github);
    log.info(`${isNew ? 'published' : 'was there'}: ${release.html_url}`);
    return { outputs: { 'release-url': release.html_url, created: isNew } };
  } catch (error) {
    if (!(error instanceof PipelineError) || signal.aborted) throw error;
    throw stillServing(error, given);
  } finally {
    github.close();
  }
}

/** @throws ConfigurationError PIPE-VERIFY-011 the tag is of another commit */
async function makeTag({ tag, commit }: PublishReleaseInputs, github: GitHub): Promise<void> {
  const refuseOther = (of: string | undefined): boolean => {
    if (of !== undefined && of !== commit) throw otherTag(tag, of, commit);
    return of !== undefined;
  };
  if (refuseOther(await commitOfTag(tag, github))) return;
  try {
    await ask(github, 'POST', '/repos/{owner}/{repo}/git/refs', {
      doing: `make the tag ${shown(tag)}`,
      permission: PERMISSION,
      path: {},
      body: { ref: `refs/tags/${tag}`, sha: commit },
    });
  } catch (error) {
    // A lost answer, or somebody was quicker: what is there decides.
    if (!(error instanceof OutsideFault) || !refuseOther(await commitOfTag(tag, github))) throw error;
  }
}

async function makeRelease(
  given: PublishReleaseInputs,
  { environment, signal }: ActionContext,
  github: GitHub,
): Promise<{ readonly release: Published; readonly isNew: boolean }> {
  const before = await releaseOf(given.tag, github);
  if (before !== undefined) return { release: before, isNew: false };
  const approvals = await approvalsOfRun({ environment, token: given.githubToken ?? '', signal });
  const { page } = runIdentityOf(environment);
  try {
    const release = await ask(github, 'POST', '/repos/{owner}/{repo}/releases', {
      doing: `publish the release ${shown(given.tag)}`,
      permission: PERMISSION,
      path: {},
      body: {
        tag_name: given.tag,
        name: given.tag,
        body: notesOf(given, { page, approvals: typeof approvals === 'string' ? '' : approvalText(approvals) }),
        // What GitHub writes of merged pull requests comes behind.
        generate_release_notes: true,
        // A version with a hyphen is one before the release (semver.org, 9).
        prerelease: /^v?\d+\.\d+\.\d+-/.test(given.tag),
        // The highest version stays the latest one, when an older line is released.
        make_latest: 'legacy',
      },
    });
    return { release, isNew: true };
  } catch (error) {
    const after = error instanceof OutsideFault ? await releaseOf(given.tag, github) : undefined;
    if (after === undefined) throw error;
    return { release: after, isNew: true };
  }
}

async function releaseOf(tag: string, github: GitHub): Promise<Published | undefined> {
  try {
    return await ask(github, 'GET', '/repos/{owner}/{repo}/releases/tags/{tag}', {
      doing: `look for the release ${shown(tag)}`,
      permission: PERMISSION,
      path: { tag },
    });
  } catch (error) {
    if (hasCode(error, NOT_FOUND)) return undefined;
    throw error;
  }
}

function otherTag(tag: string, of: string, commit: string): ConfigurationError {
  return new ConfigurationError({
    code: 'PIPE-VERIFY-011',
    what: `the tag ${shown(tag)} is of the commit ${of.slice(0, 12)}, and ${commit.slice(0, 12)} was released`,
    accepted: 'a tag of the released commit, or a new one',
    remedy: 'take a new version; a tag that others may have is not moved',
  });
}

/** Why the release is not told of, and that it serves all the same: nobody shall take it back for this. */
function stillServing(error: PipelineError, { tag, environment, release, url }: PublishReleaseInputs): PipelineError {
  const where = environment === undefined ? 'What was released' : environment;
  const serving = release ?? url ?? 'the release';
  const fault = {
    code: 'PIPE-VERIFY-012',
    what: `${where} serves ${serving}, and only its tag or GitHub release ${shown(tag)} could not be made: ${error.code}, ${error.faults[0].what}`,
    remedy: 'repair that and run this job again; what is there already is not made twice',
    state: 'the release serves; nothing of it was taken back, and nothing has to be',
  } as const;
  if (!(error instanceof OutsideFault)) return new ConfigurationError(fault, { cause: error });
  return new OutsideFault(fault, error.details, { cause: error });
}
