import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A document in which Google describes an API (developers.google.com/discovery/v1/reference/apis). */
interface Document {
  readonly schemas: Readonly<Record<string, Schema>>;
  readonly parameters: Readonly<Record<string, Parameter>>;
  readonly resources: Readonly<Record<string, Resource>>;
}

interface Resource {
  readonly methods?: Readonly<Record<string, Method>>;
  readonly resources?: Readonly<Record<string, Resource>>;
}

export interface Method {
  readonly id: string;
  readonly httpMethod: string;
  /** `v1beta1/sites/{sitesId}/versions`; of methods without names in their path it can be missing. */
  readonly flatPath?: string;
  readonly path: string;
  readonly parameters?: Readonly<Record<string, Parameter>>;
  readonly request?: { readonly $ref: string };
}

interface Parameter {
  readonly type?: string;
  readonly location?: string;
}

interface Schema {
  readonly type?: string;
  readonly $ref?: string;
  readonly format?: string;
  readonly enum?: readonly string[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema;
}

/** A method of an API with what its path says. */
export interface Found {
  readonly method: Method;
  /** `sitesId` to `shop`. */
  readonly names: Readonly<Record<string, string>>;
}

export interface Description {
  /** @returns undefined when the API has no such method */
  readonly find: (verb: string, path: string) => Found | undefined;
  /** Google's words about a query that is not as described; undefined when it is. */
  readonly queryFault: (method: Method, query: URLSearchParams) => string | undefined;
  /** Google's words about a body that is not as described; undefined when it is. */
  readonly bodyFault: (method: Method, body: unknown) => string | undefined;
  /** The same about a value of a schema: for bodies that came in another form than JSON. */
  readonly valueFault: (schema: string, value: unknown) => string | undefined;
}

/** @param folder of the documents; @param name `firebasehosting.v1beta1` */
export async function readDescription(folder: string, name: string): Promise<Description> {
  const document = JSON.parse(await readFile(join(folder, `${name}.json`), 'utf8')) as Document;
  const methods = Object.values(document.resources).flatMap(methodsOf);
  const patterns = methods.map((method) => {
    const path = method.flatPath ?? method.path;
    const names = [...path.matchAll(/\{\+?(\w+)\}/g)].map(([, one]) => one ?? '');
    const source = path
      .split(/\{\+?\w+\}/)
      .map((part) => part.replace(/[.*+?^$()|[\]\\]/g, '\\$&'))
      .join('([^/:]+)');
    return { method, names, pattern: new RegExp(`^/${source}$`) };
  });
  return {
    find: (verb, path) => {
      for (const { method, names, pattern } of patterns) {
        const match = method.httpMethod === verb ? pattern.exec(path) : null;
        if (match === null) continue;
        const values = names.map((one, index) => [one, decodeURIComponent(match[index + 1] ?? '')]);
        return { method, names: Object.fromEntries(values) };
      }
      return undefined;
    },
    queryFault: (method, query) => {
      const known = { ...document.parameters, ...method.parameters };
      for (const [key, value] of query) {
        const parameter = known[key];
        if (parameter === undefined || parameter.location === 'path') {
          return `Invalid JSON payload received. Unknown name "${key}": Cannot bind query parameter. Field '${key}' could not be found in request message.`;
        }
        if (parameter.type === 'integer' && !/^-?\d+$/.test(value))
          return `Invalid value at '${key}' (TYPE_INT32), ${JSON.stringify(value)}`;
        if (parameter.type === 'boolean' && !/^(true|false)$/.test(value))
          return `Invalid value at '${key}' (TYPE_BOOL), ${JSON.stringify(value)}`;
      }
      return undefined;
    },
    bodyFault: (method, body) => {
      if (method.request === undefined) return body === undefined ? undefined : 'Request body is not empty';
      return valueFault(document, method.request, body ?? {}, '');
    },
    valueFault: (schema, value) => valueFault(document, { $ref: schema }, value, ''),
  };
}

function methodsOf(resource: Resource): readonly Method[] {
  return [...Object.values(resource.methods ?? {}), ...Object.values(resource.resources ?? {}).flatMap(methodsOf)];
}

function valueFault(document: Document, schema: Schema, value: unknown, at: string): string | undefined {
  const { $ref } = schema;
  const real = $ref === undefined ? schema : document.schemas[$ref];
  if (real === undefined) throw new Error(`no schema ${$ref}`);
  // In Google's JSON null is the same as left out.
  if (value === null || value === undefined || real.type === 'any') return undefined;
  if (real.type === 'string') return textFault(real, value, at);
  if (real.type === 'array') {
    if (!Array.isArray(value)) return wrong(at, 'TYPE_MESSAGE', value);
    return first(value.map((item, index) => valueFault(document, real.items ?? {}, item, `${at}[${index}]`)));
  }
  const scalar = SCALARS[real.type ?? ''];
  if (scalar === undefined) return objectFault(document, real, value, at);
  return scalar.fits(value) ? undefined : wrong(at, scalar.type, value);
}

const SCALARS: Readonly<Record<string, { readonly type: string; readonly fits: (value: unknown) => boolean }>> = {
  integer: { type: 'TYPE_INT32', fits: Number.isInteger },
  number: { type: 'TYPE_DOUBLE', fits: (value) => typeof value === 'number' },
  boolean: { type: 'TYPE_BOOL', fits: (value) => typeof value === 'boolean' },
};

function wrong(at: string, type: string, value: unknown): string {
  return `Invalid value at '${at}' (${type}), ${JSON.stringify(value)}`;
}

function textFault(schema: Schema, value: unknown, at: string): string | undefined {
  // A number of 64 bits may come as one.
  if (schema.format === 'int64' && Number.isInteger(value)) return undefined;
  if (typeof value !== 'string') return wrong(at, 'TYPE_STRING', value);
  return schema.enum?.includes(value) === false ? wrong(at, 'TYPE_ENUM', value) : formatFault(schema.format, value, at);
}

function objectFault(document: Document, schema: Schema, value: unknown, at: string): string | undefined {
  if (typeof value !== 'object' || Array.isArray(value) || value === null) {
    return `Invalid value at '${at}' (TYPE_MESSAGE), ${JSON.stringify(value)}`;
  }
  return first(
    Object.entries(value).map(([key, one]) => {
      const property = schema.properties?.[key] ?? schema.additionalProperties;
      if (property === undefined) {
        return `Invalid JSON payload received. Unknown name "${key}"${at === '' ? '' : ` at '${at}'`}: Cannot find field.`;
      }
      return valueFault(document, property, one, at === '' ? key : `${at}.${key}`);
    }),
  );
}

function formatFault(format: string | undefined, value: string, at: string): string | undefined {
  if (format === 'google-duration' && !/^\d+(\.\d{1,9})?s$/.test(value)) {
    return `Invalid value at '${at}' (type.googleapis.com/google.protobuf.Duration), Field '${at}', Illegal duration format; duration must end with 's'`;
  }
  if (format === 'google-datetime' && Number.isNaN(Date.parse(value))) {
    return `Invalid value at '${at}' (type.googleapis.com/google.protobuf.Timestamp), Field '${at}', Invalid time format`;
  }
  return undefined;
}

function first(faults: readonly (string | undefined)[]): string | undefined {
  return faults.find((fault) => fault !== undefined);
}
