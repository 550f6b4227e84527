import { describe, expectTypeOf, it } from 'vitest';
import { type ActionContext, defineAction } from '../../src/runtime/action.ts';
import { either, list, record, shape } from '../../src/runtime/collections.ts';
import type { CamelCase, Inputs, InputValues } from '../../src/runtime/inputs.ts';
import {
  boolean,
  duration,
  enumeration,
  integer,
  percentage,
  secret,
  string,
  type ValueOf,
  workspacePath,
} from '../../src/runtime/kinds.ts';

// Checked by the compiler: a wrong type here fails `tsc`, not the run.
describe('types of inputs', () => {
  const text = string({ example: 'x' });

  it('are camelCase fields of the declared names', () => {
    expectTypeOf<CamelCase<'working-directory'>>().toEqualTypeOf<'workingDirectory'>();
    expectTypeOf<CamelCase<'a-b-c'>>().toEqualTypeOf<'aBC'>();
    expectTypeOf<CamelCase<'image'>>().toEqualTypeOf<'image'>();
  });

  it('are values where there is a default or the input is required, else possibly undefined', () => {
    const inputs = {
      'with-default': { kind: boolean(), description: 'd', default: 'true' },
      'is-required': { kind: integer({ min: 0, max: 1, example: 1 }), description: 'd', required: true },
      'is-optional': { kind: percentage({ example: '80' }), description: 'd' },
      'github-token': { kind: secret({ example: 'x' }), description: 'd', expression: '${{ github.token }}' },
    } as const satisfies Inputs;
    expectTypeOf<InputValues<typeof inputs>>().toEqualTypeOf<{
      readonly withDefault: boolean;
      readonly isRequired: number;
      readonly isOptional: number | undefined;
      readonly githubToken: string | undefined;
    }>();
  });

  it('follow the kind', () => {
    const mode = enumeration(['plan', 'apply']);
    const task = shape({ run: text, timeout: duration({ example: '5m' }) }, { example: 'run: x' });
    expectTypeOf<ValueOf<typeof mode>>().toEqualTypeOf<'plan' | 'apply'>();
    const words = list(text, { example: 'x' });
    expectTypeOf<ValueOf<typeof words>>().toEqualTypeOf<readonly string[]>();
    const env = record(text, { example: 'A: b' });
    expectTypeOf<ValueOf<typeof env>>().toEqualTypeOf<ReadonlyMap<string, string>>();
    expectTypeOf<ValueOf<typeof task>>().toEqualTypeOf<{ readonly run?: string; readonly timeout?: number }>();
    const choice = either([boolean(), task], { example: 'false' });
    expectTypeOf<ValueOf<typeof choice>>().toEqualTypeOf<
      boolean | { readonly run?: string; readonly timeout?: number }
    >();
    const path = workspacePath({ example: '.' });
    expectTypeOf<ValueOf<typeof path>>().toEqualTypeOf<string>();
  });

  it('reach run, post and the outputs of an action', () => {
    const action = defineAction({
      name: 'x',
      description: 'd',
      inputs: { 'max-drop': { kind: percentage({ example: '1' }), description: 'd', default: '1' } },
      outputs: {
        passed: { kind: 'boolean', description: 'd' },
        lines: { kind: 'number', description: 'd' },
        plan: { kind: 'json', description: 'd' },
      },
      run: async (inputs, context) => {
        expectTypeOf(inputs).toEqualTypeOf<{ readonly maxDrop: number }>();
        expectTypeOf(context).toEqualTypeOf<ActionContext>();
        return { outputs: { passed: true, lines: undefined, plan: [1] } };
      },
      post: async (inputs) => {
        expectTypeOf(inputs.maxDrop).toBeNumber();
      },
    });
    type Result = Awaited<ReturnType<typeof action.run>>['outputs'];
    expectTypeOf<Result>().toEqualTypeOf<{
      readonly passed: boolean | undefined;
      readonly lines: number | undefined;
      readonly plan: unknown;
    }>();
    defineAction({
      name: 'x',
      description: 'd',
      inputs: {},
      outputs: { passed: { kind: 'boolean', description: 'd' } },
      // @ts-expect-error an output has the type of its kind
      run: async () => ({ outputs: { passed: 'yes' } }),
    });
  });
});
