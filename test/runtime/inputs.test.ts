import { describe, expect, it } from 'vitest';
import { list, record } from '../../src/runtime/collections.ts';
import { ConfigurationError, type Fault } from '../../src/runtime/errors.ts';
import { camelCase, type Inputs, readInputs } from '../../src/runtime/inputs.ts';
import { boolean, duration, integer, secret, string } from '../../src/runtime/kinds.ts';
import { createSecrets } from '../../src/runtime/secrets.ts';

const inputs = {
  timeout: { kind: duration({ example: '10m' }), description: 'd', default: '5m' },
  'fail-fast': { kind: boolean(), description: 'd', default: 'true' },
  concurrency: { kind: integer({ min: 1, max: 64, example: 4 }), description: 'd' },
  service: { kind: string({ example: 'api' }), description: 'd', required: true },
  tasks: { kind: list(string({ example: 'lint' }), { example: 'lint\ntest' }), description: 'd' },
  token: { kind: secret({ example: 'a token' }), description: 'd' },
  'app-secrets': { kind: record(secret({ example: 'x' }), { example: 'KEY: value' }), description: 'd' },
} as const satisfies Inputs;

/** Reads a call given as a workflow would give it. */
async function read(given: Readonly<Record<string, string>>) {
  const environment = Object.fromEntries(
    Object.entries(given).map(([name, text]) => [`INPUT_${name.toUpperCase()}`, text]),
  );
  const masked: string[] = [];
  const secrets = createSecrets((form) => masked.push(form));
  try {
    return { values: await readInputs(inputs, environment, { workspace: '/' }, secrets, 'deploy'), masked, faults: [] };
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return { faults: [...error.faults] as readonly Fault[], message: error.message, masked };
  }
}

describe('inputs', () => {
  it('are read from the names that the runner gives them', async () => {
    const { values } = await read({ 'fail-fast': 'false', service: '  api\n', concurrency: '8', tasks: 'lint\ntest' });
    expect(values).toEqual({
      timeout: 300_000,
      failFast: false,
      concurrency: 8,
      service: 'api',
      tasks: ['lint', 'test'],
      token: undefined,
      appSecrets: undefined,
    });
  });

  it('are reported all together, each with the accepted form and an example', async () => {
    const { faults } = await read({ timeout: 'soon', 'fail-fast': 'yes', concurrency: '0' });
    expect(faults.map(({ code, what }) => `${code} ${what}`)).toEqual([
      'PIPE-INPUT-001 the input `timeout` is not acceptable',
      'PIPE-INPUT-001 the input `fail-fast` is not acceptable',
      'PIPE-INPUT-001 the input `concurrency` is not acceptable',
      'PIPE-INPUT-002 the input `service` is required',
    ]);
    for (const fault of faults)
      expect(fault).toMatchObject({
        given: expect.stringMatching(/./),
        accepted: expect.stringMatching(/./),
        example: expect.stringMatching(/`.+: .+`/),
      });
    expect(faults[0]).toMatchObject({
      given: '"soon"',
      accepted: expect.stringMatching(/duration/),
      example: '`timeout: 10m`',
    });
  });

  it('show an example of several lines as YAML does', async () => {
    const { faults } = await read({ service: 'a', tasks: '[a' });
    expect(faults[0]?.example).toBe('tasks: |\n  lint\n  test');
  });

  it('of more than 64 KiB are refused by their length', async () => {
    const { faults } = await read({ service: 'x'.repeat(120_000), 'app-secrets': 's'.repeat(120_000) });
    expect(faults).toMatchObject([{ given: '120000 characters' }, { given: '120000 characters' }]);
  });

  it('with thousands of wrong values report the first ten and count the others', async () => {
    const { faults } = await read({ service: 'a', tasks: `- ${'[x]\n- '.repeat(500)}a` });
    expect(faults).toHaveLength(11);
    expect(faults.at(-1)?.what).toBe('the input `tasks` holds 490 more values that are not acceptable');
  });
});

describe('settings', () => {
  it('give values that an explicit input overrides and a default does not', async () => {
    const settings = 'timeout: 10m\nfail-fast: false\nservice: a\ntasks: [x, y]\nconcurrency: 3';
    const { values } = await read({ settings, service: 'b', timeout: '1m' });
    expect(values).toMatchObject({ timeout: 60_000, failFast: false, service: 'b', tasks: ['x', 'y'], concurrency: 3 });
  });

  it('leave the default where a key has no value', async () => {
    expect((await read({ settings: 'timeout:\nservice: a' })).values).toMatchObject({ timeout: 300_000 });
  });

  it('are checked like inputs', async () => {
    const { faults } = await read({ settings: 'timeout: soon\nservice: [a]\ntasks: [a, [b]]' });
    expect(faults).toMatchObject([
      { code: 'PIPE-INPUT-001', what: expect.stringMatching(/`timeout`/) },
      { code: 'PIPE-INPUT-001', what: expect.stringMatching(/`service`/) },
      { code: 'PIPE-INPUT-001', what: expect.stringMatching(/`tasks` .* at `\[1\]`$/) },
    ]);
  });

  it('are called by the names under which callers write them, and an example is one of the place', async () => {
    const { faults } = await read({ settings: 'tasks: [lint, [x]]\ntimeout: soon', service: 'a' });
    expect(faults.map(({ what }) => what)).toEqual([
      '`timeout` in `settings` (`deploy` of a workflow) is not acceptable',
      '`tasks` in `settings` (`deploy` of a workflow) is not acceptable at `[1]`',
    ]);
    expect(faults[1]?.example).not.toContain('tasks:');
    expect((await read({ settings: '[a]', service: 'a' })).faults[0]?.what).toBe(
      '`settings` (`deploy` of a workflow) is not acceptable',
    );
    const explicit = await read({ timeout: 'soon', service: 'a', settings: 'timeout: 5m' });
    expect(explicit.faults[0]?.what).toBe('the input `timeout` is not acceptable');
    const map = await read({ 'app-secrets': 'A: {b: c}', service: 'a' });
    expect(map.faults[0]?.example).toBe('`x`');
  });

  it('with an unknown key name the nearest known one', async () => {
    const { faults } = await read({ settings: 'timeuot: 5m', service: 'a' });
    expect(faults).toMatchObject([
      { code: 'PIPE-INPUT-004', given: '"timeuot"', accepted: expect.stringMatching(/^`timeout` \(nearest\)/) },
    ]);
  });

  it.each(['__proto__: {timeout: 1m}', 'constructor: a', 'settings: {timeout: 1m}', 'TIMEOUT: 5m', 'failFast: true'])(
    'refuse the key of %s',
    async (settings) => {
      const { faults } = await read({ settings, service: 'a' });
      expect(faults).toMatchObject([{ code: 'PIPE-INPUT-004' }]);
      expect({}).not.toHaveProperty('timeout');
    },
  );

  it('with a credential are refused without showing it, and it is masked', async () => {
    const { faults, message, masked } = await read({ settings: 'token: hunter2-hunter2', service: 'a' });
    expect(faults).toMatchObject([
      {
        code: 'PIPE-INPUT-005',
        what: expect.stringMatching(/`token`/),
        accepted: expect.stringMatching(/as a secret/),
      },
    ]);
    expect(message).not.toContain('hunter2');
    expect(masked).toContain('hunter2-hunter2');
    const settings = 'app-secrets: {A: [hunter2-refused]}';
    expect((await read({ settings, service: 'a' })).masked).toContain('hunter2-refused');
  });

  it.each([
    ['token: [hunter2', 'line 1, column 16'],
    ['token hunter2', 'it is not a map'],
    ['- token: hunter2', 'it is not a map'],
    ['token: *hunter2', 'it uses YAML aliases'],
    [`token: hunter2${'x'.repeat(70_000)}`, 'at most 65536'],
  ])('that can not be read are refused without showing a word of them: %#', async (settings, reason) => {
    const { faults, message } = await read({ settings });
    // And no fault for what is missing: it may well be in there.
    expect(faults).toMatchObject([{ code: 'PIPE-INPUT-003' }]);
    expect(faults[0]?.given).toContain(reason);
    expect(message).not.toContain('hunter2');
  });
});

describe('secret inputs', () => {
  it('are masked before anything can fail, also the leaves of a map', async () => {
    const { masked, faults } = await read({
      token: 'hunter2-token',
      'app-secrets': 'A: "hunter2\\tleaf"',
      timeout: 'soon',
    });
    expect(faults.length).toBeGreaterThan(0);
    expect(masked).toContain('hunter2-token');
    expect(masked).toContain('hunter2\tleaf');
  });

  it('are masked as they are when they can not be read', async () => {
    expect((await read({ 'app-secrets': 'A: [hunter2-secret' })).masked).toContain('A: [hunter2-secret');
  });

  it.each([
    'hunter2-secret',
    'A: [hunter2-secret',
    'hunter2-secret:',
    'A: {b: hunter2-secret}',
    '- hunter2-secret',
    'A: *hunter2-secret',
  ])('never show in a message, also when malformed: %s', async (given) => {
    const { message } = await read({ 'app-secrets': given, service: 'a' });
    expect(message).toContain('`app-secrets`');
    expect(message).not.toContain('hunter2');
  });
});

it.each([
  ['working-directory', 'workingDirectory'],
  ['a', 'a'],
  ['a-b-c', 'aBC'],
  ['sha-256-sum', 'sha256Sum'],
])('the input %s is the field %s', (name, field) => {
  expect(camelCase(name)).toBe(field);
});
