import { describeFault, type PipelineError } from '../runtime/errors.ts';
import { type Markdown, markdown, paragraphs, text } from '../runtime/markdown.ts';

/** What the step's summary says when there was no test to judge. */
export function failureSummary(error: PipelineError): Markdown {
  return paragraphs([markdown('### Smoke: not tested'), ...error.faults.map((fault) => text(describeFault(fault)))]);
}
