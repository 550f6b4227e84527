import { mkdir, realpath, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { either, list, record, shape } from '../../src/runtime/collections.ts';
import { ConfigurationError } from '../../src/runtime/errors.ts';
import { contains } from '../../src/runtime/files.ts';
import { type Inputs, readInputs } from '../../src/runtime/inputs.ts';
import {
  boolean,
  duration,
  enumeration,
  integer,
  percentage,
  secret,
  string,
  workspacePath,
} from '../../src/runtime/kinds.ts';
import { createSecrets } from '../../src/runtime/secrets.ts';
import { parseYaml } from '../../src/runtime/yaml.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { type Random, seeded } from './random.ts';

const CREDENTIAL = 'hunter2-hunter2';

const word = string({ example: 'x' });
const inputs = {
  word: { kind: word, description: 'd' },
  flag: { kind: boolean(), description: 'd', default: 'true' },
  count: { kind: integer({ min: 1, max: 64, example: 4 }), description: 'd', required: true },
  share: { kind: percentage({ example: '80' }), description: 'd' },
  timeout: { kind: duration({ min: 1_000, max: 60_000, example: '5s' }), description: 'd', default: '5s' },
  mode: { kind: enumeration(['a', 'b']), description: 'd', default: 'a' },
  'working-directory': { kind: workspacePath({ example: 'apps/api' }), description: 'd', default: '.' },
  words: { kind: list(word, { example: 'a\nb', max: 20 }), description: 'd' },
  env: { kind: record(word, { example: 'A: b' }), description: 'd' },
  tasks: {
    kind: record(
      either([boolean(), shape({ run: word, needs: list(word, { example: 'a' }) }, { example: 'run: a' })], {
        example: 'false',
      }),
      {
        example: 'lint: false',
      },
    ),
    description: 'd',
  },
  token: { kind: secret({ example: 'x' }), description: 'd' },
  keys: { kind: record(secret({ example: 'x' }), { example: 'A: b', names: /^[A-Z]+$/ }), description: 'd' },
} as const satisfies Inputs;

const WORDS =
  'a lint 4 80% 5s true . .. / ../ out/ in - : [ ] { } , " \' | > ! % @ ` # ? ~ null \\ \\x __proto__ constructor -0 0x10 .nan';
const PHRASES =
  ' _\n_\r\n_\t_: _- _&a _*a_!!str _? _<<: _---\n_$(touch pwned)_`touch pwned`_::set-output name=a::b_##[error]';
const CHARACTERS = '\u0000\u001b\u0085\u2028\u202e\ud800\u{1f600}';
const PIECES = [...WORDS.split(' '), ...PHRASES.split('_'), ...CHARACTERS, '9'.repeat(16), '1e999', '%0A', CREDENTIAL];

function hostileText(random: Random): string {
  const pieces = Array.from({ length: random.integer(12) }, () => random.pick(PIECES));
  const text = pieces.join('');
  const repeats = random.integer(250) === 0 ? random.integer(Math.floor(70_000 / (text.length + 1))) : 1;
  return text.repeat(Math.max(1, repeats));
}

async function workspaceWithLinks(): Promise<string> {
  const workspace = join(await temporaryFolder(), 'workspace');
  await mkdir(join(workspace, 'apps/api'), { recursive: true });
  await symlink('/', join(workspace, 'out'));
  await symlink('apps', join(workspace, 'in'));
  return workspace;
}

it('4,000 random calls give values as declared or coded faults, and nothing of a credential', async () => {
  const workspace = await workspaceWithLinks();
  const random = seeded(20_261_121);
  const seen = { values: 0, refused: 0 };
  for (let call = 0; call < 4_000; call += 1) {
    const chosen = [...Object.keys(inputs), 'settings'].filter(() => random.integer(6) === 0);
    const environment = Object.fromEntries(chosen.map((name) => [`INPUT_${name.toUpperCase()}`, hostileText(random)]));
    if (random.integer(3) > 0) environment['INPUT_COUNT'] = '4';
    try {
      const values = await readInputs(
        inputs,
        environment,
        { workspace },
        createSecrets(() => undefined),
        'deploy',
      );
      seen.values += 1;
      expect(values.count).toSatisfy(
        (count: unknown) => Number.isInteger(count) && Number(count) >= 1 && Number(count) <= 64,
      );
      expect([true, false]).toContain(values.flag);
      expect(values.timeout).toSatisfy((timeout: number) => timeout >= 1_000 && timeout <= 60_000);
      expect(contains(await realpath(workspace), values.workingDirectory)).toBe(true);
      expect(values.word ?? '').not.toMatch(/[\u0000-\u001f]/);
    } catch (error) {
      if (!(error instanceof ConfigurationError))
        throw new Error(`not coded: ${JSON.stringify(environment)}`, { cause: error });
      seen.refused += 1;
      for (const fault of error.faults) {
        expect(fault.code).toMatch(/^PIPE-INPUT-00[1-5]$/);
        const { given = '', what } = fault;
        expect(given.length).toBeLessThan(600);
        expect(`${what}${given}`).not.toMatch(/[\u0000-\u001f\u0085\u2028\u202e]/);
      }
      if (chosen.every((name) => name === 'token' || name === 'keys')) expect(error.message).not.toContain('hunter2');
    }
  }
  // Neither side may be so rare that nothing was tried.
  expect(seen.values).toBeGreaterThan(200);
  expect(seen.refused).toBeGreaterThan(1_000);
});

it('4,000 random texts are YAML values or problems', async () => {
  const random = seeded(7);
  for (let count = 0; count < 4_000; count += 1) {
    const parsed = await parseYaml(hostileText(random));
    expect('value' in parsed || (parsed.problem.length < 1_500 && parsed.place.length < 200)).toBe(true);
  }
});

const SIZE = 262_144;
it.each([
  ['line breaks', '\n'.repeat(SIZE)],
  ['carriage returns', '\r'.repeat(SIZE)],
  ['open brackets', '['.repeat(SIZE)],
  ['nested sequences in a line', '- '.repeat(SIZE / 2)],
  ['nested sequences, one fewer than is looked for', `${'- '.repeat(127)}x\n`.repeat(SIZE / 256)],
  ['nested keys in a line', '? '.repeat(SIZE / 2)],
  ['different keys', Array.from({ length: SIZE / 8 }, (_, index) => `${index.toString(36)}: `).join('\n')],
  ['quotes', '"'.repeat(SIZE)],
  ['digits', '9'.repeat(SIZE)],
  ['aliases of aliases', `a: &a [x]\n${'b: &b [*a, *a]\n'.repeat(SIZE / 16)}`],
])('256 KiB of %s are read in time that grows with the length', { timeout: 15_000 }, async (_, text) => {
  expect(await parseYaml(text)).toBeTypeOf('object');
});
