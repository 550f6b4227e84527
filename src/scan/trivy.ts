import { type Environment, projectEnvironment } from '../runtime/environment.ts';
import { OutsideFault, type PipelineError, shown } from '../runtime/errors.ts';
import { durationText } from '../runtime/kinds.ts';
import { execute } from '../runtime/process.ts';

/** A Trivy that is ready to be started. */
export interface Trivy {
  readonly program: string;
  readonly version: string;
  /** From {@link trivyEnvironment}. */
  readonly environment: Environment;
  /** Absolute path of an empty folder: Trivy takes `trivy.yaml` and `trivy-secret.yaml` from where it starts. */
  readonly cwd: string;
  readonly signal: AbortSignal;
  /** Takes secrets out of a text. */
  readonly redact: (text: string) => string;
}

/** One line of Trivy's log. */
export interface LogLine {
  readonly level: string;
  readonly text: string;
}

export interface Ran {
  readonly log: readonly LogLine[];
  /** Wall time in milliseconds. */
  readonly duration: number;
}

/** What is kept of a log, in bytes. */
const MOST_LOG = 256 * 1024;

/**
 * The environment of Trivy: without the runner's tokens, and without TRIVY_… variables: each is an option, and one that
 * somebody set for another purpose would change what the gate sees.
 */
export function trivyEnvironment(environment: Environment, additions: Environment = {}): Environment {
  const kept = Object.entries(projectEnvironment(environment)).filter(([name]) => !/^TRIVY_/i.test(name));
  return { ...Object.fromEntries(kept), ...additions };
}

/**
 * Runs Trivy. It is never asked to fail because of findings, so any status but 0 is a fault.
 *
 * @param doing completes "Trivy could not …"
 * @param code of the fault
 * @throws OutsideFault with that code; PIPE-SCAN-008 when it took longer than `timeout` milliseconds
 */
export async function runTrivy(
  trivy: Trivy,
  args: readonly string[],
  asked: { readonly doing: string; readonly code: 'PIPE-SCAN-006' | 'PIPE-SCAN-007'; readonly timeout: number },
): Promise<Ran> {
  let output = '';
  const finished = await execute(trivy.program, [...args], {
    cwd: trivy.cwd,
    env: trivy.environment,
    signal: trivy.signal,
    timeout: asked.timeout,
    onOutput: (chunk) => {
      output = (output + chunk.toString('utf8')).slice(-MOST_LOG);
    },
  });
  trivy.signal.throwIfAborted();
  const { exitCode, endedBy, duration, signal } = finished;
  const details = { service: `Trivy ${trivy.version}`, tries: 1, elapsed: duration };
  if (endedBy === 'timeout') {
    throw new OutsideFault(
      {
        code: 'PIPE-SCAN-008',
        what: `Trivy could not ${asked.doing} in time`,
        accepted: `at most ${durationText(asked.timeout)}`,
        example: '`timeout: 30m`',
        remedy: 'give it longer, or leave folders out with `skip-dirs`',
        state: 'nothing is known of the target',
      },
      details,
    );
  }
  if (exitCode === 0) return { log: logLines(trivy.redact(output)), duration };
  throw ended(trivy, output, exitCode ?? signal ?? 'none', asked, details);
}

function ended(
  trivy: Trivy,
  output: string,
  status: number | string,
  { doing, code }: { readonly doing: string; readonly code: 'PIPE-SCAN-006' | 'PIPE-SCAN-007' },
  details: OutsideFault['details'],
): PipelineError {
  const said = lastWords(trivy.redact(output));
  return new OutsideFault(
    {
      code,
      what: `Trivy could not ${doing}: it ended with status ${status}`,
      given: said === '' ? 'it said nothing' : shown(said, 800),
      remedy: remedyFor(said),
      state: 'nothing is known of the target: a fault is not a finding',
    },
    details,
    { cause: new Error(said) },
  );
}

/** What to do, by what Trivy says: its own errors carry those of the registry's client and of the system. */
function remedyFor(said: string): string {
  const known: readonly (readonly [RegExp, string])[] = [
    [/no space left on device/i, 'make room on the disk: the database and the layers are unpacked'],
    [
      /UNAUTHORIZED|DENIED|status code 40[13]|401 Unauthorized|403 Forbidden/i,
      'sign in: `username` and `password`, or the OIDC inputs of this registry',
    ],
    [
      /MANIFEST_UNKNOWN|NAME_UNKNOWN|404 Not Found/i,
      'see whether the image is still there: its digest, and the registry’s clean-up rules',
    ],
    [/TOOMANYREQUESTS|status code 429/i, 'run it again later, or sign in: anonymous pulls are limited'],
    [/context deadline exceeded|timeout/i, 'give it longer (`timeout`), or leave folders out with `skip-dirs`'],
    [
      /connection (refused|reset)|no such host|EOF|TLS handshake|certificate/i,
      'see whether the registry can be reached from this runner, then run it again',
    ],
  ];
  return (
    known.find(([pattern]) => pattern.test(said))?.[1] ?? 'run it again; if it stays, the sentence above is Trivy’s own'
  );
}

/** The errors at the end of a log, without colours and times, on one line. */
export function lastWords(output: string): string {
  const lines = plain(output)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const start = lines.findLastIndex((line) => /\t(FATAL|ERROR)\t/.test(line));
  const last = start === -1 ? lines.slice(-3) : lines.slice(start, start + 8);
  return last
    .map((line) => line.replace(TIMESTAMP, '').replace(/^(FATAL|ERROR)\tFatal error\t/, ''))
    .join(' ')
    .replace(/\s+/g, ' ');
}

const TIMESTAMP = /^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)\s+/;

function logLines(output: string): readonly LogLine[] {
  return plain(output)
    .split('\n')
    .flatMap((line) => {
      const found = /^(DEBUG|INFO|WARN|ERROR|FATAL)\t(.*)$/.exec(line.replace(TIMESTAMP, ''));
      return found === null ? [] : [{ level: found[1] ?? '', text: (found[2] ?? '').replaceAll('\t', ' ').trim() }];
    });
}

function plain(text: string): string {
  return text.replace(/\u001b\[[0-9;?]*[ -/]*[@-~]/g, '').replaceAll('\r', '');
}
