import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { shown } from '../../src/runtime/errors.ts';
import {
  boolean,
  duration,
  durationText,
  enumeration,
  integer,
  type Kind,
  NOT_SHOWN,
  percentage,
  secret,
  string,
  workspacePath,
} from '../../src/runtime/kinds.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { fromText, fromYaml } from './reading.ts';

/** What a kind reads, with its value, and what it refuses: the same as the text of an input and as a YAML leaf. */
interface Cases {
  readonly kind: Kind<unknown>;
  readonly accepts: readonly (readonly [given: string, value: unknown])[];
  readonly refuses: readonly string[];
}

const kinds: Readonly<Record<string, Cases>> = {
  'a string': {
    kind: string({ example: 'x', limit: 8 }),
    accepts: [
      ['a', 'a'],
      ['$(id)', '$(id)'],
      ['`id`;ls', '`id`;ls'],
      ['20.10', '20.10'],
      ['5e0', '5e0'],
      ['007', '007'],
      ['äö€😀', 'äö€😀'],
      ['12345678', '12345678'],
    ],
    refuses: [
      '123456789',
      'a\nb',
      'a\rb',
      'a\0b',
      'a\u007f',
      'a\u0085',
      'a\u009b',
      'a\u2028b',
      'a\u2029b',
      'a'.repeat(65_536),
    ],
  },
  'a string with a pattern': {
    kind: string({ example: 'abc', pattern: /^[a-z]+$/ }),
    accepts: [['abc', 'abc']],
    refuses: ['aBc', 'a b', 'abc\n', '::set-output name=a::b'],
  },
  'a boolean': {
    kind: boolean(),
    accepts: [
      ['true', true],
      ['True', true],
      ['TRUE', true],
      ['false', false],
      ['False', false],
      ['FALSE', false],
    ],
    refuses: ['yes', 'no', 'on', 'off', '1', '0', 'tRUE', 'true false', 'true\nfalse', '!'],
  },
  'an integer': {
    kind: integer({ min: -2, max: 64, example: 4 }),
    accepts: [
      ['-2', -2],
      ['0', 0],
      ['-0', 0],
      ['64', 64],
      ['007', 7],
    ],
    refuses: ['-3', '65', '1.0', '1.5', '1e1', '0x10', '0o7', '٣', '+4', 'four', '9'.repeat(16), '9'.repeat(60_000)],
  },
  'a percentage': {
    kind: percentage({ example: '80' }),
    accepts: [
      ['0', 0],
      ['100', 100],
      ['100%', 100],
      ['79.5', 79.5],
      ['79.5%', 79.5],
      ['100.0', 100],
    ],
    refuses: ['100.1', '101', '-1', '80%%', '8 0', '.5', '80.', '1e2', 'NaN', 'Infinity', `1.${'0'.repeat(60_000)}`],
  },
  'a duration': {
    kind: duration({ min: 1, max: 3_600_000, example: '5m' }),
    accepts: [
      ['1ms', 1],
      ['30s', 30_000],
      ['5m', 300_000],
      ['1h', 3_600_000],
      ['1m30s', 90_000],
      ['1s500ms', 1_500],
    ],
    refuses: ['0s', '1h1ms', '30', '5 m', '5M', '-5m', '1.5h', 'm', `${'9'.repeat(60_000)}s`, '1s'.repeat(30_000)],
  },
  'an enumeration': {
    kind: enumeration(['npm', 'pnpm', 'off']),
    accepts: [
      ['npm', 'npm'],
      ['off', 'off'],
    ],
    refuses: ['yarn', 'NPM', 'npm pnpm', '__proto__', 'constructor', 'npm\n'],
  },
};

/** A text as a YAML leaf: as it is where YAML allows that, else quoted. */
const leafOf = (given: string) => (/^[\w.%$+-][\w.%$ ()+-]*$/.test(given) ? given : JSON.stringify(given));

describe.each(Object.entries(kinds))('%s', (_, { kind, accepts, refuses }) => {
  it.each(accepts)('reads %j as %j, as text and in YAML', async (given, value) => {
    expect(await fromText(kind, given)).toEqual({ value });
    expect(await fromYaml(kind, leafOf(given))).toEqual({ value });
  });

  it.each(refuses.map((given) => [shown(given, 40), given]))(
    'refuses %s, as text and in YAML, with the accepted form and an example',
    async (_name, given) => {
      const { accepted, example } = kind;
      expect(await fromText(kind, given)).toMatchObject({ refusals: [{ at: '', accepted, example }] });
      expect(await fromYaml(kind, leafOf(given))).toMatchObject({ refusals: [{ at: 'leaf', accepted, example }] });
    },
  );

  it.each(['null', '[]', '[a]', '{}', '{a: b}', '!!null ""'])('refuses the YAML leaf %s', async (leaf) => {
    expect(await fromYaml(kind, leaf)).toHaveProperty('refusals');
  });

  it('accepts its own example', async () => {
    expect(await fromText(kind, kind.example)).toHaveProperty('value');
  });
});

describe('a refused value', () => {
  it('is shown on one line, shortened, without characters that hide or reorder text', async () => {
    const read = await fromText(boolean(), `x\n::error::y\u202e\u200b\u001b[31m${'z'.repeat(70_000)}`);
    const [refusal] = 'refusals' in read ? read.refusals : [];
    expect(refusal?.given).toMatch(/^"x\\n::error::y\\u202e\\u200b\\u001b\[31mz+"… \(70019 characters\)$/);
    expect(refusal?.given.length).toBeLessThan(200);
  });
});

describe('a secret', () => {
  const kind = secret({ example: 'x' });

  it('is any text, of any length and with any lines', async () => {
    for (const given of ['x', 'a\nb', '::add-mask::x', '\u202e', 'ü'.repeat(60_000)]) {
      expect(await fromText(kind, given)).toEqual({ value: given });
    }
  });

  it.each(['[hunter2hunter2]', '{hunter2hunter2: 1}', '"hunter2hunter2\\0"'])('is never shown: %s', async (leaf) => {
    const read = await fromYaml(kind, leaf);
    expect(JSON.stringify(read)).not.toContain('hunter2');
    expect(read).toMatchObject({ refusals: [{ given: NOT_SHOWN }] });
  });
});

describe('a path inside the workspace', () => {
  const kind = workspacePath({ example: 'apps/api' });

  async function workspaceWithLinks(): Promise<string> {
    const folder = await temporaryFolder();
    const workspace = join(folder, 'workspace');
    await mkdir(join(workspace, 'apps/api'), { recursive: true });
    await mkdir(join(folder, 'workspace-other'));
    await symlink('/etc', join(workspace, 'out'));
    await symlink('../nothing-yet', join(workspace, 'dangling-out'));
    await symlink('apps', join(workspace, 'in'));
    await symlink('apps/nothing-yet', join(workspace, 'dangling-in'));
    await symlink('loop', join(workspace, 'loop'));
    return workspace;
  }

  it('is read as an absolute path, also one that does not exist and one behind links that stay inside', async () => {
    const workspace = await workspaceWithLinks();
    for (const path of [
      '.',
      'apps/api',
      'in/api',
      'apps/new/deep',
      'a/../apps',
      'dangling-in',
      '...',
      '..a',
      '$(id)',
    ]) {
      expect(await fromText(kind, path, workspace)).toEqual({ value: join(workspace, path) });
    }
    expect(await fromText(kind, join(workspace, 'apps'), workspace)).toEqual({ value: join(workspace, 'apps') });
  });

  it.each(
    [
      '..',
      '../workspace-other',
      'apps/../../x',
      '/',
      '/etc/passwd',
      'out',
      'out/passwd',
      'out/new',
      'dangling-out',
      'dangling-out/x',
      'in/../../x',
      'loop',
      'loop/x',
      'a\0b',
      'a\nb',
      'x'.repeat(300),
      'x/'.repeat(3_000),
    ].map((path) => [shown(path, 40), path]),
  )('refuses %s', async (_, path = '') => {
    const workspace = await workspaceWithLinks();
    expect(await fromText(kind, path, workspace)).toMatchObject({ refusals: [{ at: '', example: 'apps/api' }] });
    expect(await fromYaml(kind, JSON.stringify(path), workspace)).toHaveProperty('refusals');
  });

  it('is no number, boolean, list or map', async () => {
    for (const leaf of ['1', 'true', '[a]', '{a: b}', 'null'])
      expect(await fromYaml(kind, leaf)).toHaveProperty('refusals');
  });
});

describe('a duration as text', () => {
  it.each([
    [0, '0s'],
    [0.4, '0ms'],
    [850, '850ms'],
    [999.6, '1s'],
    [1_000, '1s'],
    [1_449, '1.4s'],
    [9_949, '9.9s'],
    [9_950, '10s'],
    [12_000, '12s'],
    [185_000, '3m 5s'],
    [3_720_000, '1h 2m'],
    [30 * 86_400_000, '30d'],
  ])('%i ms is %s', (milliseconds, expected) => {
    expect(durationText(milliseconds)).toBe(expected);
  });
});
