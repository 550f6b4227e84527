import type { Evidence } from './line.ts';
import { plain } from './plain.ts';

/** Longest text of a piece of evidence, in characters. */
const LONGEST = 300;

/** What an output is evidence of. It may come from project code: it is never a link. */
function evidenceOf(name: string, value: string): Evidence {
  const text = plain(value, LONGEST);
  if (/^sha256:[0-9a-f]{64}$/.test(text)) return { name, kind: 'digest', value: text };
  return { name, kind: /^-?\d{1,15}(?:\.\d{1,10})?$/.test(text) ? 'number' : 'text', value: text };
}

/** The same of several outputs of a job, those that it has. */
export function evidenceIn(
  outputs: ReadonlyMap<string, string>,
  names: readonly string[],
  prefix = '',
): readonly Evidence[] {
  return names.flatMap((name) => {
    const value = outputs.get(`${prefix}${name}`) ?? '';
    return value === '' ? [] : [evidenceOf(name, value)];
  });
}
