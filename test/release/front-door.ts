import { createHttp, waitFor } from '../../src/runtime/http.ts';
import type { CloudProxy } from '../support/cloud-proxy.ts';

/** A user who asks all the time. */
export interface FrontDoor {
  readonly start: () => void;
  /** What goes on from now on, for the report. */
  readonly during: (what: string) => void;
  readonly stop: () => Promise<{ readonly requests: number; readonly failed: readonly string[] }>;
}

/** Asks an address all the time, with 40 ms between an answer and the next question; every answer but 200 is a failed request. */
export function watchFrontDoor(url: string, proxy: CloudProxy): FrontDoor {
  const http = createHttp({ environment: proxy.environment, service: 'the front door', code: 'PIPE-RELEASE-003' });
  // A web server that reads its configuration anew ends the connections on which nothing is asked: that is not its fault.
  const headers = new URL(url).protocol === 'http:' ? { connection: 'close' } : {};
  const failed: string[] = [];
  let requests = 0;
  let what = '';
  let isOpen = true;
  let running: Promise<void> | undefined;
  const ask = async () => {
    while (isOpen) {
      const at = what;
      const seen = await http
        .send({ url, tries: 1, timeout: 10_000, headers })
        .then(({ status }) => (status === 200 ? '' : `status ${status}`), String);
      requests += 1;
      if (seen !== '') failed.push(`${at}: ${seen}`);
      await waitFor(40);
    }
  };
  return {
    start: () => {
      running = ask();
    },
    during: (text) => {
      what = text;
    },
    stop: async () => {
      isOpen = false;
      await running;
      http.close();
      return { requests, failed };
    },
  };
}
