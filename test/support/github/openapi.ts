import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import type { RecordedExchange } from '../../../src/local/run-types.ts';
import { installPackages } from '../../../tools/install/npm.ts';
import { root } from '../../../tools/install/root.ts';

type Json = Readonly<Record<string, unknown>>;

interface Operation {
  readonly parameters?: readonly Json[];
  readonly requestBody?: Json;
  readonly responses: Readonly<Record<string, Json>>;
}

/** Says what is wrong with a recorded exchange, by GitHub's own description; nothing when it is right. */
export type Witness = (exchange: RecordedExchange) => readonly string[];

/** GitHub's description, as far as it is read here. */
export interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

export async function openDescription(): Promise<Description> {
  const packages = await installPackages('github-description', join(root, 'test/support/github/description'));
  const file = join(packages, '@octokit/openapi/generated/api.github.com.json');
  return JSON.parse(await readFile(file, 'utf8')) as Description;
}

let opened: Promise<Witness> | undefined;

/** The witness, once for all tests of a process: the description is large. */
export function openWitness(): Promise<Witness> {
  opened ??= readWitness();
  return opened;
}

/**
 * GitHub's published OpenAPI description (npm: @octokit/openapi, github/rest-api-description) as a judge of recorded
 * requests and answers: the path must exist, query parameters be known, and the bodies fit their schemas.
 */
async function readWitness(): Promise<Witness> {
  const description = await openDescription();
  const compiled = new Map<string, ValidateFunction>();
  const validator = (name: string, schema: unknown): ValidateFunction => {
    const known = compiled.get(name);
    if (known !== undefined) return known;
    const validate = newAjv().compile(selfContained(schema, description));
    compiled.set(name, validate);
    return validate;
  };

  return ({ method, path, requestBody, status, responseBody }) => {
    const url = new URL(path, 'https://api.github.com');
    const template = mostSpecific(Object.keys(description.paths), url.pathname);
    const operation = template === undefined ? undefined : description.paths[template]?.[method.toLowerCase()];
    if (template === undefined || operation === undefined)
      return [`${method} ${url.pathname} is not in the description`];
    const name = `${method} ${template}`;
    const problems = unknownParameters(operation, url, description);
    const body = schemaOf(operation.requestBody, description);
    if (status < 400 && requestBody !== undefined && body !== undefined) {
      problems.push(...check(validator(`${name} request`, body), requestBody, 'request'));
    }
    const answer = operation.responses[String(status)];
    if (answer === undefined && status < 400) problems.push(`${name} never answers ${status}`);
    // Refusals of the token come for every path; their body is the description's basic error.
    const schema =
      schemaOf(answer, description) ?? (status < 400 ? undefined : { $ref: '#/components/schemas/basic-error' });
    if (schema !== undefined) problems.push(...check(validator(`${name} ${status}`, schema), responseBody, 'answer'));
    return problems.map((problem) => `${name} ${status}: ${problem}`);
  };
}

function newAjv(): Ajv {
  const ajv = new Ajv({ strict: false, allErrors: true });
  ajv.addFormat('uri', (text) => URL.canParse(text));
  ajv.addFormat('date-time', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/);
  for (const format of ['int64', 'email', 'repo.nwo', 'uri-template', 'timestamp', 'timezone', 'ssh-key'])
    ajv.addFormat(format, true);
  return ajv;
}

function check(validate: ValidateFunction, value: unknown, what: string): string[] {
  if (validate(value)) return [];
  return (validate.errors ?? []).map(({ instancePath, message }) => `${what}${instancePath} ${message ?? 'is wrong'}`);
}

/** The template with the most literal parts that the path fits. */
function mostSpecific(templates: readonly string[], path: string): string | undefined {
  const literals = (template: string) => template.split('/').filter((part) => !part.includes('{')).length;
  return templates
    .filter((template) => templatePattern(template).test(path))
    .sort((a, b) => literals(b) - literals(a))
    .at(0);
}

function templatePattern(template: string): RegExp {
  const parts = template.split('/').map((part) => {
    if (part === '{ref}' || part === '{basehead}' || part === '{path}') return '.+';
    return part.includes('{') ? '[^/]+' : part.replaceAll(/[.*+?^$()|[\]\\]/g, '\\$&');
  });
  return new RegExp(`^${parts.join('/')}$`);
}

function unknownParameters(operation: Operation, url: URL, description: unknown): string[] {
  const known = (operation.parameters ?? []).map((parameter) => resolve(parameter, description)['name']);
  return [...url.searchParams.keys()].filter((name) => !known.includes(name)).map((name) => `no parameter ${name}`);
}

/** The schema of a JSON body. */
function schemaOf(carrier: Json | undefined, description: unknown): unknown {
  if (carrier === undefined) return undefined;
  const content = resolve(carrier, description)['content'] as Readonly<Record<string, Json>> | undefined;
  const json = Object.entries(content ?? {}).find(([type]) => /^application\/(.*\+)?json$/.test(type));
  return json?.[1]['schema'];
}

function resolve(value: Json, description: unknown): Json {
  return typeof value['$ref'] === 'string' ? resolve(lookUp(value['$ref'], description), description) : value;
}

function lookUp(reference: string, description: unknown): Json {
  const parts = reference.replace(/^#\//, '').split('/');
  return parts.reduce((at, part) => (at as Json)[part.replaceAll('~1', '/')], description) as Json;
}

/** The schema with everything it refers to: the whole description is too large to compile. */
function selfContained(schema: unknown, description: unknown): Json {
  const schemas: Record<string, unknown> = {};
  const visit = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(visit);
    if (typeof value !== 'object' || value === null) return value;
    const { $ref: reference } = value as { $ref?: unknown };
    if (typeof reference === 'string') {
      const name = reference.split('/').at(-1) ?? '';
      if (!(name in schemas)) {
        schemas[name] = true;
        schemas[name] = visit(lookUp(reference, description));
      }
      return { $ref: `#/definitions/${name}` };
    }
    return nullable(Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, visit(inner)])));
  };
  const root = visit(schema) as Json;
  return { ...root, definitions: schemas };
}

/** OpenAPI 3.0's `nullable` in the words of JSON Schema. */
function nullable({ nullable: isNullable, discriminator: _discriminator, ...schema }: Json): Json {
  if (isNullable !== true) return schema;
  if (typeof schema['type'] !== 'string') return { anyOf: [schema, { type: 'null' }] };
  const values = schema['enum'];
  const withNull = Array.isArray(values) ? { enum: [...values, null] } : {};
  return { ...schema, ...withNull, type: [schema['type'], 'null'] };
}
