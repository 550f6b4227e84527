import type { HttpClient, HttpSettings } from '../runtime/http.ts';

/** An HTTP client that is loaded with its first request: most runs of the action download nothing by themselves. */
export function lazyHttp(settings: HttpSettings): HttpClient {
  let loading: Promise<HttpClient> | undefined;
  const client = () => {
    loading ??= import('../runtime/http.ts').then(({ createHttp }) => createHttp(settings));
    return loading;
  };
  return {
    send: async (request) => (await client()).send(request),
    download: async (...download) => (await client()).download(...download),
    close: () => {
      loading?.then((loaded) => loaded.close());
    },
  };
}
