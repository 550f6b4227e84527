/** Foreign text on one line, without control characters, at most `limit` characters. */
export function plain(text: string, limit: number): string {
  // Cut before the expressions run: the text may be long.
  const line = text
    .slice(0, limit * 4)
    .replace(/\u001b\[[0-9;?]*[ -/]*[@-~]/g, '')
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ')
    .replace(/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '')
    .trim();
  return line.length > limit ? `${line.slice(0, limit - 1)}…` : line;
}
