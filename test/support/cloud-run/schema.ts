import { Refusal } from './answers.ts';

export interface Property {
  readonly type?: string;
  readonly $ref?: string;
  readonly items?: Property;
  readonly enum?: readonly string[];
  readonly additionalProperties?: Property;
  readonly format?: string;
}

/** A discovery document, as far as bodies and queries are checked by it. */
export interface Discovery {
  readonly schemas: Readonly<Record<string, { readonly properties?: Readonly<Record<string, Property>> }>>;
  readonly resources: Readonly<Record<string, Resource>>;
}

interface Resource {
  readonly methods?: Readonly<Record<string, Method>>;
  readonly resources?: Readonly<Record<string, Resource>>;
}

export interface Method {
  readonly httpMethod: string;
  readonly path: string;
  readonly flatPath?: string;
  readonly parameters?: Readonly<Record<string, { readonly location: string; readonly type: string }>>;
  readonly request?: { readonly $ref: string };
}

/** Parameters that every method of Google's takes ("Standard query parameters"). */
const STANDARD = new Set(['alt', 'fields', 'key', 'prettyPrint', 'quotaUser', '$.xgafv', 'access_token', 'callback']);

/** The method that a request is for; undefined when the description has none. */
export function methodOf(document: Discovery, httpMethod: string, path: string): Method | undefined {
  const all = (resource: Resource): Method[] => [
    ...Object.values(resource.methods ?? {}),
    ...Object.values(resource.resources ?? {}).flatMap(all),
  ];
  return Object.values(document.resources)
    .flatMap(all)
    .filter((method) => method.httpMethod === httpMethod)
    .find((method) => patternOf(method.flatPath ?? method.path).test(path));
}

function patternOf(path: string): RegExp {
  const source = path.split(/\{\+?[^}]+\}/).map((part) => part.replace(/[.*+?^$()|[\]\\]/g, '\\$&'));
  return new RegExp(`^/${source.join('[^/:]+')}$`);
}

/** Refuses what the description of the method does not have, as Google's front does. */
export function checkRequest(document: Discovery, method: Method, query: URLSearchParams, body: unknown): void {
  for (const name of query.keys()) {
    const isKnown = STANDARD.has(name) || method.parameters?.[name]?.location === 'query';
    if (isKnown) continue;
    throw new Refusal(400, `Invalid JSON payload received. Unknown name "${name}": Cannot bind query parameter.`);
  }
  if (method.request === undefined) {
    if (body !== undefined) throw new Refusal(400, 'Invalid JSON payload received. Unexpected body.');
    return;
  }
  checkObject(document, method.request.$ref, body ?? {}, '');
}

function checkObject(document: Discovery, schema: string, value: unknown, at: string): void {
  const properties = document.schemas[schema]?.properties ?? {};
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid(at, schema);
  for (const [name, item] of Object.entries(value)) {
    const property = properties[name];
    const place = at === '' ? name : `${at}.${name}`;
    if (property === undefined) {
      const where = at === '' ? '' : ` at '${at}'`;
      throw new Refusal(400, `Invalid JSON payload received. Unknown name "${name}"${where}: Cannot find field.`);
    }
    checkValue(document, property, item, place);
  }
}

function checkValue(document: Discovery, property: Property, value: unknown, at: string): void {
  // In Google's JSON null is the same as left out.
  if (value === null) return;
  if (property.$ref !== undefined) {
    checkObject(document, property.$ref, value, at);
    return;
  }
  if (property.type === 'array') {
    if (!Array.isArray(value)) throw invalid(at, 'ARRAY');
    for (const [index, item] of value.entries()) checkValue(document, property.items ?? {}, item, `${at}[${index}]`);
    return;
  }
  if (property.type === 'object') {
    if (typeof value !== 'object' || Array.isArray(value)) throw invalid(at, 'OBJECT');
    const { additionalProperties } = property;
    if (additionalProperties === undefined || additionalProperties.type === 'any') return;
    for (const [name, item] of Object.entries(value)) {
      checkValue(document, additionalProperties, item, `${at}.${name}`);
    }
    return;
  }
  checkScalar(property, value, at);
}

function checkScalar({ type, format, enum: values }: Property, value: unknown, at: string): void {
  if (type === 'string' && typeof value !== 'string' && !(format === 'int64' && typeof value === 'number')) {
    throw invalid(at, 'STRING');
  }
  if (type === 'boolean' && typeof value !== 'boolean') throw invalid(at, 'BOOL');
  if (type === 'integer' && !Number.isInteger(value)) throw invalid(at, 'INT32');
  if (type === 'number' && typeof value !== 'number') throw invalid(at, 'DOUBLE');
  if (values !== undefined && !values.includes(String(value))) throw invalid(at, 'ENUM', value);
}

function invalid(at: string, type: string, value?: unknown): Refusal {
  const said = value === undefined ? '' : `, ${JSON.stringify(value)}`;
  return new Refusal(400, `Invalid value at '${at}' (TYPE_${type})${said}`);
}
