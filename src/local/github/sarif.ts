type Json = Readonly<Record<string, unknown>>;

/** Most of a thing that GitHub takes (https://docs.github.com/code-security/code-scanning/troubleshooting-sarif-uploads/results-exceed-limit). */
const MOST = { runs: 20, results: 25_000, rules: 25_000, extensions: 100, locations: 1_000, steps: 10_000, tags: 20 };

const LEVELS = ['none', 'note', 'warning', 'error'];

/** Problems that are told; the rest of a broken file says nothing new. */
const MOST_PROBLEMS = 20;

/** What an upload becomes: an analysis for each run of the file. */
export interface Analysis {
  readonly tool: string;
  readonly category: string;
  readonly results: number;
}

/**
 * What code scanning has against a file: the structure it needs of SARIF 2.1.0
 * (https://docs.github.com/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning), its
 * limits, and two runs of one tool with the same category. Nothing when it takes the file.
 */
export function sarifProblems(sarif: unknown): readonly string[] {
  if (!isMap(sarif)) return ['Invalid SARIF. The file is no object.'];
  const problems: string[] = [];
  const say = (place: string, what: string): void => {
    if (problems.length < MOST_PROBLEMS) problems.push(`Invalid SARIF. ${place} ${what}.`);
  };
  if (sarif['version'] !== '2.1.0') say('version', `is ${JSON.stringify(sarif['version'])}, not "2.1.0"`);
  const runs = sarif['runs'];
  if (!Array.isArray(runs)) {
    say('runs', 'is no list');
    return problems;
  }
  for (const [index, run] of runs.entries()) checkRun(run, `runs[${index}]`, say);
  if (problems.length > 0) return problems;
  return [...limitProblems(runs), ...categoryProblems(runs)];
}

type Say = (place: string, what: string) => void;

function checkRun(run: unknown, place: string, say: Say): void {
  if (!isMap(run)) {
    say(place, 'is no object');
    return;
  }
  const driver = mapIn(mapIn(run, 'tool'), 'driver');
  if (!isText(driver?.['name'])) say(`${place}.tool.driver.name`, 'is missing');
  const rules = driver?.['rules'];
  for (const [index, rule] of listOf(rules).entries()) {
    if (!isMap(rule) || !isText(rule['id'])) say(`${place}.tool.driver.rules[${index}].id`, 'is missing');
  }
  const results = run['results'];
  if (!Array.isArray(results)) {
    say(`${place}.results`, 'is no list');
    return;
  }
  for (const [index, result] of results.entries()) {
    checkResult(result, `${place}.results[${index}]`, listOf(rules).length, say);
  }
}

function checkResult(result: unknown, place: string, rules: number, say: Say): void {
  if (!isMap(result)) {
    say(place, 'is no object');
    return;
  }
  const message = mapIn(result, 'message');
  if (!isText(message?.['text']) && !isText(message?.['id'])) say(`${place}.message.text`, 'is missing');
  const { level, ruleIndex } = result;
  if (level !== undefined && !LEVELS.some((known) => known === level)) {
    say(`${place}.level`, `is ${JSON.stringify(level)}, none of ${LEVELS.join(', ')}`);
  }
  const isIndex = Number.isInteger(ruleIndex) && Number(ruleIndex) >= -1 && Number(ruleIndex) < rules;
  if (ruleIndex !== undefined && !isIndex) say(`${place}.ruleIndex`, 'points at no rule');
  // Code scanning shows a result at its first place; one without is refused.
  const locations = listOf(result['locations']);
  if (locations.length === 0) {
    say(place, 'has no location');
    return;
  }
  for (const [index, location] of locations.entries()) checkLocation(location, `${place}.locations[${index}]`, say);
}

function checkLocation(location: unknown, place: string, say: Say): void {
  const physical = mapIn(location, 'physicalLocation');
  const artifact = mapIn(physical, 'artifactLocation');
  const hasFile = isText(artifact?.['uri']) || Number.isInteger(artifact?.['index']);
  if (!hasFile) {
    say(`${place}.physicalLocation.artifactLocation.uri`, 'is missing');
    return;
  }
  const region = physical?.['region'];
  if (region === undefined) return;
  const numbers = ['startLine', 'startColumn', 'endLine', 'endColumn'] as const;
  for (const name of numbers) {
    const value = isMap(region) ? region[name] : Number.NaN;
    if (value !== undefined && !(Number.isInteger(value) && Number(value) >= 1)) {
      say(`${place}.physicalLocation.region.${name}`, 'is no line or column: they count from 1');
    }
  }
}

/** In the words in which GitHub rejects a file. */
function limitProblems(runs: readonly Json[]): readonly string[] {
  const more = (what: string, count: number, most: number) =>
    count > most ? [`rejecting SARIF, as there are more ${what} than allowed (${count} > ${most})`] : [];
  return [
    ...more('runs', runs.length, MOST.runs),
    ...runs.flatMap((run) => {
      const tool = mapIn(run, 'tool');
      const rules = listOf(mapIn(tool, 'driver')?.['rules']);
      const results = listOf(run['results']);
      return [
        ...more('results per run', results.length, MOST.results),
        ...more('rules per run', rules.length, MOST.rules),
        ...more('tool extensions per run', listOf(tool?.['extensions']).length, MOST.extensions),
        ...more(
          'locations per result',
          largest(results, ({ locations }) => listOf(locations).length),
          MOST.locations,
        ),
        ...more('threadflow steps per result', largest(results, steps), MOST.steps),
        ...more(
          'tags per rule',
          largest(rules, (rule) => listOf(mapIn(rule, 'properties')?.['tags']).length),
          MOST.tags,
        ),
      ];
    }),
  ];
}

function steps(result: Json): number {
  const flows = listOf(result['codeFlows']).flatMap((flow) => listOf(isMap(flow) ? flow['threadFlows'] : undefined));
  return flows.reduce<number>((sum, flow) => sum + listOf(isMap(flow) ? flow['locations'] : undefined).length, 0);
}

function largest(items: readonly unknown[], count: (item: Json) => number): number {
  return items.reduce<number>((most, item) => (isMap(item) ? Math.max(most, count(item)) : most), 0);
}

/** Since July 2025 a file may hold one run of a tool for each category. */
function categoryProblems(runs: readonly Json[]): readonly string[] {
  const seen = new Set<string>();
  const problems: string[] = [];
  for (const run of runs) {
    const { tool, category } = analysisOf(run, undefined);
    const key = JSON.stringify([tool, category]);
    if (seen.has(key)) {
      problems.push(`rejecting SARIF, as there are multiple runs of ${tool} with the category "${category}"`);
    }
    seen.add(key);
  }
  return problems;
}

/** The analyses that a file becomes. @param toolName name for tools that have none. */
export function analysesOf(sarif: unknown, toolName: string | undefined): readonly Analysis[] {
  return listOf(isMap(sarif) ? sarif['runs'] : undefined)
    .filter(isMap)
    .map((run) => analysisOf(run, toolName));
}

function analysisOf(run: Json, toolName: string | undefined): Analysis {
  const name = mapIn(mapIn(run, 'tool'), 'driver')?.['name'];
  const id = mapIn(run, 'automationDetails')?.['id'];
  return {
    tool: isText(name) ? name : (toolName ?? 'API'),
    // The id is the category, a slash, and what tells runs apart.
    category: isText(id) ? id.slice(0, Math.max(0, id.lastIndexOf('/'))) : '',
    results: listOf(run['results']).length,
  };
}

function isMap(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function mapIn(value: unknown, name: string): Json | undefined {
  const found = isMap(value) ? value[name] : undefined;
  return isMap(found) ? found : undefined;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
