import { describe, expect, it } from 'vitest';
import { buildValues } from '../../src/plan/build-values.ts';
import { ConfigurationError } from '../../src/runtime/errors.ts';

const PUSH = { event: 'push', ref: 'main' };
const ENVIRONMENTS = '{"main": "staging", "production": "production"}';
const DIFFERENT =
  'API: {preview: https://p.example, staging: https://s.example, production: https://www.example}\nNAME: shop';

describe('values that are baked into a build', () => {
  it('are the same everywhere unless they are given by environment: one build', async () => {
    const inputs = {
      'build-env': 'NAME: shop\nAPI: {preview: a, staging: a, production: a}',
      environments: ENVIRONMENTS,
    };
    const found = await buildValues(inputs, PUSH);
    expect(found).toMatchObject({ values: { NAME: 'shop', API: 'a' }, builtFor: '' });
    expect(found.told).toMatch(/^once: no value of build-env differs/);
  });

  it.each([
    [PUSH, 'staging', 'https://s.example'],
    [{ event: 'push', ref: 'production' }, 'production', 'https://www.example'],
    [{ event: 'push', ref: 'feature' }, 'preview', 'https://p.example'],
    [{ event: 'push', ref: 'constructor' }, 'preview', 'https://p.example'],
    [{ event: 'pull_request', ref: '7/merge' }, 'preview', 'https://p.example'],
  ])('that differ are those of the environment of %o', async (trigger, environment, address) => {
    const found = await buildValues({ 'build-env': DIFFERENT, environments: ENVIRONMENTS }, trigger);
    expect(found).toMatchObject({ values: { API: address, NAME: 'shop' }, builtFor: environment });
    expect(found.decision).toEqual({
      subject: 'one build',
      decision: `for ${environment} alone`,
      reason: 'API differs between environments: each has a build of its own',
    });
  });

  it('follow `environment`, and are none where nothing is given', async () => {
    const inputs = { 'build-env': DIFFERENT, environment: 'production' };
    expect((await buildValues(inputs, PUSH)).builtFor).toBe('production');
    expect(await buildValues({}, PUSH)).toEqual({ values: {}, builtFor: '', told: '', decision: undefined });
  });

  it.each([
    ['API: {production: a}', /has no value of API for staging/],
    ['[API]', /can not be used/],
    ['GITHUB_TOKEN: a', /can not be used at `GITHUB_TOKEN`/],
    ['API: [a]', /can not be used at `API`/],
  ])('are refused before anything runs: %s', async (text, said) => {
    const found = await buildValues({ 'build-env': text, environments: ENVIRONMENTS }, PUSH).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(found).toBeInstanceOf(ConfigurationError);
    expect((found as ConfigurationError).faults[0]).toMatchObject({
      code: 'PIPE-PLAN-026',
      what: expect.stringMatching(said),
    });
  });
});
