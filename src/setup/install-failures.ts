import {
  ConfigurationError,
  type Fault,
  OutsideFault,
  type PipelineError,
  ProjectFailure,
  shown,
} from '../runtime/errors.ts';
import type { Dialect } from './dialect.ts';
import { failureCode, failureLines } from './failure-output.ts';

/** An install that failed, and the lines of its output that say why. */
export interface InstallFailure {
  readonly error: PipelineError;
  readonly lines: readonly string[];
}

export interface FailedInstall {
  readonly dialect: Dialect;
  /** The command as a person would type it. */
  readonly command: string;
  /** The last part of both streams, in the order of arrival. */
  readonly output: string;
  readonly exitCode: number | null;
  /** Milliseconds. */
  readonly duration: number;
}

/** What an error code of a package manager means here. */
type Meaning = (codes: Readonly<{ code: string; status: number | undefined }>) => boolean;

interface Verdict {
  readonly is: Meaning;
  readonly kind: 'configuration' | 'project' | 'outside';
  readonly fault: Omit<Fault, 'given' | 'state'>;
}

const oneOf = (...codes: readonly string[]): Meaning => {
  return ({ code }) => codes.includes(code);
};

/**
 * Codes: npm's lib/utils/error-message.js, libuv's errors; pnpm.io, "Error Codes"; yarnpkg.com, "Error Codes"; for Yarn 1
 * and bun, which have none, the ones that failure-output.ts gives. The first that fits counts.
 */
const VERDICTS: readonly Verdict[] = [
  {
    is: oneOf(
      'EUSAGE',
      'ERR_PNPM_OUTDATED_LOCKFILE',
      'ERR_PNPM_LOCKFILE_CONFIG_MISMATCH',
      'ERR_PNPM_LOCKFILE_MISSING_DEPENDENCY',
      'YN0028',
    ),
    kind: 'configuration',
    fault: {
      code: 'PIPE-SETUP-030',
      what: 'the lockfile does not agree with package.json',
      accepted: 'a lockfile that was written after the last change of package.json',
      remedy:
        "run the package manager's `install` (`npm install`, `yarn install`, …) in the same version and commit the lockfile",
    },
  },
  {
    is: oneOf(
      'ERR_PNPM_BROKEN_LOCKFILE',
      'ERR_PNPM_LOCKFILE_BREAKING_CHANGE',
      'ERR_PNPM_NO_LOCKFILE',
      'ERR_PNPM_FROZEN_LOCKFILE_WITH_OUTDATED_LOCKFILE',
      'YN0047',
      'EBROKENLOCKFILE',
    ),
    kind: 'configuration',
    fault: {
      code: 'PIPE-SETUP-015',
      what: 'the lockfile can not be used by this version of the package manager',
      accepted: 'a lockfile as this version of the package manager writes it',
      remedy:
        'name the version that wrote it in `packageManager` of package.json, or write the lockfile anew and commit it',
    },
  },
  {
    is: oneOf('EINTEGRITY', 'ERR_PNPM_TARBALL_INTEGRITY', 'ERR_PNPM_LOCKFILE_INTEGRITY', 'YN0018'),
    kind: 'project',
    fault: {
      code: 'PIPE-SETUP-031',
      what: 'a package is not the one that the lockfile names: its hash is another',
      accepted: 'packages with the hashes of the lockfile',
      remedy: 'find out who changed it, the lockfile (look at its last change) or the registry, before anything else',
    },
  },
  {
    is: ({ code, status }) => {
      return /^(?:E40[134]|YN0041)$/.test(code) || (status !== undefined && [401, 403, 404].includes(status));
    },
    kind: 'configuration',
    fault: {
      code: 'PIPE-SETUP-032',
      what: 'the npm registry does not hand out a package',
      accepted: 'packages that are published, and a token that may read the private ones',
      remedy:
        'give `npm-token` (and `npm-registry`, the one registry that it is for), or check what the token may read',
    },
  },
  {
    is: ({ code, status }) => OUTSIDE.has(code) || /^E(429|5\d\d)$/.test(code) || (status ?? 0) >= 429,
    kind: 'outside',
    fault: {
      code: 'PIPE-SETUP-033',
      what: 'the install could not reach the npm registry',
      remedy: 'run the job again; see whether the registry reports an outage',
    },
  },
  {
    is: oneOf(
      'EBADENGINE',
      'EBADDEVENGINES',
      'EBADPLATFORM',
      'ERR_PNPM_UNSUPPORTED_ENGINE',
      'ERR_PNPM_BAD_PM_VERSION',
      'ERR_PNPM_UNSUPPORTED_PLATFORM',
    ),
    kind: 'configuration',
    fault: {
      code: 'PIPE-SETUP-034',
      what: 'the project or a package of it does not accept this Node, package manager or platform',
      accepted: 'versions inside the ranges of `engines` and `devEngines`',
      remedy: 'ask for another Node (.nvmrc, the input `node-version`) or correct the range',
    },
  },
  {
    is: oneOf('ERR_PNPM_IGNORED_BUILDS'),
    kind: 'configuration',
    fault: {
      code: 'PIPE-SETUP-036',
      what: 'pnpm did not run build scripts of packages that nobody has approved',
      accepted: 'packages whose build scripts are allowed or refused by name in pnpm-workspace.yaml',
      remedy: 'run `pnpm approve-builds` and commit what it writes',
    },
  },
];

const OUTSIDE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'ETIMEDOUT',
  'ESOCKETTIMEDOUT',
  'ERR_SOCKET_TIMEOUT',
  'EIDLETIMEOUT',
  'ERR_PNPM_META_FETCH_FAIL',
  'ERR_PNPM_REQUEST_TIMEOUT',
  'ERR_PNPM_TARBALL_FETCH_FAIL',
  'ERR_PNPM_NETWORK_ERROR',
]);

/** Says what a failed install means, by the error code that the package manager printed last. */
export function explainFailure(failed: FailedInstall): InstallFailure {
  const plain = withoutColours(failed.output);
  const codes = failureCode(failed.dialect, plain);
  const lines = failureLines(failed.dialect, plain);
  const verdict = VERDICTS.find(({ is }) => is(codes));
  const state = 'the install did not finish; nothing of it was cached';
  if (verdict === undefined) return { error: otherFailure(failed, lines, codes.code, state), lines };
  const fault: Fault = { ...verdict.fault, given: `${failed.command}: ${shown(firstTelling(lines), 200)}`, state };
  if (verdict.kind === 'configuration') return { error: new ConfigurationError(fault), lines };
  if (verdict.kind === 'project') return { error: new ProjectFailure(fault), lines };
  const service = { service: 'the npm registry', tries: 1, elapsed: failed.duration };
  const details = codes.status === undefined ? service : { ...service, status: codes.status };
  return { error: new OutsideFault(fault, details), lines };
}

function otherFailure(failed: FailedInstall, lines: readonly string[], code: string, state: string): ProjectFailure {
  const ended = failed.exitCode === null ? 'was ended by a signal' : `ended with status ${failed.exitCode}`;
  return new ProjectFailure({
    code: 'PIPE-SETUP-035',
    what: `\`${failed.command}\` ${ended}${code === '' ? '' : ` (${code})`}`,
    given: shown(firstTelling(lines), 200),
    remedy: 'read the group of the install in the log; the same command shows the same failure on your machine',
    state,
  });
}

function firstTelling(lines: readonly string[]): string {
  return lines[0] ?? 'it printed nothing that looks like an error';
}

function withoutColours(text: string): string {
  return text
    .replace(/\u001b\[[0-9;?]*[ -/]*[@-~]/g, '')
    .replace(/\u001b\]8;;[^\u0007\u001b]*(?:\u0007|\u001b\\)/g, '');
}
