import { createHash, createHmac } from 'node:crypto';

export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

export interface RequestToSign {
  readonly method: string;
  readonly url: string;
  /** All of them are signed; `host`, `x-amz-date` and `x-amz-security-token` are added. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** `eu-west-1`. */
  readonly region: string;
  /** The service's name for signing: `ecr`. */
  readonly service: string;
  readonly credentials: AwsCredentials;
  readonly date: Date;
}

/**
 * The headers of a request signed with AWS Signature Version 4 (docs.aws.amazon.com, "Create a signed AWS API
 * request"), in the form of all services but S3.
 *
 * @returns the headers to send, with `authorization`, without `host`
 */
export function signRequest(request: RequestToSign): Readonly<Record<string, string>> {
  const { credentials, region, service } = request;
  const time = request.date.toISOString().replace(/[-:]|\.\d+/g, '');
  const day = time.slice(0, 8);
  const url = new URL(request.url);
  const added = {
    'x-amz-date': time,
    ...(credentials.sessionToken === undefined ? {} : { 'x-amz-security-token': credentials.sessionToken }),
  };
  const sent = Object.fromEntries(
    Object.entries({ ...request.headers, ...added }).map(([name, value]) => [name.toLowerCase(), value]),
  );
  const signed = Object.entries({ ...sent, host: url.host }).sort(([left], [right]) => compare(left, right));
  const names = signed.map(([name]) => name).join(';');
  const canonical = [
    request.method,
    canonicalPath(url),
    canonicalQuery(url),
    ...signed.map(([name, value]) => `${name}:${value.trim().replace(/ +/g, ' ')}`),
    '',
    names,
    sha256(request.body),
  ].join('\n');
  const scope = `${day}/${region}/${service}/aws4_request`;
  const text = ['AWS4-HMAC-SHA256', time, scope, sha256(canonical)].join('\n');
  const key = [day, region, service, 'aws4_request'].reduce<Buffer>(
    hmac,
    Buffer.from(`AWS4${credentials.secretAccessKey}`, 'utf8'),
  );
  const signature = hmac(key, text).toString('hex');
  const credential = `${credentials.accessKeyId}/${scope}`;
  return {
    ...sent,
    authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${names}, Signature=${signature}`,
  };
}

/** Each part encoded once more than it travels. */
function canonicalPath({ pathname }: URL): string {
  return pathname.split('/').map(encode).join('/');
}

function canonicalQuery({ searchParams }: URL): string {
  const pairs = [...searchParams].map(([name, value]) => [encode(name), encode(value)] as const);
  return pairs
    .sort((left, right) => compare(left[0], right[0]) || compare(left[1], right[1]))
    .map((pair) => pair.join('='))
    .join('&');
}

/** RFC 3986: all but unreserved characters. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** By code unit, whatever the language of the machine. */
function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text, 'utf8').digest();
}
