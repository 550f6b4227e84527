import { randomUUID } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  type FSWatcher,
  mkdirSync,
  openSync,
  readSync,
  symlinkSync,
  watch,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { LEG_VARIABLE } from './matrix-job.ts';
import { UNSET_IN_JSON } from './needed-outputs.ts';

/** What steps print, by job: a file each, read as it grows. */
export interface OutputFiles {
  /**
   * What the job has printed since the last time; characters that have come in part wait for the rest. A line with
   * `marker`, a step's id, a space and the values of a matrix leg as JSON stands before the output of each program that
   * the job starts.
   */
  readonly read: (jobKey: string) => string;
  readonly marker: string;
  /** Calls back whenever some job has printed. */
  readonly watch: (onChange: () => void) => void;
  readonly close: () => void;
}

/** Programs that act starts in place of node and the shell. */
export interface Wrappers {
  /** Folder that goes first on act's own PATH: it has the `node` that actions run with. */
  readonly folder: string;
  /** Runs what follows it, its output in the job's file. */
  readonly step: string;
  /** Begins the line that names the step. */
  readonly marker: string;
}

/**
 * Writes the two wrappers. act gives steps a terminal, and drops what is still in it when a step fails. So a step's
 * output goes to a file by job instead, as it goes to a pipe on GitHub: nothing is lost, and no tool believes that
 * somebody is watching. The job is the last word of RUNNER_NAME.
 */
export function writeWrappers(folder: string, outputFolder: string, node: string): Wrappers {
  mkdirSync(folder);
  mkdirSync(outputFolder);
  const marker = `\u001e${randomUUID()} `;
  const write = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(path, text);
    chmodSync(path, 0o755);
    return path;
  };
  // A short name without spaces for the first line of the script.
  symlinkSync(node, join(folder, 'runtime'));
  write('node', nodeWrapper(join(folder, 'runtime'), outputFolder, marker));
  const file = `${quoted(outputFolder)}/"\${RUNNER_NAME##* }"`;
  const lines = [
    '#!/bin/sh',
    // JSON in one line: the lines that act makes of it are taken for words.
    `[ -z "$${LEG_VARIABLE}" ] || ${LEG_VARIABLE}=$(set -f; IFS='\n'; printf %s $${LEG_VARIABLE})`,
    `printf '%s %s\\n' ${quoted(marker)}"$GITHUB_ACTION" "$${LEG_VARIABLE}" >>${file}`,
    `unset ${LEG_VARIABLE}`,
    `exec "$@" </dev/null >>${file} 2>&1`,
  ];
  return { folder, marker, step: write('step', `${lines.join('\n')}\n`) };
}

/** A script in JavaScript: some shells drop INPUT_ variables, because their names have dashes. */
function nodeWrapper(node: string, outputFolder: string, marker: string): string {
  return `#!${node}
const { closeSync, openSync, writeSync } = require('node:fs');
const [, , program] = process.argv;
if (program === '--no-warnings') {
  // act asks once a job where node is: here.
  console.log(__filename);
} else {
  process.argv.splice(1, 1);
  // act reads itself what hashFiles() prints.
  if (!program.endsWith('/workflow/hashfiles/index.js')) {
    const file = ${JSON.stringify(`${outputFolder}/`)} + process.env.RUNNER_NAME.split(' ').at(-1);
    // A file that is opened takes the lowest number that is free.
    for (const [number, path, flags] of [[0, '/dev/null', 'r'], [1, file, 'a'], [2, file, 'a']]) {
      closeSync(number);
      openSync(path, flags);
    }
    const leg = (process.env.${LEG_VARIABLE} ?? '').replaceAll('\\n', '');
    writeSync(1, ${JSON.stringify(marker)} + process.env.GITHUB_ACTION + ' ' + leg + '\\n');
    delete process.env.${LEG_VARIABLE};
    for (const [name, value] of Object.entries(process.env)) {
      // What a job has not set is empty in toJSON(needs), too.
      if (name.startsWith('INPUT_')) process.env[name] = value.replaceAll(${new RegExp(UNSET_IN_JSON, 'g')}, '""');
    }
  }
  require('node:module').runMain();
}
`;
}

/** A text as one word of a shell. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** The command of a `shell:` value (https://docs.github.com/actions/reference/workflow-syntax-for-github-actions#jobsjob_idstepsshell). */
export function shellCommand(shell: string): string {
  const known: Readonly<Record<string, string>> = {
    '': 'bash -e {0}',
    bash: 'bash --noprofile --norc -e -o pipefail {0}',
    sh: 'sh -e {0}',
    python: 'python {0}',
    pwsh: `pwsh -command ". '{0}'"`,
  };
  return known[shell] ?? shell;
}

const CHUNK = 64 * 1024;

export function openOutputFiles(folder: string, marker: string): OutputFiles {
  const files = new Map<string, { readonly descriptor: number; readonly decoder: StringDecoder }>();
  const buffer = Buffer.alloc(CHUNK);
  let watcher: FSWatcher | undefined;

  const fileOf = (jobKey: string) => {
    const known = files.get(jobKey);
    if (known !== undefined) return known;
    try {
      const file = { descriptor: openSync(join(folder, jobKey), 'r'), decoder: new StringDecoder('utf8') };
      files.set(jobKey, file);
      return file;
    } catch (error) {
      // A job that has printed nothing has no file.
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  };

  return {
    marker,
    read: (jobKey) => {
      const file = fileOf(jobKey);
      if (file === undefined) return '';
      const parts: string[] = [];
      for (let size = CHUNK; size === CHUNK; ) {
        size = readSync(file.descriptor, buffer);
        parts.push(file.decoder.write(buffer.subarray(0, size)));
      }
      return parts.join('');
    },
    watch: (onChange) => {
      watcher = watch(folder, onChange);
    },
    close: () => {
      watcher?.close();
      for (const { descriptor } of files.values()) closeSync(descriptor);
      files.clear();
    },
  };
}
