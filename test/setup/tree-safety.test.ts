import { describe, expect, it } from 'vitest';
import type { Dialect } from '../../src/setup/dialect.ts';
import { nearestLockfiles } from '../../src/setup/lockfiles.ts';
import { treeProject } from '../../src/setup/tree-project.ts';
import { whyUnsafe } from '../../src/setup/tree-safety.ts';
import { addFiles, workspaceWith } from './workspace.ts';

const yarnLock = (...resolutions: readonly string[]) =>
  `__metadata:\n  version: 8\n\n${resolutions.map((each) => `"${each}":\n  version: 1.0.0\n  resolution: "${each}"\n  checksum: 10c0/ab\n`).join('\n')}`;
const bunLock = (...ids: readonly string[]) =>
  `{\n  "lockfileVersion": 1,\n  "packages": {\n${ids.map((id, index) => `    "p${index}": ["${id}", "", {}, "sha512-a"],\n`).join('\n')}  }\n}\n`;
const NODE_MODULES = 'nodeLinker: node-modules\n';
const KNOWN = ['left@npm:1.0.0', '@acme/tool@npm:1.0.0', 'a@workspace:packages/a'];

interface Given {
  readonly dialect: Dialect;
  readonly files?: Readonly<Record<string, string>>;
  readonly manifest?: object;
  readonly lockfile?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

async function reason(given: Given): Promise<string | undefined> {
  const { dialect, files = {}, manifest = {}, environment = {} } = given;
  const text = given.lockfile ?? (dialect === 'bun' ? bunLock('left@1.0.0') : yarnLock(...KNOWN));
  const name = dialect === 'bun' ? 'bun.lock' : dialect === 'npm' ? 'package-lock.json' : 'yarn.lock';
  const workspace = await workspaceWith({
    'package.json': JSON.stringify({ name: 'project', ...manifest }),
    [name]: text,
  });
  await addFiles(workspace, files);
  const [lockfile] = await nearestLockfiles(workspace, [workspace]);
  if (lockfile === undefined) throw new Error('there is no lockfile');
  const project = await treeProject(workspace, lockfile, {}, new AbortController().signal);
  if (project === undefined) throw new Error('there is no project');
  return whyUnsafe(project, { dialect, environment, lockfile: async () => text });
}

const yarn = (given: Omit<Given, 'dialect'>): Given => ({
  ...{ dialect: 'yarn', ...given },
  files: { '.yarnrc.yml': NODE_MODULES, ...given.files },
});

describe('a tree of Yarn since 2 is put back', () => {
  it.each<[string, Omit<Given, 'dialect'>]>([
    ['with packages of a registry and of the workspace', {}],
    ['with archives, whose hash is in the lockfile', { lockfile: yarnLock('x@https://example.com/x.tgz') }],
    ['with a link', { lockfile: yarnLock('x@link:./x::locator=project%40workspace%3A.') }],
    [
      'with patches of the project',
      {
        lockfile: yarnLock(
          'left@patch:left@npm%3A1.0.0#~/.yarn/patches/left-npm-1.0.0.patch::version=1.0.0&hash=3f9422',
        ),
      },
    ],
    [
      "with Yarn's own patches",
      {
        lockfile: yarnLock(
          'fsevents@patch:fsevents@npm%3A2.3.3#optional!builtin<compat/fsevents>::version=2.3.3&hash=df0bf1',
          'resolve@patch:resolve@npm%3A1.22.8#~builtin<compat/resolve>::version=1.22.8&hash=c3c19d',
        ),
      },
    ],
    [
      "with Yarn's own plugins",
      {
        files: {
          '.yarnrc.yml': `${NODE_MODULES}plugins:\n  - path: .yarn/plugins/@yarnpkg/plugin-workspace-tools.cjs\n    spec: "@yarnpkg/plugin-workspace-tools"\n`,
        },
      },
    ],
    ['where `prepare` builds, which Yarn does not run', { manifest: { scripts: { prepare: 'tsc' } } }],
    ['linked as a variable says', { files: { '.yarnrc.yml': '' }, environment: { YARN_NODE_LINKER: 'node-modules' } }],
  ])('%s', async (_, given) => {
    expect(await reason(yarn(given))).toBeUndefined();
  });
});

describe('a tree is not put back, and the reason is said,', () => {
  it.each<[string, Given, RegExp]>([
    ["Plug'n'Play", { dialect: 'yarn' }, /Plug'n'Play leaves no tree/],
    ["Plug'n'Play by a variable", yarn({ environment: { YARN_NODE_LINKER: 'pnp' } }), /Plug'n'Play leaves no tree/],
    ["pnpm's way", yarn({ files: { '.yarnrc.yml': 'nodeLinker: pnpm\n' } }), /^Yarn links packages by "pnpm"$/],
    ['other settings', yarn({ environment: { YARN_RC_FILENAME: '.other.yml' } }), /^Yarn is set up with `rcFilename`$/],
    [
      'state elsewhere',
      yarn({ files: { '.yarnrc.yml': `${NODE_MODULES}installStatePath: ./state.gz\n` } }),
      /`installStatePath`/,
    ],
    [
      'state elsewhere by a variable',
      yarn({ environment: { YARN_INSTALL_STATE_PATH: './state.gz' } }),
      /`installStatePath`/,
    ],
    [
      'constraints that are checked',
      yarn({ files: { '.yarnrc.yml': `${NODE_MODULES}enableConstraintsChecks: true\n` } }),
      /`enableConstraintsChecks`/,
    ],
    [
      'a plugin of its own',
      yarn({ files: { '.yarnrc.yml': `${NODE_MODULES}plugins:\n  - ./own.cjs\n` } }),
      /a plugin of Yarn takes part in the install \("\.\/own\.cjs"\)/,
    ],
    [
      'a plugin of somebody',
      yarn({
        files: { '.yarnrc.yml': `${NODE_MODULES}plugins:\n  - path: p.cjs\n    spec: "https://example.com/p.js"\n` },
      }),
      /a plugin of Yarn takes part in the install \("https:/,
    ],
    [
      'a folder in the lockfile',
      yarn({ lockfile: yarnLock('own@file:./own#./own::hash=eccad1') }),
      /lockfile has "own@file:/,
    ],
    ['a portal', yarn({ lockfile: yarnLock(...KNOWN, 'own@portal:./own::locator=x') }), /lockfile has "own@portal:/],
    [
      'a repository',
      yarn({ lockfile: yarnLock('x@https://github.com/o/x.git#commit=0123') }),
      /lockfile has "x@https:\/\/github\.com\/o\/x\.git/,
    ],
    [
      'a repository by ssh',
      yarn({ lockfile: yarnLock('@o/x@git@github.com:o/x.git#commit=0123') }),
      /lockfile has "@o\/x@git@github/,
    ],
    [
      'a patch that is no known file',
      yarn({ lockfile: yarnLock('left@patch:left@npm%3A1.0.0#./fix.txt::version=1.0.0&hash=3f9422') }),
      /lockfile has "left@patch:/,
    ],
    [
      'a patch of a folder',
      yarn({ lockfile: yarnLock('own@patch:own@file%3A.%2Fown#./patches/own.patch::version=1.0.0') }),
      /lockfile has "own@patch:/,
    ],
    [
      'an archive of bun',
      { dialect: 'bun', lockfile: bunLock('left@1.0.0', 'x@https://example.com/x.tgz') },
      /"x@https:/,
    ],
    ['a folder of bun', { dialect: 'bun', lockfile: bunLock('own@file:own') }, /"own@file:own"/],
    ['a repository of bun', { dialect: 'bun', lockfile: bunLock('@o/x@github:o/x#0123') }, /"@o\/x@github:/],
    [
      'a folder in the binary lockfile of bun',
      {
        dialect: 'bun',
        lockfile: '# AUTOGENERATED\n# yarn lockfile v1\n\n\n"own@file:./own":\n  version "own"\n  resolved "own"\n',
      },
      /lockfile has "\\"own@file:\.\/own\\""|lockfile has .*own@file:\.\/own/,
    ],
    [
      'a scanner of bun',
      { dialect: 'bun', files: { 'bunfig.toml': '[install.security]\nscanner = "@acme/scan"\n' } },
      /bunfig\.toml has packages scanned/,
    ],
    [
      'a replacement from a folder',
      { dialect: 'npm', manifest: { overrides: { left: { right: 'file:./own' } } } },
      /installs "right" from "file:\.\/own"/,
    ],
    [
      'a resolution from a folder',
      { dialect: 'yarn-classic', manifest: { resolutions: { left: 'file:./own' } } },
      /installs "left" from "file:\.\/own"/,
    ],
    [
      'a script of Yarn',
      yarn({ manifest: { scripts: { postinstall: 'node gen.js' } } }),
      /runs a script at every install \(`postinstall`/,
    ],
    [
      'a script of bun',
      { dialect: 'bun', manifest: { scripts: { prepare: 'node gen.js' } } },
      /runs a script at every install \(`prepare`/,
    ],
  ])('for %s', async (_, given, expected) => {
    expect(await reason(given)).toMatch(expected);
  });

  it('of packages that a binary lockfile of bun has from a registry there is none', async () => {
    const lockfile = `# AUTOGENERATED\n# yarn lockfile v1\n\n\n"@acme/tool@1.0.0":\n  version "1.0.0"\n  resolved "http://127.0.0.1/tool.tgz"\n  integrity sha512-a\n\n"a@packages/a":\n  version "workspace:packages/a"\n  resolved "workspace:packages/a"\n`;
    expect(await reason({ dialect: 'bun', lockfile })).toBeUndefined();
  });
});
