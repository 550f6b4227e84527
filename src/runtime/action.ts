import type { Environment } from './environment.ts';
import type { PipelineError } from './errors.ts';
import type { Inputs, InputValues } from './inputs.ts';
import type { Log } from './log.ts';
import type { Markdown } from './markdown.ts';
import type { Outputs, OutputValues } from './outputs.ts';
import type { Secrets } from './secrets.ts';

/** What an action can use of its surroundings. */
export interface ActionContext {
  readonly log: Log;
  /** The step's environment, as it was at the start. */
  readonly environment: Environment;
  /** Absolute path of the checked-out repository. */
  readonly workspace: string;
  /** Absolute path of a folder that the runner empties after the job. */
  readonly temp: string;
  /** Aborted when the run is cancelled. */
  readonly signal: AbortSignal;
  readonly secrets: Secrets;
  /** How another program of the bundle is started, by its name in src/actions.ts: program and arguments. */
  readonly program: (name: string) => readonly [string, ...string[]];
  /** Adds to the step's summary; cut at GitHub's limit of 1 MiB. */
  readonly summarize: (part: Markdown) => void;
  /** Puts a folder first on PATH for the steps that follow. */
  readonly addPath: (folder: string) => void;
  /** Sets a variable for the steps that follow. */
  readonly exportVariable: (name: string, value: string) => void;
  /** Keeps a text for `post`. */
  readonly saveState: (name: string, value: string) => void;
  /** What the main part kept; empty when nothing. */
  readonly state: (name: string) => string;
}

/** The outputs, and the failure if the answer is no: a gate that fails still has outputs. */
export interface ActionResult<O extends Outputs> {
  readonly outputs: OutputValues<O>;
  readonly failure?: PipelineError | undefined;
}

export interface Action<I extends Inputs = Inputs, O extends Outputs = Outputs> {
  /** Name of its folder under actions/. */
  readonly name: string;
  /** What it does, in one sentence. */
  readonly description: string;
  /** Icon and colour on the Marketplace (the root action only). */
  readonly branding?: { readonly icon: string; readonly color: string };
  readonly inputs: I;
  readonly outputs: O;
  // Methods, so that an action with its own inputs is still an Action: main.ts starts them without knowing which.
  run(inputs: InputValues<I>, context: ActionContext): Promise<ActionResult<O>>;
  /** Cleans up after the job, also when it was cancelled. */
  post?(inputs: InputValues<I>, context: ActionContext): Promise<void>;
}

/** Declares an action once: from this come its typed inputs, action.yml, README and the stub in dist. */
export function defineAction<const I extends Inputs, const O extends Outputs>(action: Action<I, O>): Action<I, O> {
  return action;
}
