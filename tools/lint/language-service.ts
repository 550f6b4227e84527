import './json-modules.ts';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type SourceFile, withoutCacheMode } from './files.ts';
import type { Finding } from './finding.ts';

const { FeatureFlags } = await import('@actions/expressions');
const { registerLogger, validate } = await import('@actions/languageservice');
const { TextDocument } = await import('vscode-languageserver-textdocument');

// It logs its own failures and then reports no findings; a linter that failed must not look like one that found nothing.
const complain = (message: string) => {
  throw new Error(`GitHub's language service failed: ${message}`);
};
registerLogger({ error: complain, warn: complain, info: () => undefined, log: () => undefined });

let validated = 0;

/**
 * What GitHub's own language service says of a workflow or action file: structure, expressions, missing and unknown
 * inputs of what it calls.
 *
 * @param root folder in which `$/`, `./` and callers' `org/pipelines/…@v1` references are looked up
 */
export async function languageServiceFindings(file: SourceFile, root: string): Promise<Finding[]> {
  validated += 1;
  // It caches by address, so that each text needs its own.
  const uri = `file:///${validated}/${file.path}`;
  const document = TextDocument.create(
    uri,
    file.path.endsWith('action.yml') ? 'action' : 'yaml',
    1,
    withoutCacheMode(file.text),
  );
  const diagnostics = await validate(document, {
    featureFlags: new FeatureFlags({ all: true }),
    fileProvider: {
      getFileContent: async (reference) => ({
        name: reference.path,
        content: withoutCacheMode(await readFile(join(root, reference.path), 'utf8')),
      }),
    },
  });
  return diagnostics.map(({ message, range }) => ({
    tool: 'language service',
    path: file.path,
    line: range.start.line + 1,
    column: range.start.character + 1,
    message: typeof message === 'string' ? message : message.value,
  }));
}
