import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { actions } from '../../src/actions.ts';
import { camelCase } from '../../src/runtime/inputs.ts';
import { root } from '../../tools/install/root.ts';

interface ActionFile {
  readonly inputs: Readonly<
    Record<string, { readonly description: string; readonly required: boolean; readonly default?: string }>
  >;
  readonly outputs: Readonly<Record<string, { readonly description: string }>>;
  readonly runs: { readonly using: string; readonly main: string; readonly post?: string };
}

/** The folder of src whose files use an action's inputs, where it is not of the action's own name. */
const ROOMS: readonly (readonly [actions: RegExp, room: string])[] = [
  [/^(?:deploy-[a-z-]+|promote|rollback|delete-preview)$/, 'release'],
  [/^publish-release$/, 'verify'],
];

const read = (path: string) => readFile(join(root, path), 'utf8');

describe.each(Object.keys(actions))('the action %s', (name) => {
  const load = async () => {
    const action = (await actions[name]?.())?.action;
    if (action === undefined) throw new Error(`${name} has no door`);
    return action;
  };

  it('declares in action.yml what its code declares, and nothing else', async () => {
    const action = await load();
    const file = parse(await read(`actions/${name}/action.yml`)) as ActionFile;
    expect(Object.keys(file.inputs)).toEqual([...Object.keys(action.inputs), 'settings']);
    expect(Object.keys(file.outputs)).toEqual([...Object.keys(action.outputs), 'failure']);
    for (const [input, { default: given }] of Object.entries(file.inputs)) {
      // A default in action.yml would make every input look given, and `settings` could never win over it.
      expect(given).toBe(action.inputs[input]?.expression);
    }
  });

  it('is started by GitHub with Node 24 through a stub that is there', async () => {
    const action = await load();
    const file = parse(await read(`actions/${name}/action.yml`)) as ActionFile;
    expect(file.runs.using).toBe('node24');
    expect(await read(join('actions', name, file.runs.main))).toContain(`start('${name}')`);
    expect(file.runs.post === undefined).toBe(action.post === undefined);
  });

  it('explains every input and output in its README', async () => {
    const action = await load();
    const page = await read(`actions/${name}/README.md`);
    for (const key of [...Object.keys(action.inputs), ...Object.keys(action.outputs)])
      expect(page).toContain(`| \`${key}\` |`);
  });

  it('uses every input that it declares', async () => {
    const action = await load();
    const room = ROOMS.find(([names]) => names.test(name))?.[1] ?? name;
    const files = await readdir(join(root, 'src', room), { recursive: true });
    const texts = await Promise.all(
      files.filter((file) => file.endsWith('.ts')).map((file) => read(join('src', room, file))),
    );
    for (const input of Object.keys(action.inputs)) {
      // A declaration is `name: {` or `'the-name': {`; every other mention is a use.
      const uses = texts.join('\n').replaceAll(new RegExp(`^ +'?${input}'?: \\{$`, 'gm'), '');
      expect(uses).toMatch(new RegExp(`\\b${camelCase(input)}\\b`));
    }
  });

  it('accepts its own defaults and examples', async () => {
    const action = await load();
    for (const { kind, default: value } of Object.values(action.inputs)) {
      if (value !== undefined && value !== '') await kind.fromText(value, { workspace: root });
      // An example that GitHub evaluates first has no meaning here.
      if (!kind.example.startsWith('${{')) await kind.fromText(kind.example, { workspace: root });
    }
  });
});

it('the action at the root is the gate', async () => {
  const [own, gate] = [await read('action.yml'), await read('actions/gate/action.yml')];
  expect(own).toBe(gate.replaceAll('../../dist/', 'dist/'));
});
