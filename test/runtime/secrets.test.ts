import { describe, expect, it } from 'vitest';
import { createSecrets, leavesOf, maskedForms } from '../../src/runtime/secrets.ts';
import { seeded } from './random.ts';

/** Whether a text that a program printed would be masked where the secret stands in it. */
function covers(secret: string, printed: string): boolean {
  return maskedForms(secret).some((form) => printed.includes(form));
}

const base64 = (text: string) => Buffer.from(text).toString('base64');

describe('a secret is masked', () => {
  it('as given', () => {
    expect(maskedForms('p@ss/w"rd')).toContain('p@ss/w"rd');
  });

  it('from 8 characters on and never below', () => {
    expect(maskedForms('1234567')).toEqual([]);
    expect(maskedForms('12345678')).toContain('12345678');
    expect(maskedForms(' 1234567 ')).not.toContain('1234567');
    expect(maskedForms('{"a": "1234567", "b": "12345678"}')).not.toContain('1234567');
    for (const form of maskedForms('short\nlines\nonly')) expect(form.length).toBeGreaterThanOrEqual(8);
    expect(maskedForms('')).toEqual([]);
  });

  it('line by line', () => {
    const forms = maskedForms('-----BEGIN KEY-----\r\nMIIEpAIBAAKCAQEA\r  indented-line\nshort\n');
    expect(forms).toEqual(expect.arrayContaining(['-----BEGIN KEY-----', 'MIIEpAIBAAKCAQEA', 'indented-line']));
    expect(forms).not.toContain('short');
  });

  it('keeps what says whose a Google credential is: a release reference names the project', () => {
    const key = { type: 'service_account', project_id: 'acme-production', private_key: 'key-line-one\nkey-line-two' };
    const forms = maskedForms(JSON.stringify({ ...key, client_email: 'ci@acme-production.iam.gserviceaccount.com' }));
    expect(forms).toEqual(expect.arrayContaining(['key-line-one', 'key-line-two']));
    const reference =
      'cloud-run://acme-production/europe-west1/api/api-00001 ci@acme-production.iam.gserviceaccount.com';
    expect(forms.filter((form) => reference.includes(form))).toEqual([]);
    expect(maskedForms(JSON.stringify({ ...key, type: 'other' }))).toContain('acme-production');
    const inOneLine = maskedForms(Buffer.from(JSON.stringify(key)).toString('base64'));
    expect(inOneLine).toEqual(expect.arrayContaining(['key-line-one', 'key-line-two']));
    expect(inOneLine.filter((form) => reference.includes(form))).toEqual([]);
  });

  it('by each leaf of a JSON one', () => {
    const json = JSON.stringify({
      type: 'my_own_account',
      key: 'line-one-of-key\nline-two-of-key',
      list: [{ deep: 'deep-leaf-value' }],
      pin: 1234567890,
      short: 'abc',
    });
    const forms = maskedForms(json);
    expect(forms).toEqual(
      expect.arrayContaining(['line-one-of-key', 'line-two-of-key', 'deep-leaf-value', '1234567890', 'my_own_account']),
    );
    expect(forms).toContain('line-one-of-key\\nline-two-of-key');
    expect(maskedForms('"a-json-string-\\u0041"')).toContain('a-json-string-A');
  });

  it.each(['p@ss/w+rd=1 2', 'it\'s (a) "test"!*', 'naïve-pässwörd-😀', '<html>&amp;\u2028', 'a\tb\\c\u0001defg'])(
    'as programs print %j',
    (secret) => {
      const html = (json: string) =>
        json.replace(/[<>&\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
      const form = new URLSearchParams({ password: secret }).toString();
      expect(covers(secret, JSON.stringify({ password: secret }))).toBe(true);
      expect(covers(secret, html(JSON.stringify({ password: secret })))).toBe(true);
      expect(covers(secret, `https://h/?password=${encodeURIComponent(secret)}&x=1`)).toBe(true);
      const lower = encodeURIComponent(secret).replace(/%../g, (byte) => byte.toLowerCase());
      expect(covers(secret, `https://h/?password=${lower}`)).toBe(true);
      expect(covers(secret, form)).toBe(true);
      expect(covers(secret, base64(secret))).toBe(true);
      expect(covers(secret, Buffer.from(secret).toString('base64url'))).toBe(true);
    },
  );

  it('in base64 whatever stands before and after it, as in user:password', () => {
    const random = seeded(5);
    const alphabet = 'abcXYZ019-_.~+/=@ä€😀';
    for (let count = 0; count < 3_000; count += 1) {
      const secret = `${random.text(alphabet, 30)}12345678`;
      const before = random.text(alphabet, 9);
      const after = random.text(alphabet, 9);
      const around = Buffer.from(before + secret + after);
      expect(covers(secret, around.toString('base64')), `${before}|${secret}|${after}`).toBe(true);
      expect(covers(secret, around.toString('base64url')), `${before}|${secret}|${after}`).toBe(true);
    }
  });

  it.each(['half\ud800surrogate', '\udc00\ud800abcdefg', '%E0%A4%A', '{"a": 1234', '[[[[[[[[', '\u0000'.repeat(9)])(
    'also when it is as odd as %j',
    (secret) => {
      expect(maskedForms(secret)).toContain(secret);
    },
  );

  it('also when it nests deep', () => {
    const deep = `${'['.repeat(30_000)}"deep-leaf-value"${']'.repeat(30_000)}`;
    expect(maskedForms(deep)).toContain('deep-leaf-value');
  });

  it('longest form first, none twice', () => {
    const forms = maskedForms('abcdefgh\nabcdefgh ij/kl');
    expect(forms.map((form) => form.length)).toEqual(forms.map((form) => form.length).sort((a, b) => b - a));
    expect(new Set(forms).size).toBe(forms.length);
  });
});

describe('the secrets of a run', () => {
  it('are each told to the runner once', () => {
    const told: string[] = [];
    const secrets = createSecrets((form) => told.push(form));
    secrets.add('hunter2-hunter2');
    secrets.add('hunter2-hunter2\n');
    secrets.add('short');
    expect(told.filter((form) => form === 'hunter2-hunter2')).toHaveLength(1);
    expect(new Set(told).size).toBe(told.length);
  });

  it('are found and redacted in every form, also where they overlap', () => {
    const secrets = createSecrets(() => undefined);
    secrets.add('abcdefgh');
    secrets.add('efghijkl');
    secrets.add('12345678');
    secrets.add('aaaaaaaa');
    expect(secrets.redact('x abcdefghijkl y 12345678 12345678z')).toBe('x *** y *** ***z');
    expect(secrets.redact(`x ${'a'.repeat(20)} y`)).toBe('x *** y');
    expect(secrets.redact(base64('user:12345678'))).toMatch(/^dXNlcjox\*\*\*/);
    expect(secrets.isIn('an abcdefgh')).toBe(true);
    expect(secrets.isIn('an abcdefg')).toBe(false);
    expect(secrets.redact('nothing here')).toBe('nothing here');
  });

  it('are the leaves of any structure', () => {
    const structure = new Map<string, unknown>([
      ['a', ['x', { b: 'y\nz' }]],
      ['c', 7],
      ['d', null],
      ['e', true],
    ]);
    expect(leavesOf(structure).sort()).toEqual(['7', 'x', 'x', 'y', 'y\nz', 'z']);
  });
});
