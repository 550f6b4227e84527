import type { Environment } from '../runtime/environment.ts';
import type { HttpClient } from '../runtime/http.ts';
import type { Inputs, InputValues } from '../runtime/inputs.ts';
import type { Log } from '../runtime/log.ts';
import type { Secrets } from '../runtime/secrets.ts';
import type { CredentialInput, Credentials } from './credentials.ts';
import type { ReleaseReference } from './reference.ts';

export type { Credentials } from './credentials.ts';

/**
 * What a target is to the lifecycle. A target knows one platform's API and nothing of gates, retries across calls,
 * canary steps, messages or outputs: those are written once, above (lifecycle.ts, promote.ts, rollback.ts). Its
 * functions read the platform's state each time; what they keep of it is the base of a write that the platform refuses
 * when it is out of date, and never an answer.
 */
export interface Target<I extends Inputs = Inputs> {
  /** Scheme of its references, and the end of its action's name: `cloud-run`. */
  readonly scheme: string;
  /** The platform as its users call it: `Cloud Run`. */
  readonly title: string;
  /** What the parts of a reference are, in order: `['project', 'region', 'service', 'revision']`. */
  readonly parts: readonly string[];
  /** Whether traffic can be split between releases: canary steps need it. */
  readonly canSplit: boolean;
  /** Inputs by which it is entered: `GOOGLE_CREDENTIALS` or `VERCEL_CREDENTIALS` of credentials.ts. */
  readonly credentials: readonly CredentialInput[];
  /** Inputs of its deploy action, beside those that every deploy action has. */
  readonly inputs: I;
  /**
   * Checks everything that can be checked before anything is changed (files, names, roles, the image), and says what a
   * deployment would be.
   *
   * @throws PipelineError when it can't be staged; nothing was changed
   */
  prepare(inputs: InputValues<I>, surroundings: Surroundings): Promise<Prepared>;
  /**
   * What an earlier job has to hand over for a deployment, as paths from the workspace's root; left out where nothing is
   * built. Reads the project's configuration only.
   */
  outputFolders?(inputs: InputValues<I>, workspace: string): Promise<readonly string[]>;
  /**
   * The platform at the place of a reference (its last part does not matter).
   *
   * @throws ConfigurationError when the credentials that it needs are not given, or a part can't be one of this platform
   */
  open(reference: ReleaseReference, surroundings: Surroundings): Promise<Platform>;
}

/** What every function of a target gets from outside. */
export interface Surroundings {
  readonly credentials: Credentials;
  readonly http: HttpClient;
  /** The step's own: for tokens of the job, and for what is on the runner. */
  readonly environment: Environment;
  /** Absolute path of the checked-out repository. */
  readonly workspace: string;
  /**
   * Where the build output lies, when an earlier job has built it: an absolute path of a folder in which it has the same
   * relative path as in the workspace (`dist`, `.vercel/output`). Undefined: in the workspace itself.
   */
  readonly built?: string | undefined;
  /** Absolute path of a folder that the runner empties after the job. */
  readonly temp: string;
  readonly log: Log;
  readonly secrets: Pick<Secrets, 'add'>;
  readonly signal: AbortSignal;
  /** Waits between two looks at an operation of the platform; replaced in tests. Default: `waitFor` of runtime/http.ts. */
  readonly wait?: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
}

/** A deployment that was looked at and not begun. */
export interface Prepared {
  /** The place, as a reference whose last part is `new`. */
  readonly place: ReleaseReference;
  readonly platform: Platform;
  /**
   * Hash (hex, 16 to 64 characters) of all that decides what is staged: image or files, and settings. Staging the same
   * commit with the same fingerprint again finds the candidate of the first time.
   */
  readonly fingerprint: string;
  /**
   * A preview (a channel, a preview deployment): it takes no live traffic, whatever `promote` says. Left out: it is none.
   */
  readonly isPreview?: boolean;
  /**
   * Why the runner can't reach the candidate's own address, as a phrase ("ingress is internal"); left out when it can.
   * The lifecycle then refuses before it stages, unless `probe-url` is given or `health` is off.
   */
  readonly hidden?: string;
  /** What was read when it was looked at, where the target has read it anyway: it is not read again before staging. */
  readonly found?: Found;
  /** What will be different, for the log: `memory 512Mi -> 1Gi`. Names, never values of secrets. */
  readonly changes: readonly string[];
  /**
   * Creates the candidate: it takes no live traffic and has an address of its own. Puts commit and fingerprint on it.
   * Where a platform can't have it so (Cloud Run's first revision), the first release takes the traffic at once. Staging
   * what is there already (same commit and fingerprint) returns that one.
   */
  stage(mark: Mark): Promise<Staged>;
}

/** What is there before a deployment. */
export interface Found {
  /** Undefined: there is no place. */
  readonly serving: Serving | undefined;
  /** The newest ones, newest first. */
  readonly releases: readonly Release[];
}

/** A candidate. */
export interface Staged extends Release {
  /** What serves beside it, where the platform has said so; left out: it is read. */
  readonly serving?: Serving;
}

/** What is written on a release, where the platform can hold it (labels, metadata). */
export interface Mark {
  readonly commit: string;
  readonly fingerprint: string;
  /** Name of the last migration that the database has; empty when there is none. */
  readonly lastMigration: string;
  /** Address of the run that makes it. */
  readonly run: string;
}

/** One release, as the platform knows it. */
export interface Release {
  readonly reference: ReleaseReference;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** Whether it could take traffic now. */
  readonly isReady: boolean;
  /** Why it is not ready, as one sentence; empty when it is, or nobody knows. */
  readonly reason: string;
  /** Its own address, without live traffic; empty where it has none. */
  readonly url: string;
  /** What a probe of `url` needs beside it: an identity token, the bypass of deployment protection. Values are secrets. */
  readonly probeHeaders: Readonly<Record<string, string>>;
  /** Empty when something else made the release. */
  readonly mark: Mark;
  /** Traffic was moved away from it because it was bad; it is not promoted again without `force`. */
  readonly isRolledBack: boolean;
  /** When a preview ends by itself, in milliseconds since the epoch; undefined: never, or not a preview. */
  readonly expiresAt?: number | undefined;
}

export interface Share {
  readonly reference: ReleaseReference;
  /** 1 to 100, an integer; all shares together are 100. */
  readonly percent: number;
}

/** What serves now. */
export interface Serving {
  /** Address that users ask. */
  readonly url: string;
  /** What a probe of `url` needs beside it. Values are secrets. */
  readonly probeHeaders: Readonly<Record<string, string>>;
  readonly shares: readonly Share[];
  /** Since when it has been so, in milliseconds since the epoch; undefined when the platform does not say. */
  readonly since: number | undefined;
  /** What had all the traffic before, where it still could have it. */
  readonly previous: ReleaseReference | undefined;
  /** The platform's guard against two writers (an etag, the name of the last release). Compared, never read. */
  readonly guard: string;
}

/** Why traffic moves: written on the platform, so that a later run knows. */
export type Reason = 'promote' | 'roll-back';

/** A place of one platform, whose traffic can be moved. */
export interface Platform {
  /** What serves now: without shares when the place is there and serves nothing; undefined when there is no place. */
  current(): Promise<Serving | undefined>;
  /** Releases that the platform still has, newest first, at most `limit` (default 100). */
  releases(limit?: number): Promise<readonly Release[]>;
  /** One release; undefined when it is gone. */
  release(reference: ReleaseReference): Promise<Release | undefined>;
  /**
   * Moves traffic, and returns what serves afterwards as the platform itself says. With `roll-back` the releases that
   * lose their traffic are marked as rolled back. One write: it happens as a whole or not at all.
   *
   * @param from what was serving when this was decided: the platform refuses when something else moved traffic since
   * @throws TrafficMoved when it did
   * @throws OutsideFault when the answer is not known; the caller reads back what is
   */
  shift(shares: readonly Share[], from: Serving, reason: Reason): Promise<Serving>;
  /**
   * Removes a release that serves nothing, or a preview. A preview with a name is `channel:<name>` as the last part of
   * the reference: `firebase://project/site/channel:pr-12`.
   *
   * @returns false when it was gone already
   */
  remove(reference: ReleaseReference): Promise<boolean>;
  /** Commands of the vendor's own CLI that move all traffic to a release: for the night when this bundle can't run. */
  commandFor(reference: ReleaseReference): string;
  /** What to do when a probe is refused (401, 403) in spite of `probeHeaders`; undefined where those can't be refused. */
  readonly refusedProbe?: string;
  /** Page on which a person sees it: the vendor's console. */
  pageFor(reference: ReleaseReference): string;
}
