/** One fault that a linter found. Lines and columns count from 1. */
export interface Finding {
  readonly tool: string;
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

export function describeFinding({ tool, path, line, column, message }: Finding): string {
  return `${path}:${line}:${column}: ${message} (${tool})`;
}
