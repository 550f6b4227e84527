import { expect, it } from 'vitest';
import { signRequest } from '../../src/aws/signature.ts';

/** The requests of AWS's own test suite for signatures (aws-sig-v4-test-suite), and the example of its guide. */
const CREDENTIALS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };
const PLACE = 'https://example.amazonaws.com/';
const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' };
const SESSION =
  'AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUuwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA==';

const sign = (
  method: string,
  url: string,
  options: { headers?: Record<string, string>; body?: string; service?: string; session?: string },
) =>
  signRequest({
    method,
    url,
    headers: options.headers ?? {},
    body: options.body ?? '',
    region: 'us-east-1',
    service: options.service ?? 'service',
    credentials: { ...CREDENTIALS, sessionToken: options.session },
    date: new Date('2015-08-30T12:36:00Z'),
  });

it.each([
  ['get-vanilla', 'GET', PLACE, {}, '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'],
  ['post-vanilla', 'POST', PLACE, {}, '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b'],
  [
    'get-vanilla-query-order-key-case',
    'GET',
    `${PLACE}?Param2=value2&Param1=value1`,
    {},
    'b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500',
  ],
  [
    'get-header-key-duplicate',
    'GET',
    PLACE,
    { headers: { 'My-Header1': 'value2,value2,value1' } },
    'c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea',
  ],
  [
    'post-x-www-form-urlencoded',
    'POST',
    PLACE,
    { headers: FORM, body: 'Param1=value1' },
    'ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a',
  ],
  [
    'post-sts-header-before',
    'POST',
    PLACE,
    { session: SESSION },
    '85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead',
  ],
  [
    "the guide's ListUsers",
    'GET',
    'https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08',
    { service: 'iam', headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' } },
    '5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7',
  ],
])('signs %s as AWS does', (_, method, url, options, signature) => {
  expect(sign(method, url, options)['authorization']).toContain(`Signature=${signature}`);
});

it('keeps the secret to itself', () => {
  const headers = JSON.stringify(sign('GET', PLACE, { session: 'the-session' }));
  expect(headers).not.toContain(CREDENTIALS.secretAccessKey);
  expect(JSON.parse(headers)).toMatchObject({
    'x-amz-security-token': 'the-session',
    'x-amz-date': '20150830T123600Z',
  });
});
