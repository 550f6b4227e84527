import { describe, expect, it } from 'vitest';
import { privateLeaves } from '../../src/google/identity.ts';
import { createSecrets } from '../../src/runtime/secrets.ts';
import { addKey, createGoogleCloud } from '../support/google-cloud.ts';

describe('a key', () => {
  it.each([['as it is'], ['in base64']])('has private parts, and names that nobody needs to mask: %s', async (form) => {
    const key = addKey(await createGoogleCloud({ keys: [] }), 'key@acme-production.iam.gserviceaccount.com');
    const json = JSON.stringify(key, undefined, 2);
    const text = form === 'in base64' ? Buffer.from(json).toString('base64') : json;
    const secrets = createSecrets(() => undefined);
    for (const part of privateLeaves(text)) secrets.add(part);
    const [, line = ''] = (key['private_key'] ?? '').split('\n');
    for (const secret of [key['private_key'], JSON.stringify(key['private_key']), line, key['private_key_id'], text]) {
      expect(secrets.isIn(String(secret))).toBe(true);
    }
    for (const name of ['project_id', 'client_email', 'type', 'token_uri', 'client_id']) {
      expect([name, secrets.isIn(`before ${key[name]} after`)]).toEqual([name, false]);
    }
  });

  it('has a part that nobody knows yet masked', () => {
    const parts = privateLeaves(JSON.stringify({ type: 'x', new_field: { deep: ['unknown-secret'] } }));
    expect(parts).toEqual(['unknown-secret']);
    expect(privateLeaves('')).toEqual([]);
    expect(privateLeaves('plain text')).toEqual(['plain text']);
  });
});
