import { describe, expect, it } from 'vitest';
import { artifactName } from '../../src/github/artifact-name.ts';

describe('the name of the artifact', () => {
  it('carries workflow, folder and service, and tells them apart', () => {
    const name = artifactName('coverage', { workflow: 'node-service', folder: 'apps/api', service: 'api' });
    expect(name).toMatch(/^coverage-node-service-apps-api-api-[0-9a-f]{8}$/);
    const others = [
      { workflow: 'node-service', folder: 'apps-api', service: 'api' },
      { workflow: 'node-service-apps', folder: 'api', service: 'api' },
      { workflow: 'node-service', folder: 'apps/api', service: '' },
    ];
    expect(new Set([name, ...others.map((key) => artifactName('coverage', key))]).size).toBe(4);
    expect(artifactName('coverage', { workflow: 'check', folder: '.', service: '' })).toMatch(
      /^coverage-check-[0-9a-f]{8}$/,
    );
  });

  it('holds only what GitHub takes, however odd the names', () => {
    const odd = '":<>|*?\r\n\\/ größe'.repeat(20);
    const name = artifactName('coverage', { workflow: odd, folder: odd, service: odd });
    expect(name).toMatch(/^[A-Za-z0-9._-]{1,150}$/);
  });
});
