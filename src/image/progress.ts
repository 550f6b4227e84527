import { stripVTControlCharacters } from 'node:util';
import { jsonMap, textOf } from '../runtime/json.ts';
import { durationText } from '../runtime/kinds.ts';
import { isMap } from '../runtime/yaml.ts';

/** What went wrong in a build, as BuildKit tells it. */
export interface BuildTrouble {
  /** The step as shown (`[build 3/4] RUN npm ci`); undefined when no step had begun. */
  readonly step: string | undefined;
  /** BuildKit's reason, on one line. */
  readonly message: string;
  /** First line of the Dockerfile that it is about, from 1. */
  readonly line: number | undefined;
  readonly endLine: number | undefined;
  /** The last lines that the step printed. */
  readonly tail: readonly string[];
}

/** A finding of BuildKit's own checks (https://docs.docker.com/reference/build-checks/). */
export interface BuildWarning {
  readonly message: string;
  readonly line: number | undefined;
  readonly url: string | undefined;
}

export interface BuildProgress {
  /** Takes output of `docker buildx build --progress=rawjson`. */
  readonly feed: (text: string) => void;
  /** Call once, after the last output. */
  readonly end: () => {
    readonly trouble: BuildTrouble;
    readonly warnings: readonly BuildWarning[];
    /** Caches that could not be read or written, with the reason. */
    readonly cacheFaults: readonly string[];
    /** Steps that ran, and steps that were taken from a cache. */
    readonly steps: { readonly run: number; readonly cached: number };
  };
}

/** Lines kept of each step, characters of each line, and lines of text that is no JSON. */
const KEPT_LINES = 40;
const LONGEST_LINE = 1_000;
const KEPT_WORDS = 400;

interface Vertex {
  name: string;
  started: number | undefined;
  completed: number | undefined;
  cached: boolean;
  error: string;
  lines: string[];
  rest: string;
}

/** A step's place: `[linux/arm64 build 2/4] RUN …`. */
const STEP = /^\[(?:(.+?) )?(\d+)\/(\d+)\] (.*)$/s;

/**
 * Follows a build by BuildKit's status stream (moby/buildkit, client.SolveStatus, one JSON object a line): says one line
 * when a stage of the Dockerfile is done, and keeps what explains a failure.
 */
export function followProgress(say: (line: string) => void): BuildProgress {
  const vertices = new Map<string, Vertex>();
  const said = new Set<string>();
  const words: string[] = [];
  const warnings: BuildWarning[] = [];
  let rest = '';

  const vertexOf = (digest: unknown): Vertex => {
    const key = String(digest);
    const vertex = vertices.get(key) ?? newVertex();
    vertices.set(key, vertex);
    return vertex;
  };
  const update = (raw: Readonly<Record<string, unknown>>) => {
    const vertex = vertexOf(raw['digest']);
    vertex.name = textOf(raw['name']) || vertex.name;
    vertex.cached = raw['cached'] === true || vertex.cached;
    vertex.error = textOf(raw['error']) || vertex.error;
    const started = timeOf(raw['started']);
    // A step that is opened again has not ended.
    if (started !== undefined) vertex.completed = undefined;
    vertex.started ??= started;
    vertex.completed = timeOf(raw['completed']) ?? vertex.completed;
    if (vertex.completed === undefined) return;
    const line = vertex.error === '' ? doneLine(vertex, [...vertices.values()]) : undefined;
    if (line === undefined || said.has(line.key)) return;
    said.add(line.key);
    say(line.text);
  };
  const read = (line: string) => {
    const status = parsed(line);
    if (status === undefined) {
      words.push(stripVTControlCharacters(line).slice(0, LONGEST_LINE));
      if (words.length > KEPT_WORDS) words.shift();
      return;
    }
    for (const raw of itemsOf(status['vertexes'])) update(raw);
    for (const raw of itemsOf(status['logs'])) keepLog(vertexOf(raw['vertex']), decoded(raw['data']));
    for (const raw of itemsOf(status['warnings'])) warnings.push(warningOf(raw));
  };
  return {
    feed: (text) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) if (line.trim() !== '') read(line);
    },
    end: () => {
      if (rest.trim() !== '') read(rest);
      const all = [...vertices.values()];
      const steps = all.filter(({ name }) => STEP.test(name) && !/\] FROM /.test(name));
      return {
        trouble: troubleOf(all, words),
        warnings,
        cacheFaults: all.filter(isCacheFault).map(({ name, error }) => `${name}: ${error}`),
        steps: {
          run: steps.filter(({ cached, completed }) => completed !== undefined && !cached).length,
          cached: steps.filter(({ cached }) => cached).length,
        },
      };
    },
  };
}

function newVertex(): Vertex {
  return { name: '', started: undefined, completed: undefined, cached: false, error: '', lines: [], rest: '' };
}

function parsed(line: string): Readonly<Record<string, unknown>> | undefined {
  // Words of buildx itself that look like JSON are kept as words.
  return line.startsWith('{') ? jsonMap(line) : undefined;
}

function itemsOf(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.filter(isMap) : [];
}

function timeOf(value: unknown): number | undefined {
  const time = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}

function decoded(value: unknown): string {
  return Buffer.from(textOf(value), 'base64').toString('utf8');
}

function keepLog(vertex: Vertex, text: string): void {
  const lines = (vertex.rest + text).split('\n');
  vertex.rest = (lines.pop() ?? '').slice(-LONGEST_LINE);
  // A progress bar draws over itself: what it drew last is what counts.
  vertex.lines.push(
    ...lines.map((line) => stripVTControlCharacters(line.trimEnd().split('\r').at(-1) ?? '').slice(0, LONGEST_LINE)),
  );
  vertex.lines.splice(0, Math.max(0, vertex.lines.length - KEPT_LINES));
}

function warningOf(raw: Readonly<Record<string, unknown>>): BuildWarning {
  const [range] = itemsOf(raw['range']);
  const start = isMap(range?.['start']) ? range['start'] : {};
  const line = start['line'];
  // "SecretsUsedInArgOrEnv: … (line 2)": the place is said by the annotation.
  const message = decoded(raw['short']).replace(/ \(line \d+\)$/, '');
  return { message, line: typeof line === 'number' ? line : undefined, url: textOf(raw['url']) || undefined };
}

/** What is said when a step ends a stage, or the result is on its way out; undefined for all else. */
function doneLine(vertex: Vertex, all: readonly Vertex[]): { readonly key: string; readonly text: string } | undefined {
  const [, label = '', number, count] = STEP.exec(vertex.name) ?? [];
  if (number === undefined) {
    if (!/^exporting to /.test(vertex.name)) return undefined;
    return { key: vertex.name, text: `${vertex.name.replace(/^exporting to/, 'exported as')} (${took([vertex])})` };
  }
  if (number !== count) return undefined;
  const steps = all.filter(({ name }) => {
    const [, other = '', , of] = STEP.exec(name) ?? [];
    return of === count && other === label;
  });
  const own = steps.filter(({ name }) => !/\] FROM /.test(name));
  const cached = own.filter((step) => step.cached).length;
  const what = own.length === 1 ? '1 step' : `${own.length} steps`;
  const how =
    own.length > 0 && cached === own.length ? 'cached' : `${took(steps)}${cached === 0 ? '' : `, ${cached} cached`}`;
  return { key: `${label} ${count}`, text: `${label === '' ? 'stage' : label}: ${what} (${how})` };
}

function took(steps: readonly Vertex[]): string {
  const starts = steps.flatMap(({ started }) => started ?? []);
  const ends = steps.flatMap(({ completed }) => completed ?? []);
  return durationText(
    starts.length === 0 || ends.length === 0 ? 0 : Math.max(0, Math.max(...ends) - Math.min(...starts)),
  );
}

function isCacheFault({ name, error }: Vertex): boolean {
  // A cache that is not there yet is no fault: the first build has none.
  return (
    error !== '' &&
    /^(importing cache manifest from|exporting cache to|preparing build cache)/.test(name) &&
    !/not found|does not exist/i.test(error)
  );
}

function troubleOf(all: readonly Vertex[], words: readonly string[]): BuildTrouble {
  const failed = all.filter(
    ({ name, error }) => error !== '' && !/context canceled/.test(error) && !/cache/.test(name),
  );
  const vertex = failed.find(({ name }) => STEP.test(name)) ?? failed[0];
  const last = words.findLast((line) => /^(ERROR|error):/i.test(line)) ?? words.at(-1) ?? '';
  const marked = words.flatMap((line) => Number(/^\s*(\d+) \| >>>/.exec(line)?.[1] ?? 0) || []);
  const place = words.findLast((line) => /^.+:\d+$/.test(line));
  const line = marked[0] ?? (place === undefined ? undefined : Number(/:(\d+)$/.exec(place)?.[1]));
  const message = last.replace(/^ERROR:\s*/i, '').replace(/^(failed to build: )?(failed to solve: )?/, '');
  const tail =
    vertex === undefined
      ? []
      : [...vertex.lines, ...(vertex.rest === '' ? [] : [stripVTControlCharacters(vertex.rest)])];
  return { step: vertex?.name, message: message || vertex?.error || '', line, endLine: marked.at(-1) ?? line, tail };
}
