export const severities = ['DEBUG', 'INFO', 'WARNING', 'ERROR'] as const;
export type Severity = (typeof severities)[number];

export type Log = (severity: Severity, message: string, fields?: Record<string, unknown>) => void;

/**
 * A log of one JSON object a line, with the field names that Cloud Logging understands
 * (https://cloud.google.com/logging/docs/structured-logging). Lines below `level` are left out.
 */
export function createLog(
  level: Severity,
  write: (line: string) => void,
  now: () => Date = () => new Date(),
): Log {
  const lowest = severities.indexOf(level);
  return (severity, message, fields = {}) => {
    if (severities.indexOf(severity) < lowest) return;
    write(`${JSON.stringify({ severity, time: now().toISOString(), message, ...fields })}\n`);
  };
}
