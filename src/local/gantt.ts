import { type Style, shorten, styled, type Terminal, widthOf } from './terminal-text.ts';

interface Bar {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly tags: readonly string[];
}

/**
 * A mermaid gantt chart (https://mermaid.js.org/syntax/gantt.html) whose dates are numbers, as bars of text; undefined
 * for any other diagram.
 */
export function renderGantt(source: string, terminal: Terminal): readonly string[] | undefined {
  const lines = source.split('\n').map((line) => line.trim());
  if (lines.find((line) => line !== '' && !line.startsWith('%%') && line !== '---') !== 'gantt') return undefined;
  const bars = lines.map(parseBar).filter((bar) => bar !== undefined);
  if (bars.length === 0) return undefined;
  const unit = /^dateFormat\s+X$/m.test(lines.join('\n')) ? 1 : 1_000;
  const first = Math.min(...bars.map(({ start }) => start));
  const last = Math.max(...bars.map(({ end }) => end), first + 1);
  const nameWidth = Math.min(30, Math.max(...bars.map(({ name }) => widthOf(name))));
  const space = Math.max(10, Math.min(60, terminal.width - nameWidth - 14));
  return bars.map(({ name, start, end, tags }) => {
    const from = Math.round(((start - first) / (last - first)) * space);
    const length = Math.max(1, Math.round(((end - start) / (last - first)) * space));
    const label = shorten(name, nameWidth);
    const bar = `${' '.repeat(Math.min(from, space - 1))}${'█'.repeat(Math.min(length, space - Math.min(from, space - 1)))}`;
    const seconds = `${((end - start) / unit).toFixed(1)} s`;
    const padding = ' '.repeat(nameWidth - widthOf(label));
    return `${label}${padding}  ${styled(bar.padEnd(space), styleOf(tags), terminal)} ${seconds.padStart(8)}`;
  });
}

/** `name :tag, id, start, end`; the end may be a duration (`12s`, `300ms`). */
function parseBar(line: string): Bar | undefined {
  const match = /^(.+?)\s*:\s*([^:]*)$/.exec(line);
  if (match === null) return undefined;
  const fields = (match[2] ?? '').split(',').map((field) => field.trim());
  const start = Number(fields.at(-2));
  const finish = fields.at(-1) ?? '';
  const duration = /^([\d.]+)(ms|s|m)$/.exec(finish);
  const factor = { ms: 1, s: 1_000, m: 60_000 }[duration?.[2] as 'ms' | 's' | 'm'] ?? 0;
  const end = duration === null ? Number(finish) : start + Number(duration[1]) * factor;
  if (fields.length < 2 || !Number.isFinite(start) || !Number.isFinite(end) || finish === '') return undefined;
  // Mermaid writes a colon or a number sign inside a name as an entity.
  const name = (match[1] ?? '').replaceAll('#colon;', ':').replaceAll('#35;', '#');
  return { name, start, end: Math.max(start, end), tags: fields.slice(0, -2) };
}

function styleOf(tags: readonly string[]): Style {
  if (tags.includes('crit')) return 'red';
  return tags.includes('done') ? 'green' : 'blue';
}
