import { isMap } from '../runtime/yaml.ts';
import type { Layer } from './finding.ts';

interface Step {
  readonly instruction: string;
  readonly isEmpty: boolean;
}

const LONGEST_INSTRUCTION = 160;

/**
 * The layers of an image by their diff id, from its configuration (OCI Image Specification 1.1, "Image Configuration":
 * `history` has an entry for each instruction, `rootfs.diff_ids` one for each that made a layer).
 */
export function layersOf(configuration: unknown): ReadonlyMap<string, Layer> {
  if (!isMap(configuration)) return new Map();
  const rootfs = isMap(configuration['rootfs']) ? configuration['rootfs'] : {};
  const diffIds = textsOf(rootfs['diff_ids']);
  const history = Array.isArray(configuration['history']) ? configuration['history'].map(stepOf) : [];
  const base = baseEnd(history);
  const made = history.flatMap((step, index) => (step.isEmpty ? [] : [{ ...step, isBase: index <= base }]));
  // Tools that squash or import leave a history that does not match: then nothing is said of instructions.
  const isWhole = made.length === diffIds.length;
  return new Map(
    diffIds.map((diffId, index) => {
      const step = isWhole ? made[index] : undefined;
      const place = { number: index + 1, of: diffIds.length };
      return [diffId, { instruction: step?.instruction ?? '', isBase: step?.isBase ?? false, ...place }];
    }),
  );
}

/**
 * Index of the last entry that belongs to the base image, or -1: bases end with a CMD that makes no layer, and
 * instructions that make layers follow it. An image does not say more than that.
 */
function baseEnd(history: readonly Step[]): number {
  let sawLayer = false;
  for (let index = history.length - 1; index >= 0; index -= 1) {
    const step = history[index];
    if (step === undefined) continue;
    if (!step.isEmpty) sawLayer = true;
    else if (sawLayer && step.instruction.startsWith('CMD')) return index;
  }
  return -1;
}

function stepOf(entry: unknown): Step {
  const fields = isMap(entry) ? entry : {};
  const created = typeof fields['created_by'] === 'string' ? fields['created_by'] : '';
  return { instruction: instructionOf(created), isEmpty: fields['empty_layer'] === true };
}

/** The instruction as somebody wrote it; build arguments in front of a RUN are left out, they may hold anything. */
function instructionOf(created: string): string {
  const words = created.replace(/\s+/g, ' ').trim();
  const plain = words
    .replace(/^(?:RUN )?\|\d+ .*?(?=\/bin\/sh -c )/, '')
    .replace(/^\/bin\/sh -c #\(nop\) */, '')
    .replace(/^(?:RUN )?\/bin\/sh -c /, 'RUN ')
    .replace(/ # buildkit$/, '');
  return plain.length > LONGEST_INSTRUCTION ? `${plain.slice(0, LONGEST_INSTRUCTION)}…` : plain;
}

function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}
