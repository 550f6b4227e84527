import { parse as parseYaml } from 'yaml';
import { UsageError } from './usage-error.ts';

/** A value of a workflow file. */
export type Value = string | number | boolean | null | undefined | readonly Value[] | ValueMap;
export interface ValueMap {
  readonly [key: string]: Value;
}

export interface CallInput {
  readonly type: 'string' | 'boolean' | 'number';
  readonly required: boolean;
  readonly default: Value;
  readonly description: string;
}

/** What a called workflow takes and gives (`on.workflow_call`). */
export interface CallContract {
  readonly inputs: Readonly<Record<string, CallInput>>;
  readonly secrets: Readonly<Record<string, { readonly required: boolean }>>;
  readonly outputs: Readonly<Record<string, string>>;
}

/**
 * Reads a workflow file. Anchors and merge keys are resolved.
 *
 * @throws UsageError with the place, when it is no YAML mapping with jobs.
 */
export function parseWorkflow(text: string, label: string): ValueMap {
  let document: unknown;
  try {
    document = parseYaml(text, { merge: true, maxAliasCount: 1_000 });
  } catch (error) {
    throw new UsageError(`${label} is not valid YAML: ${firstLine(error)}`);
  }
  if (!isMap(document) || !isMap(document['jobs'])) {
    throw new UsageError(`${label} is no workflow: it has no jobs`);
  }
  return document;
}

function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split('\n', 1)[0] ?? message;
}

export function isMap(value: unknown): value is ValueMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function mapOf(value: Value): ValueMap {
  return isMap(value) ? value : {};
}

/** A scalar or a list of scalars as a list of texts. */
export function listOf(value: Value): readonly string[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value.map(textOf) : [textOf(value)];
}

/** A scalar as text; nothing for nothing. */
export function textOf(value: Value): string {
  return value === undefined || value === null || typeof value === 'object' ? '' : String(value);
}

export function jobsOf(document: ValueMap): readonly (readonly [string, ValueMap])[] {
  return Object.entries(mapOf(document['jobs'])).map(([id, job]) => [id, mapOf(job)] as const);
}

/** The events in `on`, with what is said about each. */
export function triggersOf(document: ValueMap): ValueMap {
  const on = document['on'];
  if (isMap(on)) return on;
  return Object.fromEntries(listOf(on).map((name) => [name, {}]));
}

/** The contract of a callable workflow, or undefined when it cannot be called. */
export function contractOf(document: ValueMap): CallContract | undefined {
  const triggers = triggersOf(document);
  if (!('workflow_call' in triggers)) return undefined;
  const call = mapOf(triggers['workflow_call']);
  return {
    inputs: mapValues(mapOf(call['inputs']), (input) => {
      const type = textOf(input['type']);
      return {
        type: type === 'boolean' || type === 'number' ? type : 'string',
        required: input['required'] === true,
        default: input['default'],
        description: textOf(input['description']),
      };
    }),
    secrets: mapValues(mapOf(call['secrets']), (secret) => ({ required: secret['required'] === true })),
    outputs: mapValues(mapOf(call['outputs']), (output) => textOf(output['value'])),
  };
}

function mapValues<T>(map: ValueMap, convert: (value: ValueMap) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, convert(mapOf(value))]));
}

/**
 * The file as act reads it: JSON, which is YAML without surprises. Characters that YAML 1.1 readers refuse in plain
 * text are escaped.
 */
export function renderWorkflow(document: ValueMap): string {
  return JSON.stringify(document, undefined, 1).replace(
    /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
