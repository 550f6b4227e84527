/** Stack frames of JavaScript (`at fn (file:1:2)`) and of vitest (`❯ fn file:1:2`). */
import { trailingPosition } from './position.ts';
import type { Place } from './problem.ts';

const mostPlaces = 40;
const frameMarks = ['at ', '❯ '];

export function isFrame(text: string): boolean {
  const trimmed = text.trimStart();
  return frameMarks.some((mark) => trimmed.startsWith(mark)) && /:\d+\)?(?: \{)?\s*$/.test(trimmed.slice(-20));
}

/**
 * Where a frame points. Function names and paths may both contain spaces, so a frame without parentheses gives
 * several candidates; only one of them is a file.
 */
function framePlaces(text: string): Place[] {
  let frame = text.trim();
  if (frame.endsWith(' {')) frame = frame.slice(0, -2);
  for (const mark of [...frameMarks, 'async ']) if (frame.startsWith(mark)) frame = frame.slice(mark.length);
  if (frame.endsWith(')') && frame.includes(' (')) frame = frame.slice(frame.indexOf(' (') + 2, -1);
  return suffixes(frame).flatMap((candidate) => {
    const place = trailingPosition(candidate);
    return place === undefined || isForeign(place.path) ? [] : [place];
  });
}

/** The text itself and what follows its first spaces: `name of project a b.ts` may be `a b.ts`. */
export function suffixes(text: string): string[] {
  const found = [text];
  for (let from = text.indexOf(' '); from !== -1 && found.length < 5; from = text.indexOf(' ', from + 1)) {
    found.push(text.slice(from + 1));
  }
  return found;
}

/** Code that is not the project's own: dependencies and the runtime. */
export function isForeign(path: string): boolean {
  return (
    path.startsWith('node:') ||
    path.startsWith('<') ||
    /(?:^|[\\/])(?:node_modules|(?:site|dist)-packages)[\\/]/.test(path)
  );
}

/** Adds places while there is room: a stack can be as long as the output. */
export function addPlaces(places: Place[], more: readonly Place[]): void {
  for (const place of more) if (places.length < mostPlaces) places.push(place);
}

export function addFrame(places: Place[], text: string): void {
  if (places.length < mostPlaces) addPlaces(places, framePlaces(text));
}
