import { ConfigurationError, type Fault, shown } from '../runtime/errors.ts';
import { expand, globalValues, type TagFacts } from './expressions.ts';

/** What an image says about itself. Texts that are empty or left out make no label. */
export interface LabelFacts {
  /** The image's name, or the repository's. */
  readonly title: string;
  readonly description?: string | undefined;
  /** Page of the project. */
  readonly url?: string | undefined;
  /** Where the source is. */
  readonly source?: string | undefined;
  /** First of the image's tags. */
  readonly version?: string | undefined;
  /** The commit's date, not the build's: the same commit makes the same image. */
  readonly created?: Date | undefined;
  /** The commit. */
  readonly revision?: string | undefined;
  /** SPDX identifier or expression. */
  readonly licenses?: string | undefined;
}

const OCI = 'org.opencontainers.image.';

/** GitHub's answer for a license that it does not know; it is no SPDX identifier. */
const UNKNOWN_LICENSE = 'NOASSERTION';

/** The labels that the OCI Image Specification names (1.1, "Annotations"), by name, in a fixed order. */
export function ociLabels(facts: LabelFacts): ReadonlyMap<string, string> {
  const values: Readonly<Record<string, string | undefined>> = {
    title: facts.title,
    description: facts.description,
    url: facts.url,
    source: facts.source,
    version: facts.version,
    created: facts.created?.toISOString(),
    revision: facts.revision,
    licenses: facts.licenses === UNKNOWN_LICENSE ? undefined : facts.licenses,
  };
  const labels = new Map<string, string>();
  for (const [name, value = ''] of Object.entries(values)) {
    const line = value.replace(/\s+/g, ' ').trim();
    if (line !== '') labels.set(OCI + name, line);
  }
  return labels;
}

/**
 * Lines `name=value` laid over labels; an empty value takes a label away. Values can hold the expressions of
 * {@link imageTags}.
 *
 * @param input name of the input the lines are from: `labels`, `annotations`
 * @throws ConfigurationError PIPE-TAG-003, one fault for each line that is none
 */
export function withLines(
  labels: ReadonlyMap<string, string>,
  lines: readonly string[],
  facts: TagFacts,
  input: 'labels' | 'annotations',
): ReadonlyMap<string, string> {
  const merged = new Map(labels);
  const faults: Fault[] = [];
  for (const text of lines) {
    const line = text.trim();
    if (line === '' || line.startsWith('#')) continue;
    const at = line.indexOf('=');
    const name = line.slice(0, Math.max(0, at)).trim();
    const value = expand(line.slice(at + 1), globalValues(facts), facts);
    if (!/^[A-Za-z0-9][A-Za-z0-9._/-]*$/.test(name)) faults.push(lineFault(input, line, 'it has no name before a ='));
    else if ('problem' in value) faults.push(lineFault(input, line, value.problem));
    else if (value.text === '') merged.delete(name);
    else merged.set(name, value.text);
  }
  if (faults.length > 0) throw new ConfigurationError(faults);
  return merged;
}

function lineFault(input: string, line: string, problem: string): Fault {
  return {
    code: 'PIPE-TAG-003',
    what: `a line of the input \`${input}\` can not be used: ${problem}`,
    given: shown(line, 200),
    accepted: 'name=value; the name of letters, digits, . _ / -',
    example: 'org.opencontainers.image.vendor=Acme',
    state: 'nothing was built',
  };
}
