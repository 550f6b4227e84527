import { clover } from './clover.ts';
import { cobertura } from './cobertura.ts';
import type { Format } from './format.ts';
import { go } from './go.ts';
import { istanbul } from './istanbul.ts';
import { istanbulSummary } from './istanbul-summary.ts';
import { jacoco } from './jacoco.ts';
import { lcov } from './lcov.ts';

/** Every format, the richest first: which one counts when a producer wrote several of them side by side. */
export const formats: readonly Format[] = [istanbul, go, jacoco, lcov, cobertura, clover, istanbulSummary];

/** The format of a file by how it starts; see {@link Format.recognises}. */
export function formatOf(head: string): Format | undefined {
  return formats.find((format) => format.recognises(head));
}
