import { type Fault, PipelineError } from '../runtime/errors.ts';
import { code, type Markdown, markdown, paragraphs, text } from '../runtime/markdown.ts';
import { type Night, nightLines } from './night.ts';

/** A failure whose message says what serves now, before everything else. */
export class DeploymentFailed extends PipelineError {
  readonly kind: PipelineError['kind'];

  constructor(cause: PipelineError, night: Night) {
    const [first, ...rest] = cause.faults;
    super([withNight(first, night), ...rest], { cause });
    this.kind = cause.kind;
    this.name = cause.name;
  }
}

function withNight(fault: Fault, night: Night): Fault {
  const told = nightLines(night).filter(([name]) => name !== 'what happened');
  return { ...fault, state: told.map(([name, line]) => `${name}: ${line}`).join('; ') };
}

/** The five lines as Markdown: the first thing that a red summary shows. */
export function nightMarkdown(night: Night): Markdown {
  const { run, vendor, text: what } = night.command;
  const commands = [run, vendor].filter((line) => line !== '').map((line) => code(line));
  const lines = nightLines(night).map(([name, line]) => {
    const shown = name === 'what to run' ? markdown([text(what), ...commands].join(', ')) : text(line);
    return markdown(`- **${text(name)}:** ${shown}`);
  });
  return paragraphs([markdown('### Deployment failed'), markdown(lines.join('\n'))]);
}
