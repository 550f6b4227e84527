import { describeFault, type PipelineError } from '../runtime/errors.ts';
import { type Markdown, markdown, paragraphs, text } from '../runtime/markdown.ts';

/** What the step's summary says when there was no scan to judge. */
export function failureSummary(error: PipelineError): Markdown {
  return paragraphs([markdown('### Scan not made'), ...error.faults.map((fault) => text(describeFault(fault)))]);
}
