import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { JobIdentity } from '../github/api.ts';
import { idOf } from '../github/objects.ts';
import { allows } from '../permissions.ts';
import { findFiles } from './glob.ts';
import { type StandIn, StepFailure } from './server.ts';

/** GitHub takes so many subjects in one attestation (README of actions/attest-build-provenance). */
const MOST_SUBJECTS = 1_024;

/**
 * actions/attest-build-provenance, as far as files go: says which files it would attest and refuses what GitHub would
 * refuse. Nothing is signed: the keys are GitHub's.
 */
export function attestStandIn(repository: string, identities: ReadonlyMap<string, JobIdentity>): StandIn {
  return async ({ inputs, workspace, token }) => {
    const permissions = identities.get(token)?.permissions ?? {};
    if (!allows(permissions, 'id-token', 'write')) {
      throw new StepFailure('Failed to get ID token: the job does not have the permission `id-token: write`');
    }
    if (!allows(permissions, 'attestations', 'write')) {
      throw new StepFailure('Failed to persist attestation: Resource not accessible by integration');
    }
    const patterns = inputs['subject-path'] ?? '';
    if (patterns === '')
      throw new StepFailure('One of subject-path, subject-digest, or subject-checksums must be provided');
    const { files } = await findFiles(patterns, workspace, true);
    if (files.length === 0) throw new StepFailure(`Could not find subject at path ${patterns}`);
    if (files.length > MOST_SUBJECTS)
      throw new StepFailure(`Too many subjects specified. The maximum is ${MOST_SUBJECTS}.`);
    const lines: string[] = [];
    for (const file of files) {
      lines.push(
        `${basename(file)}@sha256:${createHash('sha256')
          .update(await readFile(file))
          .digest('hex')}`,
      );
    }
    const id = String(idOf(lines.join('\n')));
    const url = `https://github.com/${repository}/attestations/${id}`;
    return {
      lines: [...lines, `Attestation of ${files.length} files`],
      outputs: { 'attestation-id': id, 'attestation-url': url },
    };
  };
}
