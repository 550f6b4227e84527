import { createHash } from 'node:crypto';
import { unmarked } from './history.ts';
import type { EnvVar, Template } from './resources.ts';
import type { Desired } from './settings.ts';

/** A value as text, keys in order, so that equal values give equal texts. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  const sorted = entries.sort(([left], [right]) => (left < right ? -1 : 1));
  return `{${sorted.map(([name, item]) => `${JSON.stringify(name)}:${canonical(item)}`).join(',')}}`;
}

/** Hash of all that decides what is staged: 16 hexadecimal digits, which fit into a label. */
export function fingerprintOf(desired: Desired, salt: string): string {
  return createHash('sha256')
    .update(`${canonical(desired)} ${salt}`, 'utf8')
    .digest('hex')
    .slice(0, 16);
}

/** What the API fills in for a probe: left out, it is no difference. */
const FILLED: Readonly<Record<string, string>> = {
  timeoutSeconds: '1',
  periodSeconds: '10',
  failureThreshold: '3',
};

/** What the API puts where no startup probe was given: whether the port opens within four minutes. */
const DEFAULT_PROBE = canonical({ timeoutSeconds: 240, periodSeconds: 240, failureThreshold: 1 });

/**
 * What is different between two templates, one line each. Values of variables are not shown: people put into them what
 * they should not.
 */
export function templateChanges(before: Template, after: Template): readonly string[] {
  const old = leavesOf(before);
  const wanted = leavesOf(after);
  return [...new Set([...old.keys(), ...wanted.keys()])].flatMap((path) => {
    const from = old.get(path);
    const to = wanted.get(path);
    if (from?.key === to?.key) return [];
    if (isFilled(path, from, to)) return [];
    return [changeText(path, from, to)];
  });
}

/** The API has filled in what nobody wants to have otherwise. */
function isFilled(path: string, from: Leaf | undefined, to: Leaf | undefined): boolean {
  if (to !== undefined || from === undefined) return false;
  const [, name = ''] = /Probe\.(?:(?:tcpSocket|httpGet|grpc)\.)?(\w+)$/.exec(path) ?? [];
  return name === 'port' || FILLED[name] === from.key;
}

function changeText(path: string, from: Leaf | undefined, to: Leaf | undefined): string {
  const [, container = '', rest = path] = /^containers\.([^.]+)\.(.+)$/.exec(path) ?? [];
  const whose = container === '' || container === 'main' ? '' : `container ${container}: `;
  const [, variable] = /^env\.(.+)$/.exec(rest) ?? [];
  const isSecret = [from, to].some((leaf) => leaf?.text.startsWith('secret '));
  if (variable !== undefined && !isSecret) {
    const how = from === undefined ? 'added' : to === undefined ? 'removed' : 'changed';
    return `${whose}variable ${variable} ${how}`;
  }
  const name = variable ?? rest.replace(/^resources\.(?:limits\.)?/, '');
  return `${whose}${name} ${from?.text ?? '(none)'} -> ${to?.text ?? '(none)'}`;
}

/** A value for comparing, and as people write it. */
interface Leaf {
  readonly key: string;
  readonly text: string;
}

/** Every value of a template by its place, in one unit. */
function leavesOf(template: Template): ReadonlyMap<string, Leaf> {
  const leaves = new Map<string, Leaf>();
  const { containers = [], ...rest } = unmarked(template);
  collect(leaves, '', rest);
  for (const [index, { name, env = [], ...container }] of containers.entries()) {
    // The only container is the same one under any name.
    const place = containers.length === 1 ? 'containers.main' : `containers.${name ?? index}`;
    for (const variable of env) leaves.set(`${place}.env.${variable.name}`, variableLeaf(variable));
    const { startupProbe, ...others } = container;
    collect(leaves, place, others);
    const { tcpSocket, ...times } = startupProbe ?? {};
    const isDefault = tcpSocket !== undefined && canonical(times) === DEFAULT_PROBE;
    if (startupProbe !== undefined && !isDefault) collect(leaves, `${place}.startupProbe`, startupProbe);
  }
  return leaves;
}

function variableLeaf({ value = '', valueSource }: EnvVar): Leaf {
  const reference = valueSource?.secretKeyRef;
  if (reference === undefined) return { key: `text ${value}`, text: 'a text' };
  const text = `secret ${reference.secret}:${reference.version ?? 'latest'}`;
  return { key: text, text };
}

function collect(leaves: Map<string, Leaf>, path: string, value: unknown): void {
  // Nothing, an empty text, 0 and false are the same to the API as not being there.
  if (value === undefined || value === null || value === '' || value === 0 || value === false) return;
  if (typeof value === 'object') {
    const items = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
    for (const [name, item] of items) collect(leaves, path === '' ? String(name) : `${path}.${name}`, item);
    return;
  }
  leaves.set(path, { key: amountText(path, value), text: String(value) });
}

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  K: 1e3,
  M: 1e6,
  G: 1e9,
  Ki: 1_024,
  Mi: 1_048_576,
  Gi: 1_073_741_824,
};

/** `1000m` and `1`, `1Gi` and `1024Mi`, `300s` and `300.0s` are the same amounts. */
function amountText(path: string, value: unknown): string {
  if (typeof value !== 'string') return canonical(value);
  if (path.endsWith('limits.cpu'))
    return String(value.endsWith('m') ? Number.parseInt(value, 10) / 1_000 : Number(value));
  if (path.endsWith('limits.memory')) {
    const [, count = '', unit = ''] = /^(\d+)([KMG]i?)?$/.exec(value) ?? [];
    return count === '' ? value : String(Number(count) * (UNITS[unit] ?? 1));
  }
  if (path === 'timeout') return String(Number.parseFloat(value));
  return canonical(value);
}
