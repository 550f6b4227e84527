import { createHash } from 'node:crypto';

/** What tells the record of one call from another in the same run. */
export interface RecordKey {
  /** The pipeline workflow, `node-service`. */
  readonly workflow: string;
  /** Folder from the repository's root, with `/` between its parts. */
  readonly folder: string;
  readonly service: string;
}

/** Longest part of a name; what tells two names apart is their hash. */
const LONGEST = 40;

/**
 * Name of the artifact that carries a record: `coverage-node-service-apps-api-1a2b3c4d`. Only letters, digits, `.`, `_`
 * and `-`, as GitHub takes neither `" : < > | * ? \ /` nor line ends (actions/upload-artifact). The hash is of the three
 * as they are, so that `apps/api` and `apps-api` are two.
 *
 * @param kind what is recorded, `coverage`: the first part of the name
 */
export function artifactName(kind: string, { workflow, folder, service }: RecordKey): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([workflow, folder, service]))
    .digest('hex')
    .slice(0, 8);
  const parts = [workflow, folder === '.' ? '' : folder, service].map(readable).filter((part) => part !== '');
  return [kind, ...parts, hash].join('-');
}

function readable(text: string): string {
  return text
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .slice(0, LONGEST)
    .replace(/^-+|-+$/g, '');
}
