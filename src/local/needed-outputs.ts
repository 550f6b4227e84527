/** How an output begins that its job has not set. Nobody else writes a tab there. */
export const UNSET = '${{\t';

/** Variable of the repository (`vars`) with that beginning: an expression cannot quote it everywhere. */
const UNSET_VARIABLE = 'LOCAL_UNSET_OUTPUT';

/** Variables (`vars`) that every run needs for it. */
export const UNSET_VARIABLES: Readonly<Record<string, string>> = { [UNSET_VARIABLE]: UNSET };

/** The same in the JSON that `toJSON(needs)` makes, as a regular expression's source. */
export const UNSET_IN_JSON = String.raw`"\$\{\{\\t(?:[^"\\]|\\.)*"`;

const NAME = String.raw`(?:\.\s*[A-Za-z_][\w-]*|\[\s*'[^']*'\s*\])`;
const OUTPUT = new RegExp(String.raw`^needs\s*${NAME}\s*(?:\.\s*outputs|\[\s*'outputs'\s*\])\s*${NAME}$`, 'i');

/** `needs.<job>.outputs.<name>` as an expression that is empty where the job has not set it; undefined for any other. */
export function neededOutput(context: string): string | undefined {
  if (!OUTPUT.test(context)) return undefined;
  return `(!startsWith(${context}, vars.${UNSET_VARIABLE}) && ${context} || '')`;
}
