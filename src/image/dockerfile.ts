/** One instruction of a Dockerfile (https://docs.docker.com/reference/dockerfile/), continuation lines joined. */
export interface Instruction {
  /** In capitals: `FROM`, `COPY`, `RUN`. */
  readonly name: string;
  /** `--name=value` before the arguments; a flag without a value is `true`. */
  readonly flags: readonly (readonly [name: string, value: string])[];
  /** What follows the flags, on one line, without the bodies of here-documents. */
  readonly text: string;
  /** First and last line, from 1. */
  readonly line: number;
  readonly endLine: number;
}

/** A build stage: from its FROM to before the next. */
export interface Stage {
  /** The name behind AS, else its number from 0. */
  readonly name: string;
  /** Image, or name of another stage. */
  readonly base: string;
  /** As written (`$BUILDPLATFORM`); undefined when it is built for the platform asked for. */
  readonly platform: string | undefined;
  readonly instructions: readonly Instruction[];
}

/** Instructions of a Dockerfile in order. What is no Dockerfile gives nonsense, never an error: BuildKit judges it. */
export function parseDockerfile(text: string): readonly Instruction[] {
  const lines = text.split(/\r?\n/);
  const continuation = /^#\s*escape\s*=\s*`/im.test(lines.slice(0, 3).join('\n')) ? '`' : '\\';
  const instructions: Instruction[] = [];
  for (let index = 0; index < lines.length; ) {
    if (isPassedOver(lines[index] ?? '')) {
      index += 1;
      continue;
    }
    const { whole, next } = joinedLines(lines, index, continuation);
    const end = afterHereDocuments(lines, whole, next);
    instructions.push({ ...readInstruction(whole), line: index + 1, endLine: end });
    index = end;
  }
  return instructions;
}

/** Comments and empty lines, which do not end an instruction that they stand in either. */
function isPassedOver(line: string): boolean {
  return /^\s*(#|$)/.test(line);
}

/** An instruction with its continuation lines as one line, and the index of the line behind it. */
function joinedLines(lines: readonly string[], first: number, continuation: string) {
  const parts: string[] = [];
  let index = first;
  for (let goesOn = true; goesOn && index < lines.length; index += 1) {
    const line = (lines[index] ?? '').trimEnd();
    if (isPassedOver(line)) continue;
    goesOn = line.endsWith(continuation);
    parts.push(goesOn ? line.slice(0, -1) : line);
  }
  return { whole: parts.join(' ').trim(), next: index };
}

/** The index of the line behind the here-documents that an instruction opens. */
function afterHereDocuments(lines: readonly string[], whole: string, from: number): number {
  let index = from;
  for (const { word, strips } of hereDocuments(whole)) {
    const end = lines.findIndex((line, at) => at >= index && (strips ? line.replace(/^\t+/, '') : line) === word);
    index = end === -1 ? lines.length : end + 1;
  }
  return index;
}

function hereDocuments(whole: string): readonly { readonly word: string; readonly strips: boolean }[] {
  if (!/^(RUN|COPY|ADD)\s/i.test(whole)) return [];
  return [...whole.matchAll(/(?<!<)<<(-?)(["']?)([A-Za-z_][\w.-]*)\2/g)].map(([, dash, , word = '']) => {
    return { word, strips: dash === '-' };
  });
}

function readInstruction(whole: string): Pick<Instruction, 'name' | 'flags' | 'text'> {
  const [, name = '', rest = ''] = /^(\S+)\s*(.*)$/s.exec(whole) ?? [];
  const flags: [string, string][] = [];
  let text = rest;
  for (let flag = FLAG.exec(text); flag !== null; flag = FLAG.exec(text)) {
    flags.push([(flag[1] ?? '').toLowerCase(), flag[2] ?? 'true']);
    text = text.slice(flag[0].length);
  }
  return { name: name.toUpperCase(), flags, text: text.trim() };
}

const FLAG = /^--([A-Za-z-]+)(?:=("[^"]*"|\S*))?(?:\s+|$)/;

/** The stages of a Dockerfile; instructions before the first FROM belong to none. */
function stagesOf(instructions: readonly Instruction[]): readonly Stage[] {
  const stages: { name: string; base: string; platform: string | undefined; instructions: Instruction[] }[] = [];
  for (const instruction of instructions) {
    if (instruction.name === 'FROM') {
      const [base = '', as = '', name] = instruction.text.split(/\s+/);
      stages.push({
        name: as.toUpperCase() === 'AS' && name !== undefined ? name.toLowerCase() : String(stages.length),
        base,
        platform: flagOf(instruction, 'platform'),
        instructions: [],
      });
    } else stages.at(-1)?.instructions.push(instruction);
  }
  return stages;
}

function flagOf({ flags }: Instruction, name: string): string | undefined {
  return flags.find(([flag]) => flag === name)?.[1];
}

/**
 * The stages that a target is made from, itself included: by FROM, by COPY --from and by RUN --mount from=.
 *
 * @param target name or number of a stage; the last one when left out
 */
function stagesFor(stages: readonly Stage[], target?: string): readonly Stage[] {
  const find = (name: string) => {
    const byName = stages.findLast((stage) => stage.name === name.toLowerCase());
    return byName ?? (/^\d+$/.test(name) ? stages[Number(name)] : undefined);
  };
  const wanted = target === undefined ? stages.at(-1) : find(target);
  const reached = new Set<Stage>();
  const waiting = wanted === undefined ? [] : [wanted];
  for (let stage = waiting.pop(); stage !== undefined; stage = waiting.pop()) {
    if (reached.has(stage)) continue;
    reached.add(stage);
    const sources = stage.instructions.flatMap(sourcesOfStages);
    for (const name of [stage.base, ...sources]) {
      const found = find(name);
      if (found !== undefined) waiting.push(found);
    }
  }
  return stages.filter((stage) => reached.has(stage));
}

function sourcesOfStages({ flags }: Instruction): readonly string[] {
  return flags.flatMap(([name, value]) => {
    if (name === 'from') return [value];
    const from = name === 'mount' ? /(?:^|,)from=([^,]+)/.exec(value)?.[1] : undefined;
    return from === undefined ? [] : [from];
  });
}

/** Whether building a target for a platform means running programs of that platform. */
export function runsForPlatform(text: string, target?: string): boolean {
  const stages = stagesFor(stagesOf(parseDockerfile(text)), target);
  return stages.some(({ platform, instructions }) => {
    const isNative = platform !== undefined && /\$\{?BUILDPLATFORM\}?/.test(platform);
    return !isNative && instructions.some(({ name }) => name === 'RUN');
  });
}

/**
 * Paths that a Dockerfile takes from its context: sources of COPY and ADD, and of RUN's bind mounts. Without what comes
 * from other stages, from the network or from here-documents. `./` and a leading `/` are dropped; a variable is `*`.
 */
export function contextSources(text: string): readonly string[] {
  const sources = parseDockerfile(text).flatMap((instruction) => {
    if (instruction.name === 'RUN') return bindSources(instruction);
    if (instruction.name !== 'COPY' && instruction.name !== 'ADD') return [];
    return flagOf(instruction, 'from') === undefined ? wordsOf(instruction.text).slice(0, -1) : [];
  });
  const own = sources.filter((source) => !/^([a-z+]+:\/\/|git@|<<)/i.test(source));
  return [...new Set(own.map(normalised))];
}

function bindSources({ flags }: Instruction): readonly string[] {
  return flags.flatMap(([name, value]) => {
    const parts = name === 'mount' ? value.split(',') : [];
    const options = new Map(parts.map((part) => part.split('=', 2) as [string, string | undefined]));
    if (parts.length === 0 || (options.get('type') ?? 'bind') !== 'bind' || options.has('from')) return [];
    return [options.get('source') ?? options.get('src') ?? '.'];
  });
}

function wordsOf(text: string): readonly string[] {
  if (text.startsWith('[')) {
    try {
      const parsed: unknown = JSON.parse(text);
      if (Array.isArray(parsed)) return parsed.filter((item) => typeof item === 'string');
    } catch {
      // Not the JSON form: words, as BuildKit reads it.
    }
  }
  return [...text.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, bare]) => double ?? single ?? bare ?? '',
  );
}

function normalised(source: string): string {
  const path = source
    .replace(/\$(\{[^}]*\}|\w+)/g, '*')
    .replace(/^(\.?\/)+/, '')
    .replace(/\/+$/, '');
  return path === '' ? '.' : path;
}
