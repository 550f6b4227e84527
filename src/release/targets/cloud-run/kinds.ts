import { shape } from '../../../runtime/collections.ts';
import { shown } from '../../../runtime/errors.ts';
import { duration, enumeration, integer, type Kind, Refused, string, type ValueOf } from '../../../runtime/kinds.ts';

/** A value, or `null` in YAML for one that is to go; read as undefined. */
export function orGone<T>(kind: Kind<T>): Kind<T | undefined> {
  return {
    accepted: `${kind.accepted}, or \`null\` to remove it`,
    example: kind.example,
    secret: kind.secret,
    fromText: (text, context) => kind.fromText(text, context),
    fromYaml: (value, at, context) => (value === null ? undefined : kind.fromYaml(value, at, context)),
  };
}

/** Bytes that an environment variable may have on Cloud Run. */
const LONGEST_VARIABLE = 32_768;

/** The value of an environment variable: any text without NUL, over several lines too. */
export function variable(options: { example: string }): Kind<string> {
  const accepted = `a text of at most ${LONGEST_VARIABLE} bytes`;
  const read = (value: unknown, at: string) => {
    const text = typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
    if (typeof text === 'string' && !text.includes('\0') && Buffer.byteLength(text) <= LONGEST_VARIABLE) return text;
    throw new Refused([{ at, given: shown(value), accepted, example: options.example }]);
  };
  return { accepted, example: options.example, secret: false, fromText: (text) => read(text, ''), fromYaml: read };
}

const example = '{path: /healthz, period: 10s, failures: 3}';

/** A probe by which the platform itself looks at a container; `off` for none of our own. */
const probeShape = shape(
  {
    path: string({ example: '/healthz', pattern: /^\/[!-~]*$/, accepted: 'a path that starts with /', limit: 1_024 }),
    grpc: string({ example: 'acme.Health', limit: 256 }),
    tcp: integer({ min: 1, max: 65_535, example: 8080 }),
    port: integer({ min: 1, max: 65_535, example: 8080 }),
    delay: duration({ max: 3_600_000, example: '5s' }),
    timeout: duration({ min: 1_000, max: 3_600_000, example: '1s' }),
    period: duration({ min: 1_000, max: 3_600_000, example: '10s' }),
    failures: integer({ min: 1, max: 1_000, example: 3 }),
  },
  { example },
);

export type ProbeWish = ValueOf<typeof probeShape> | 'off';

const off = enumeration(['off']);

/** `off`, or how the platform probes. */
export const probe: Kind<ProbeWish> = {
  accepted: `\`off\`, or ${probeShape.accepted}`,
  example,
  secret: false,
  fromText: (text, context) => (text.trim() === 'off' ? 'off' : probeShape.fromText(text, context)),
  fromYaml: (value, at, context) => {
    return value === 'off' || value === false
      ? off.fromYaml('off', at, context)
      : probeShape.fromYaml(value, at, context);
  },
};
