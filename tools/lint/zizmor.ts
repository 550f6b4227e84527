import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { installPythonTools } from '../install/python.ts';
import { root } from '../install/root.ts';
import type { SourceFile } from './files.ts';
import type { Finding } from './finding.ts';

interface ZizmorFinding {
  readonly ident: string;
  readonly desc: string;
  readonly ignored: boolean;
  readonly locations: readonly {
    readonly symbolic: { readonly key: { readonly Local?: { readonly verbatim_path: string } } };
    readonly concrete: {
      readonly location: { readonly start_point: { readonly row: number; readonly column: number } };
    };
  }[];
}

/** What zizmor's strictest persona says of workflows, actions and callers' files, as they are. */
export async function zizmorFindings(files: readonly SourceFile[]): Promise<Finding[]> {
  const folder = await installPythonTools('lint-python', join(root, 'tools/lint/requirements.txt'));
  const args = ['--offline', '--persona=pedantic', '--strict-collection', '--format=json', '--no-exit-codes'];
  const paths = files.map(({ path }) => path);
  const output = await new Promise<string>((resolve, reject) => {
    execFile(
      join(folder, 'zizmor'),
      [...args, ...paths],
      { cwd: root, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => {
        if (error === null) resolve(stdout);
        else reject(new Error(`zizmor failed: ${stderr}`, { cause: error }));
      },
    );
  });
  const findings = JSON.parse(output) as readonly ZizmorFinding[];
  return findings.filter(({ ignored }) => !ignored).map(described);
}

function described({ ident, desc, locations }: ZizmorFinding): Finding {
  const place = locations[0];
  return {
    tool: `zizmor ${ident}`,
    path: place?.symbolic.key.Local?.verbatim_path ?? '',
    line: (place?.concrete.location.start_point.row ?? 0) + 1,
    column: (place?.concrete.location.start_point.column ?? 0) + 1,
    message: desc,
  };
}
