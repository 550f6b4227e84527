import { OutsideFault, type PipelineError, ProjectFailure, printable, shown } from '../runtime/errors.ts';
import type { BuildTrouble } from './progress.ts';

/** Words of a step that ran and said no, and of a Dockerfile that can't be built: trying again changes nothing. */
const OWN =
  /did not complete successfully|dockerfile parse error|unknown instruction|target stage|could not be found|failed to (compute|calculate) (cache key|checksum).*not found|secret [^ ]+: not found|unknown flag|circular dependency|no such file or directory|invalid (argument|reference|field)|base name .* should not be blank/i;

/** Words of a registry that refuses the credential, or the lack of one. */
const DENIED =
  /401 Unauthorized|403 Forbidden|unauthorized|denied|insufficient_scope|authentication required|authorization failed/i;

/** Words of a network, or of a service that has a bad day. */
const NETWORK =
  /unexpected status|5\d\d |429|Too Many Requests|connection (reset|refused)|broken pipe|unexpected EOF|: EOF|timeout|timed out|no such host|TLS handshake|i\/o|failed to (do request|fetch|copy|load cache key|configure [\w-]+ cache)|content digest|deadline exceeded|short read|transport|unavailable/i;

export type FailureOf = 'project' | 'denied' | 'network' | 'other';

/** Whose fault a failed build is. */
export function failureOf({ message, step }: Pick<BuildTrouble, 'message' | 'step'>): FailureOf {
  if (OWN.test(message)) return 'project';
  if (DENIED.test(message)) return 'denied';
  if (NETWORK.test(message)) return 'network';
  // A base image that is not there; a push has no step.
  return step !== undefined || /not found/.test(message) ? 'project' : 'other';
}

/** Where a fault is in the Dockerfile, as `apps/api/Dockerfile:4`. */
export function placeOf(file: string | undefined, { line }: Pick<BuildTrouble, 'line'>): string | undefined {
  if (file === undefined) return undefined;
  return line === undefined ? file : `${file}:${line}`;
}

/**
 * A failed build as an error: PIPE-IMAGE-010 the Dockerfile's own, PIPE-IMAGE-011 a registry that refuses,
 * PIPE-IMAGE-012 all that lies outside.
 *
 * @param file path of the Dockerfile from the repository
 */
export function buildError(
  image: string,
  file: string | undefined,
  trouble: BuildTrouble,
  { tries, elapsed }: { readonly tries: number; readonly elapsed: number },
): PipelineError {
  const kind = failureOf(trouble);
  const place = placeOf(file, trouble);
  const reason = reasonOf(trouble);
  if (kind === 'project') {
    return new ProjectFailure({
      code: 'PIPE-IMAGE-010',
      what: `the image ${shown(image)} could not be built: ${place === undefined ? '' : `${place}: `}${reason}`,
      remedy: 'the lines that the step printed last are in its group in the log, and in the summary',
      state: 'nothing of this image was pushed',
    });
  }
  if (kind === 'denied') {
    return new OutsideFault(
      {
        code: 'PIPE-IMAGE-011',
        what: `a registry refuses the image ${shown(image)}: ${reason}`,
        remedy:
          'check that the job may write there (`packages: write` for ghcr.io, a role with write access elsewhere), that the repository exists where registries want that, and that base images are readable',
        state: 'no tag was put on anything',
      },
      { service: 'registry', tries, elapsed },
    );
  }
  return new OutsideFault(
    {
      code: 'PIPE-IMAGE-012',
      what: `the image ${shown(image)} could not be built or pushed: ${reason}`,
      remedy: 'run it again; if it stays, the message names the service that does not answer',
      state: 'no tag was put on anything',
    },
    { service: 'BuildKit', tries, elapsed },
  );
}

/** BuildKit's reason without what only BuildKit knows (references of snapshots), short enough for a line. */
function reasonOf({ message, step }: BuildTrouble): string {
  const exit = /^process "(.*)" did not complete successfully: exit code: (\d+)/s.exec(message);
  if (exit !== null) {
    const command = step?.replace(/^\[[^\]]*\] /, '') ?? exit[1] ?? '';
    return `${lineOf(command, 200)} ended with status ${exit[2]}`;
  }
  const plain = message.replace(/failed to (compute cache key|calculate checksum of ref \S+): /g, '');
  return plain === '' ? 'BuildKit gives no reason' : lineOf(plain, 400);
}

function lineOf(text: string, limit: number): string {
  return printable(text.length > limit ? `${text.slice(0, limit)}…` : text);
}
