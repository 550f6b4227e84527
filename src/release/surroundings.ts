import type { ActionContext } from '../runtime/action.ts';
import { createHttp, type HttpClient, type waitFor } from '../runtime/http.ts';
import type { Log } from '../runtime/log.ts';
import { credentialsOf } from './credentials.ts';
import { type Patience, patienceOf } from './patience.ts';
import type { Credentials, Surroundings } from './target.ts';
import type { targets } from './targets.ts';
import type { WatchTools } from './watch.ts';

/** What tests replace: which targets there are, how the network is asked, and how long is waited. */
export interface Replaced {
  readonly targets?: typeof targets;
  readonly http?: HttpClient;
  readonly wait?: typeof waitFor;
}

/** What a run of an action works with. */
export interface Tools {
  readonly surroundings: Surroundings;
  readonly patience: Patience;
  readonly redact: (text: string) => string;
  readonly wait: typeof waitFor | undefined;
  readonly log: Log;
  /** Closes all connections. */
  readonly close: () => void;
}

/** @param title the platform as its users call it */
export function toolsOf(
  title: string,
  given: Partial<Credentials>,
  context: ActionContext,
  replaced: Replaced = {},
): Tools {
  const { environment, workspace, temp, log, secrets } = context;
  const patience = patienceOf(context.signal);
  const http = replaced.http ?? createHttp({ environment, service: title, code: 'PIPE-RELEASE-003' });
  const surroundings = { http, environment, workspace, temp, log, secrets, signal: patience.signal };
  return {
    surroundings: {
      ...surroundings,
      credentials: credentialsOf(given),
      ...(replaced.wait === undefined ? {} : { wait: replaced.wait }),
    },
    patience,
    redact: secrets.redact,
    wait: replaced.wait,
    log,
    close: http.close,
  };
}

/** What looking at a release works with: it ends at once when the run is cancelled. */
export function watchTools({ surroundings, patience, redact }: Tools, log: Pick<Log, 'info'>): WatchTools {
  return { http: surroundings.http, signal: patience.cancelled, redact, log };
}
