import { appendFileSync } from 'node:fs';
import type { Environment } from './environment.ts';

/** What a step tells the runner through files (docs.github.com, "Workflow commands", environment files). */
export interface FileCommands {
  readonly setOutput: (name: string, value: string) => void;
  readonly exportVariable: (name: string, value: string) => void;
  /** Keeps a text for the part after the job. */
  readonly saveState: (name: string, value: string) => void;
  /** Puts a folder first on PATH for the steps that follow. @throws TypeError for a line break: the file is one of lines */
  readonly addPath: (folder: string) => void;
  /** What the main part kept; empty when nothing. */
  readonly state: (name: string) => string;
}

/**
 * The runner's files of a step, by the variables that name them. One that is not named is not written to: the program
 * was started by hand, and nobody reads it.
 */
export function createFileCommands(environment: Environment): FileCommands {
  const append = (file: string | undefined, text: string) => {
    if (file) appendFileSync(file, text);
  };
  const pair = (variable: string) => (name: string, value: string) => append(environment[variable], entry(name, value));
  return {
    setOutput: pair('GITHUB_OUTPUT'),
    exportVariable: pair('GITHUB_ENV'),
    saveState: pair('GITHUB_STATE'),
    addPath: (folder) => {
      if (/[\r\n]/.test(folder)) throw new TypeError('a folder on PATH has a line break in its name');
      append(environment['GITHUB_PATH'], `${folder}\n`);
    },
    state: (name) => environment[`STATE_${name}`] ?? '',
  };
}

/**
 * A name with a text of any lines, and behind it a line at which it ends: one that is nowhere in the text. A random one
 * would do as well, and cost a tenth of an action's start: Node loads its cryptography for it.
 */
function entry(name: string, value: string): string {
  let end = 'pipelines_end';
  while (value.includes(end)) end += '_';
  return `${name}<<${end}\n${value}\n${end}\n`;
}
