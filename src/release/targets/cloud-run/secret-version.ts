/** References that were resolved to versions: what `secrets` and `app-secrets` come to, by container. */
export interface ResolvedSecrets {
  /** By name of a variable or path of a file; undefined for one that is to go. */
  readonly main: ReadonlyMap<string, SecretVersion | undefined>;
  /** The same for the other containers, by their name. */
  readonly others: ReadonlyMap<string, ReadonlyMap<string, SecretVersion | undefined>>;
}

export interface SecretVersion {
  /** `api-database-url`, or `projects/…/secrets/…` of another project. */
  readonly secret: string;
  readonly version: string;
}
