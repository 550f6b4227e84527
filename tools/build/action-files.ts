import { stringify } from 'yaml';
import type { Action } from '../../src/runtime/action.ts';
import type { Input } from '../../src/runtime/inputs.ts';
import { COMMON_OUTPUTS } from '../../src/runtime/outputs.ts';

/** Every action takes it; the runtime reads it. */
const SETTINGS =
  'YAML map of the inputs above, for callers that hand them over as one text. An input that is given itself wins. ' +
  'Credentials are refused here.';

const generatedFrom = (source: string) => `Generated from ${source} by \`npm run build\`; edit that file instead.`;

/** The text of an action.yml. `dist` is the way from its folder to dist. */
export function actionYaml(action: Action, source: string, dist: string): string {
  const inputs = Object.entries(action.inputs).map(([name, input]) => [name, yamlInput(input)] as const);
  const contract = {
    name: `Pipelines: ${action.name}`,
    description: action.description,
    author: 'pipelines',
    ...(action.branding === undefined ? {} : { branding: action.branding }),
    inputs: Object.fromEntries([...inputs, ['settings', { description: SETTINGS, required: false }]]),
    outputs: Object.fromEntries(
      Object.entries({ ...action.outputs, ...COMMON_OUTPUTS }).map(
        ([name, { description }]) => [name, { description }] as const,
      ),
    ),
    runs: {
      using: 'node24',
      main: `${dist}/${action.name}.js`,
      ...(action.post === undefined ? {} : { post: `${dist}/${action.name}.js` }),
    },
  };
  return `# ${generatedFrom(source)}\n${stringify(contract, { lineWidth: 120 })}`;
}

function yamlInput(input: Input): object {
  const ending = input.default === undefined || input.default === '' ? '' : ` Default: \`${input.default}\`.`;
  const description = `${input.description}${ending}`;
  const required = input.required === true;
  return input.expression === undefined
    ? { description, required }
    : { description, required, default: input.expression };
}

/** The text of an action's README.md. */
export function actionReadme(action: Action, source: string): string {
  const inputs = Object.entries(action.inputs).map(([name, input]) => {
    const value = input.required === true ? 'required' : defaultOf(input);
    return [`\`${name}\``, cell(input.description), cell(input.kind.accepted), value];
  });
  inputs.push(['`settings`', SETTINGS, 'a YAML map', '']);
  const outputs = Object.entries({ ...action.outputs, ...COMMON_OUTPUTS }).map(([name, output]) => [
    `\`${name}\``,
    cell(output.description),
    output.kind,
  ]);
  return [
    `<!-- ${generatedFrom(source)} -->`,
    `# ${action.name}`,
    action.description,
    '## Use',
    ['```yaml', ...usage(action), '```'].join('\n'),
    '## Inputs',
    table(['input', 'what it is', 'accepted', 'default'], inputs),
    '## Outputs',
    outputs.length === 0 ? 'None.' : table(['output', 'what it is', 'form'], outputs),
    action.post === undefined
      ? ''
      : 'After the job, also when it was cancelled, it cleans up what it left on the runner.',
    `Failures carry codes; what each means and what to do is in [troubleshooting](../../docs/troubleshooting.md).`,
  ]
    .filter((part) => part !== '')
    .join('\n\n')
    .concat('\n');
}

function usage(action: Action): string[] {
  const shown = Object.entries(action.inputs).filter(([, input]) => input.required === true || input.kind.secret);
  const lines = [`- uses: org/pipelines/actions/${action.name}@v1`];
  const inputs = shown.filter(([, input]) => input.expression === undefined);
  if (inputs.length > 0) lines.push('  with:');
  for (const [name, { kind }] of inputs) {
    const example = kind.secret ? `\${{ secrets.${name.toUpperCase().replaceAll('-', '_')} }}` : kind.example;
    const value = example.includes('\n') ? `|\n      ${example.replaceAll('\n', '\n      ')}` : example;
    lines.push(`    ${name}: ${value}`);
  }
  return lines;
}

function defaultOf(input: Input): string {
  const value = input.expression ?? input.default;
  return value === undefined || value === '' ? '' : `\`${cell(value)}\``;
}

function cell(value: string): string {
  return value.replace(/\s+/g, ' ').replaceAll('|', '\\|');
}

/** A Markdown table of cells that are Markdown already. */
export function table(headers: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(headers), line(headers.map(() => '---')), ...rows.map(line)].join('\n');
}
