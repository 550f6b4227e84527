import { shortened } from './usage-error.ts';

/** Labels of GitHub's runners that are no Linux, and of self-hosted ones (docs.github.com, "Choosing the runner for a job"). */
const OTHER_SYSTEM = /^(?:windows|macos)(?:-|$)/i;

/**
 * What is wrong with the workflow input `runs-on`, a label or a JSON list of labels: what GitHub cannot read, and runners
 * that the workflows do not run on. Undefined when nothing is.
 */
export function runsOnProblem(value: string): string | undefined {
  const labels = labelsOf(value);
  if (labels === undefined) {
    return (
      `Unexpected value '${shortened(value).replaceAll(/\s+/g, ' ')}' for input runs-on: what begins with "[" is read by ` +
      `fromJSON, and this is no JSON list of labels such as '["self-hosted", "linux"]'`
    );
  }
  const other = otherSystem(labels);
  return other === undefined
    ? undefined
    : `Unexpected value '${shortened(other)}' for input runs-on: Linux runners only`;
}

/** The label among them that stands for no Linux runner. */
export function otherSystem(labels: readonly string[]): string | undefined {
  return labels.find((label) => OTHER_SYSTEM.test(label.trim()));
}

function labelsOf(value: string): readonly string[] | undefined {
  if (!value.startsWith('[')) return [value];
  try {
    const parsed: unknown = JSON.parse(value);
    return Array.isArray(parsed) && parsed.length > 0 && parsed.every((label) => typeof label === 'string')
      ? parsed
      : undefined;
  } catch {
    // Not JSON: what is wrong with it does not matter here.
    return undefined;
  }
}
