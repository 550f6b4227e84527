/** Stands around a name that holds expressions, so that what act makes of it can be told from the rest. */
const EDGE = '\u001f';

/**
 * A job's name for act, by which its log lines are told apart: the key, and where GitHub evaluates expressions in the name,
 * the name for act to evaluate.
 */
export function actName(key: string, name: string): string {
  return name.includes('${{') ? `${key}${EDGE}${name}${EDGE}` : key;
}

/** A job as act's log names it. */
export interface ActName {
  /** `j3`, or `j3-2` for the second leg of a matrix. */
  readonly key: string;
  readonly jobKey: string;
  /** The evaluated name; undefined for one without expressions. */
  readonly name: string | undefined;
}

/** `workflow/j3`, with the calls that lead there and act's padding; undefined for a job that is none of ours. */
export function readActName(text: string): ActName | undefined {
  const match = /(?:^|\/)(j\d+)(?:\u001f([\s\S]*)\u001f)?(-\d+)?\s*$/.exec(text);
  if (match === null) return undefined;
  const [, jobKey = '', name, leg = ''] = match;
  return { key: `${jobKey}${leg}`, jobKey, name };
}
