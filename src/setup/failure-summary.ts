import { describeFault, type PipelineError } from '../runtime/errors.ts';
import { codeBlock, type Markdown, markdown, paragraphs, text } from '../runtime/markdown.ts';

/** What the step's summary says when the setup failed: each fault, and the lines that say why. */
export function failureSummary(error: PipelineError, lines: readonly string[]): Markdown {
  const faults = error.faults.map((fault) => text(describeFault(fault)));
  const output = lines.length === 0 ? [] : [codeBlock(lines.join('\n'), 'text')];
  return paragraphs([markdown('### Setup failed'), ...faults, ...output]);
}
