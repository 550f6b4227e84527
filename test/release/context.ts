import type { ActionContext } from '../../src/runtime/action.ts';
import type { Level } from '../../src/runtime/log.ts';
import { createSecrets } from '../../src/runtime/secrets.ts';

export interface StepContext extends ActionContext {
  /** Everything that was said, a line each; annotations start with their level. */
  readonly said: string[];
  readonly summaries: string[];
}

export interface ContextOptions {
  readonly environment?: Readonly<Record<string, string>>;
  readonly workspace: string;
  readonly temp: string;
  readonly signal?: AbortSignal;
}

/** A step's surroundings that remember what was said. */
export function stepContext(options: ContextOptions): StepContext {
  const said: string[] = [];
  const summaries: string[] = [];
  const openGroup = (title: string) => {
    said.push(title);
    return { write: (text: string) => void said.push(text), close: () => undefined };
  };
  return {
    said,
    summaries,
    log: {
      info: (text) => void said.push(text),
      annotate: (level: Level, message) => void said.push(`${level}: ${message}`),
      openGroup,
      group: (title, texts) => void said.push(title, ...texts),
    },
    environment: options.environment ?? {},
    workspace: options.workspace,
    temp: options.temp,
    signal: options.signal ?? new AbortController().signal,
    secrets: createSecrets(() => undefined),
    program: (name) => [process.execPath, name],
    summarize: (part) => void summaries.push(part),
    addPath: () => undefined,
    exportVariable: () => undefined,
    saveState: () => undefined,
    state: () => '',
  };
}
