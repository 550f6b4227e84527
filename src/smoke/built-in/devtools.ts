import { isMap } from '../../runtime/yaml.ts';
import { connectWebSocket } from './websocket.ts';

export type Parameters = Readonly<Record<string, unknown>>;

/** One page in the browser, driven over the Chrome DevTools Protocol (chromedevtools.github.io/devtools-protocol). */
export interface PageSession {
  /**
   * @param limit milliseconds, default 15,000: a page that is busy for ever answers nothing
   * @throws BrowserGone when the browser ended, NoAnswer after the limit, Error with the browser's words when it refuses
   */
  readonly send: (method: string, parameters?: Parameters, limit?: number) => Promise<Parameters>;
  readonly on: (event: string, hear: (parameters: Parameters) => void) => void;
}

export interface DevTools {
  /** A new page that shows nothing yet. */
  readonly openPage: () => Promise<PageSession>;
  readonly close: () => void;
}

/** The browser ended while it was needed. */
export class BrowserGone extends Error {}

/** The page does not respond. */
export class NoAnswer extends Error {}

interface Call {
  readonly resolve: (result: Parameters) => void;
  readonly reject: (error: Error) => void;
}

/** Longest time for one call, in milliseconds. */
const CALL_LIMIT = 15_000;

/** @param url as Chromium prints it: `ws://127.0.0.1:…/devtools/browser/…` */
export async function connectDevTools(url: string): Promise<DevTools> {
  const calls = new Map<number, Call>();
  const listeners = new Map<string, ((parameters: Parameters) => void)[]>();
  let isGone = false;
  let count = 0;
  const settle = (id: number, { result, error }: Parameters) => {
    const call = calls.get(id);
    calls.delete(id);
    if (isMap(error)) call?.reject(new Error(String(error['message'])));
    else call?.resolve(isMap(result) ? result : {});
  };
  const onText = (text: string) => {
    const message: unknown = JSON.parse(text);
    if (!isMap(message)) return;
    const { id, method, sessionId, params } = message;
    if (typeof id === 'number') settle(id, message);
    else for (const hear of listeners.get(`${sessionId} ${method}`) ?? []) hear(isMap(params) ? params : {});
  };
  const onEnd = () => {
    isGone = true;
    for (const call of calls.values()) call.reject(new BrowserGone('the browser ended'));
    calls.clear();
  };
  const connection = await connectWebSocket(url, { onText, onEnd });
  const send = (method: string, params: Parameters, limit = CALL_LIMIT, sessionId?: string) => {
    return new Promise<Parameters>((resolve, reject) => {
      if (isGone) return reject(new BrowserGone('the browser ended'));
      count += 1;
      const id = count;
      const timer = setTimeout(() => {
        calls.delete(id);
        reject(new NoAnswer('the page does not respond'));
      }, limit);
      const settled = <T>(settle: (value: T) => void) => {
        return (value: T) => {
          clearTimeout(timer);
          settle(value);
        };
      };
      calls.set(id, { resolve: settled(resolve), reject: settled(reject) });
      connection.send(JSON.stringify({ id, method, params, ...(sessionId === undefined ? {} : { sessionId }) }));
    });
  };
  return {
    openPage: async () => {
      const { targetId } = await send('Target.createTarget', { url: 'about:blank' });
      const { sessionId } = await send('Target.attachToTarget', { targetId, flatten: true });
      return {
        send: (method, parameters = {}, limit = CALL_LIMIT) => send(method, parameters, limit, String(sessionId)),
        on: (event, hear) => {
          const key = `${sessionId} ${event}`;
          listeners.set(key, [...(listeners.get(key) ?? []), hear]);
        },
      };
    },
    close: connection.close,
  };
}
