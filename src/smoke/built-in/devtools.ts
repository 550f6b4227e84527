import { isMap } from '../../runtime/yaml.ts';
import { connectWebSocket } from './websocket.ts';

export type Parameters = Readonly<Record<string, unknown>>;

/** One page in the browser, driven over the Chrome DevTools Protocol (chromedevtools.github.io/devtools-protocol). */
export interface PageSession {
  /** @throws Error with the browser's own words when it refuses, or is gone */
  readonly send: (method: string, parameters?: Parameters) => Promise<Parameters>;
  readonly on: (event: string, hear: (parameters: Parameters) => void) => void;
}

export interface DevTools {
  /** A new page that shows nothing yet. */
  readonly openPage: () => Promise<PageSession>;
  readonly close: () => void;
}

interface Call {
  readonly resolve: (result: Parameters) => void;
  readonly reject: (error: Error) => void;
}

/** @param url as Chromium prints it: `ws://127.0.0.1:…/devtools/browser/…` */
export async function connectDevTools(url: string): Promise<DevTools> {
  const calls = new Map<number, Call>();
  const listeners = new Map<string, ((parameters: Parameters) => void)[]>();
  let isGone = false;
  let count = 0;
  const onText = (text: string) => {
    const message: unknown = JSON.parse(text);
    if (!isMap(message)) return;
    const { id, method, result, error, sessionId, params } = message;
    if (typeof id === 'number') {
      const call = calls.get(id);
      calls.delete(id);
      if (isMap(error)) call?.reject(new Error(String(error['message'])));
      else call?.resolve(isMap(result) ? result : {});
    } else if (typeof method === 'string') {
      for (const hear of listeners.get(`${String(sessionId)} ${method}`) ?? []) hear(isMap(params) ? params : {});
    }
  };
  const onEnd = () => {
    isGone = true;
    for (const call of calls.values()) call.reject(new Error('the browser ended'));
    calls.clear();
  };
  const connection = await connectWebSocket(url, { onText, onEnd });
  const send = (method: string, params: Parameters, sessionId?: string) => {
    return new Promise<Parameters>((resolve, reject) => {
      if (isGone) return reject(new Error('the browser ended'));
      count += 1;
      calls.set(count, { resolve, reject });
      connection.send(JSON.stringify({ id: count, method, params, ...(sessionId === undefined ? {} : { sessionId }) }));
    });
  };
  return {
    openPage: async () => {
      const { targetId } = await send('Target.createTarget', { url: 'about:blank' });
      const { sessionId } = await send('Target.attachToTarget', { targetId, flatten: true });
      return {
        send: (method, parameters = {}) => send(method, parameters, String(sessionId)),
        on: (event, hear) => {
          const key = `${String(sessionId)} ${event}`;
          listeners.set(key, [...(listeners.get(key) ?? []), hear]);
        },
      };
    },
    close: connection.close,
  };
}
