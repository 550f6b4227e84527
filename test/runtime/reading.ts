import { type Kind, Refused } from '../../src/runtime/kinds.ts';
import { parseYaml } from '../../src/runtime/yaml.ts';

/** What a kind makes of an input: its value, or what it refused. */
export type Read = { readonly value: unknown } | { readonly refusals: Refused['refusals'] };

async function outcome(read: () => unknown): Promise<Read> {
  try {
    return { value: await read() };
  } catch (error) {
    if (error instanceof Refused) return { refusals: error.refusals };
    throw error;
  }
}

/** Reads the text of an input. */
export function fromText(kind: Kind<unknown>, text: string, workspace = '/'): Promise<Read> {
  return outcome(() => kind.fromText(text, { workspace }));
}

/** Reads a leaf as it stands in a YAML map, as in `settings`. */
export async function fromYaml(kind: Kind<unknown>, leaf: string, workspace = '/'): Promise<Read> {
  const parsed = await parseYaml(`leaf: ${leaf}`);
  if ('problem' in parsed) throw new TypeError(`the test's YAML is wrong: ${parsed.problem}`);
  return outcome(() => kind.fromYaml((parsed.value as { leaf: unknown }).leaf, 'leaf', { workspace }));
}
