import type { Place } from './act-entry.ts';
import type { PlannedJob } from './plan.ts';

/**
 * Id and name of a job, or of one leg of its matrix. GitHub evaluates a name that holds expressions, and appends the values
 * of the leg to any other. The id ends in the values, too, or in what the name says in their place: `test (1/3)`.
 */
export function namesOf(planned: PlannedJob, place: Place): { readonly id: string; readonly name: string } {
  const known = (planned.matrix ?? []).filter((key) => key in place.leg);
  const keys = [...known, ...Object.keys(place.leg).filter((key) => !known.includes(key))];
  const values = keys.map((key) => shownValue(place.leg[key]));
  const suffix = values.length === 0 ? '' : ` (${values.join(', ')})`;
  const name = place.name || `${planned.name}${suffix}`;
  const isTold = suffix !== '' && name.startsWith(`${planned.jobId} (`) && name.endsWith(')');
  return { id: `${planned.id}${isTold ? name.slice(planned.jobId.length) : suffix}`, name };
}

function shownValue(value: unknown): string {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
}
