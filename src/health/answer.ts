/** What a probe saw, apart from `good`: each calls for something else to be done. */
export type ProbeKind =
  | 'good'
  /** The service answered with another status than expected. */
  | 'status'
  /** Status as expected, body or JSON not. */
  | 'content'
  /** Another version answered, or none said which. */
  | 'version'
  /** It sent the probe elsewhere: to another host, or round in circles. */
  | 'redirect'
  /** The certificate is not accepted, or there is no TLS. */
  | 'tls'
  /** No connection, or one that broke: nothing is known of the service. */
  | 'connection'
  | 'timeout'
  | 'proxy';

/** What a service said. */
export interface Answer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body as text. */
  readonly text: string;
}
