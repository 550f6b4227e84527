import type { HttpClient, HttpSettings } from './http.ts';

/**
 * An HTTP client that is loaded with its first request, for actions of which most runs send none. A proxy that only
 * other programs can use (PIPE-HTTP-001) is no fault of such a run.
 */
export function lazyHttp(settings: HttpSettings): HttpClient {
  let loading: Promise<HttpClient> | undefined;
  const client = () => {
    loading ??= import('./http.ts').then(({ createHttp }) => createHttp(settings));
    return loading;
  };
  return {
    send: async (request) => (await client()).send(request),
    download: async (...download) => (await client()).download(...download),
    close: () => {
      // That it could not be made came to whoever has sent something.
      loading?.then(
        (loaded) => loaded.close(),
        () => undefined,
      );
    },
  };
}
