#!/usr/bin/env node
// Prisma's schema engine from its WebAssembly package, behind the JSON-RPC that the CLI speaks with the native program:
// for tests on machines that can't download that one. Arguments: `--datamodels FILE`…, `--datasource JSON` (of Prisma 6
// after `cli`: the address), and `cli can-connect-to-database` instead of JSON-RPC. SCHEMA_ENGINE_PACKAGES names another
// package.json than that of Prisma 7.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { setFlagsFromString } from 'node:v8';

// It runs for a second: optimizing its code costs more than that gains.
for (const flag of ['--no-wasm-tier-up', '--no-wasm-dynamic-tiering']) setFlagsFromString(flag);

const packages = createRequire(
  process.env.SCHEMA_ENGINE_PACKAGES ?? new URL('../../.tools/prisma/package.json', import.meta.url),
);
const gluePath = packages.resolve('@prisma/schema-engine-wasm/schema_engine_bg');
const glue = await import(pathToFileURL(gluePath).href);
const bytes = await readFile(gluePath.replace(/js$/, 'wasm'));
const { instance } = await WebAssembly.instantiate(bytes, { './schema_engine_bg.js': glue });
glue.__wbg_set_wasm(instance.exports);
instance.exports.__wbindgen_start();
const { PrismaPg } = await import(pathToFileURL(packages.resolve('@prisma/adapter-pg')).href);
const adapters = await import(pathToFileURL(packages.resolve('@prisma/driver-adapter-utils')).href);

const args = process.argv.slice(2);
const after = (name) => args.flatMap((value, index) => (args[index - 1] === name ? [value] : []));
const datamodels = await Promise.all(after('--datamodels').map(async (path) => [path, await readFile(path, 'utf8')]));
const given = after('--datasource')[0] ?? '{}';
const addresses = given.startsWith('{') ? JSON.parse(given) : { url: given };
// Prisma 6 leaves it to the engine to read what the schema names: `env("DATABASE_URL")`.
const { url = process.env.SCHEMA_ENGINE_PACKAGES && process.env.DATABASE_URL, shadowDatabaseUrl } = addresses;
if (args.includes('--version')) {
  process.stdout.write('schema-engine-cli 0edf323efd1d98336f3f0a68684b56f689b900d3\n');
  process.exit(0);
}

/** Comparing a schema with nothing needs no database: the native program asks none, this package asks its version. */
const noDatabase = {
  provider: 'postgres',
  adapterName: 'none',
  queryRaw: async () => ({ columnNames: [], columnTypes: [], rows: [] }),
  executeRaw: async () => 0,
  executeScript: async () => undefined,
  dispose: async () => undefined,
  getConnectionInfo: () => ({ schemaName: 'public', supportsRelationJoins: true }),
};

function factoryOf(connectionString) {
  const schema = /[?&]schema=([^&]+)/.exec(connectionString)?.[1];
  return new PrismaPg({ connectionString }, schema === undefined ? {} : { schema });
}

/** Types of PostgreSQL's catalogue that drivers do not know, the one-letter one and names; and text. */
const INTERNAL = [18, 19];
const TEXT = 25;

/** The native program reads the catalogue as it is. */
function readable(adapter) {
  const driver = adapter.underlyingDriver();
  const query = driver.query.bind(driver);
  driver.query = async (...given) => {
    const result = await query(...given);
    for (const field of result.fields ?? []) if (INTERNAL.includes(field.dataTypeID)) field.dataTypeID = TEXT;
    return result;
  };
  return adapter;
}

/** The native program sends a file as one query, which PostgreSQL runs as one transaction; the driver splits it. */
function undivided(adapter) {
  adapter.executeScript = async (script) => {
    try {
      await adapter.underlyingDriver().query(script);
    } catch (error) {
      adapter.onError(error);
    }
  };
  return adapter;
}

const plain = factoryOf(url ?? '');
const connect = plain.connect.bind(plain);
plain.connect = async () => undivided(readable(await connect()));
// A user without a name is who `mode: plan` gives where a configuration wants an address.
if (!url || url.startsWith('postgresql://nobody@')) plain.connect = async () => noDatabase;
if (shadowDatabaseUrl) {
  plain.connectToShadowDb = async () => undivided(readable(await factoryOf(shadowDatabaseUrl).connect()));
}
const factory = adapters.bindMigrationAwareSqlAdapterFactory(plain);

async function engine() {
  return await glue.SchemaEngine.new(
    { datamodels: datamodels.length === 0 ? undefined : datamodels },
    () => undefined,
    factory,
  );
}

/** An error of the engine as JSON-RPC carries it: message, code (P1001…) and meta. */
function errorOf(error) {
  const { message, code, meta } = error;
  return {
    code: 4466,
    message: 'An error happened.',
    data: { is_panic: false, message: String(message), meta, error_code: code },
  };
}

if (args.includes('can-connect-to-database')) {
  try {
    await (await engine()).ensureConnectionValidity({ datasource: { tag: 'ConnectionString', url } });
    process.exit(0);
  } catch (error) {
    const { data } = errorOf(error);
    const fields = { is_panic: false, message: data.message, error_code: data.error_code };
    // The CLI passes over the first line and takes every other one for JSON.
    const line = `\n${JSON.stringify({ level: 'ERROR', target: 'schema_engine::logger', fields })}`;
    await new Promise((resolve) => process.stderr.write(line, resolve));
    process.exit(1);
  }
}

const running = engine();
running.catch(() => undefined);
for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line);
  if (request.result !== undefined) continue;
  const answer = (part) => process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...part })}\n`);
  try {
    const result = await (await running)[request.method](request.params);
    if (request.method === 'diff' && result.stdout)
      answer({ id: -1, method: 'print', params: { content: result.stdout } });
    answer({ id: request.id, result: result ?? null });
  } catch (error) {
    if (process.env.SCHEMA_ENGINE_DEBUG) console.error(error);
    answer({ id: request.id, error: errorOf(error) });
  }
}
