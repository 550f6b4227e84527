/** A comment that is there before the run starts. */
export interface PreparedComment {
  readonly body: string;
  /** Default `github-actions[bot]`, the identity of every job's own token. */
  readonly author?: string;
  /** ISO 8601; default: one hour before the run. */
  readonly createdAt?: string;
}

/** A workflow run that GitHub would know of, answered by `GET …/actions/runs`. */
export interface PreparedRun {
  readonly id: number;
  readonly runNumber: number;
  /** Path of the workflow file, `.github/workflows/ci.yml`. */
  readonly path: string;
  readonly event: string;
  readonly headBranch: string;
  readonly headSha: string;
  readonly status: 'queued' | 'in_progress' | 'completed' | 'waiting';
  readonly conclusion: string | null;
  /** ISO 8601; default: when the run starts. */
  readonly createdAt?: string;
  /** `owner/name` that the change comes from. Default: the repository itself; a fork's pull request has another. */
  readonly headRepository?: string;
  /** Tree of the commit. Default: what the project's repository says, else the commit's own digits. */
  readonly tree?: string;
  readonly jobs?: readonly PreparedJob[];
  readonly artifacts?: readonly PreparedArtifact[];
}

/** A job of a run that has ended, by the name that GitHub shows (`api / promote` for a job of a called workflow). */
export interface PreparedJob {
  readonly name: string;
  readonly conclusion: string | null;
  readonly deployment?: JobDeployment;
}

/** What a job deployed to, by its `environment`. */
export interface JobDeployment {
  readonly environment: string;
  /** `environment.url`; empty where there is none. */
  readonly url: string;
}

/** An environment of the repository. */
export interface PreparedEnvironment {
  readonly name: string;
  /** Logins of those who may approve. Default: nobody has to. */
  readonly reviewers?: readonly string[];
}

/** An artifact of a prepared run. */
export interface PreparedArtifact {
  readonly name: string;
  /** By path in the archive. */
  readonly files: Readonly<Record<string, string | Uint8Array>>;
  /** True: it is listed and cannot be downloaded any more. Default false. */
  readonly isExpired?: boolean;
}
