import { isMap, mapOf, type ValueMap } from './workflow-file.ts';

/**
 * What act 0.2.89 does not do for a job with a matrix as GitHub does
 * (https://docs.github.com/actions/how-tos/write-workflows/choose-what-workflows-do/run-job-variations), written into
 * the job so that it does.
 */

/** Variable with the values of a leg, for the wrappers only: they take it out of the environment. */
export const LEG_VARIABLE = 'LOCAL_MATRIX_LEG';

/** The id of the step that ends a job whose matrix has no legs. */
const GUARD_STEP = 'local-matrix';

function hasMatrix(job: ValueMap): boolean {
  return mapOf(job['strategy'])['matrix'] !== undefined;
}

/** Keys of the job's matrix in the order of the file, as far as that names them; nothing for a job without one. */
export function matrixOf(job: ValueMap): { readonly matrix?: readonly string[] } {
  if (!hasMatrix(job)) return {};
  const { matrix } = mapOf(job['strategy']);
  const include = isMap(matrix) && Array.isArray(matrix['include']) ? matrix['include'].map(mapOf) : [];
  const keys = [mapOf(matrix), ...include].flatMap((map) => Object.keys(map));
  return { matrix: [...new Set(keys)].filter((key) => key !== 'include' && key !== 'exclude') };
}

/** Values of a leg as text that can be compared: act's log and act's toJSON() order keys alike. Empty without values. */
export function legKey(values: unknown): string {
  return isMap(values) && Object.keys(values).length > 0 ? JSON.stringify(values) : '';
}

/** The legs of a matrix share files: one after the other, what they print can be told apart. */
export function actStrategy(job: ValueMap): ValueMap {
  return isMap(job['strategy']) ? { strategy: { ...job['strategy'], 'max-parallel': 1 } } : {};
}

/** Tells the wrappers which leg a program belongs to. */
export function legEnvironment(job: ValueMap): Readonly<Record<string, string>> {
  return hasMatrix(job) ? { [LEG_VARIABLE]: '${{ toJSON(matrix) }}' } : {};
}

/**
 * A first step that fails where the matrix has no legs: act runs one without values then, GitHub fails the job before it
 * starts. The other steps keep the ids that they would have without it, their positions.
 *
 * @param shell runs `{0}`, its output where the job's goes.
 */
export function guarded(job: ValueMap, steps: readonly ValueMap[], shell: string): readonly ValueMap[] {
  if (!hasMatrix(job)) return steps;
  const message = "Error when evaluating 'strategy': the matrix is no map with values, or has none";
  const guard = {
    id: GUARD_STEP,
    name: 'Work out the matrix',
    if: "toJSON(matrix) == '{}'",
    shell,
    run: `echo "::error::${message}"; exit 1`,
  };
  return [guard, ...steps.map((step, index) => ({ id: String(index), ...step }))];
}
