/**
 * How Node prints an error that ended the process: `/path/a.js:3`, the source line, carets, the error, its stack,
 * `Node.js v24.0.0`. Node's test runner says no more than "test failed" of a file that ends so.
 */
import { addLine, toMessage } from './message.ts';
import { trailingPosition } from './position.ts';
import type { Place } from './problem.ts';
import { addFrame, addPlaces, isForeign, isFrame } from './stack.ts';

export interface Crash {
  places: Place[];
  message: string;
}

export interface CrashReader {
  line(text: string): void;
  /** The crash read since the last call, if there was one. */
  take(): Crash | undefined;
}

interface Reading {
  places: Place[];
  error: string[];
  part: 'source' | 'error' | 'stack';
  sourceLines: number;
}

export function createCrashReader(): CrashReader {
  let open: Reading | undefined;
  return {
    line(text) {
      const start = open === undefined || open.part === 'source' ? readStart(text) : undefined;
      if (start !== undefined) open = { places: [start], error: [], part: 'source', sourceLines: 0 };
      else if (open !== undefined && !readBody(text, open)) open = undefined;
    },
    take() {
      const crash = open;
      open = undefined;
      if (crash === undefined || crash.error.length === 0) return undefined;
      return { places: crash.places.filter((place) => !isForeign(place.path)), message: toMessage(crash.error) };
    },
  };
}

function readStart(text: string): Place | undefined {
  if (!text.startsWith('/') && !text.startsWith('file:///') && !text.startsWith('node:')) return undefined;
  const place = trailingPosition(text);
  return place?.column === undefined ? place : undefined;
}

/** False when the text turns out to be no crash: no carets under the source. */
function readBody(text: string, reading: Reading): boolean {
  if (reading.part === 'source') {
    reading.sourceLines += 1;
    if (/^\s{0,4095}\^+\s*$/.test(text)) reading.part = 'error';
    return reading.part === 'error' || reading.sourceLines < 4;
  }
  if (isFrame(text)) {
    reading.part = 'stack';
    addFrame(reading.places, text);
    return true;
  }
  if (reading.part === 'stack' || text.startsWith('Node.js v')) return true;
  addLine(reading.error, text);
  const importer = text.lastIndexOf(' imported from ');
  if (importer !== -1) addPlaces(reading.places, [{ path: text.slice(importer + ' imported from '.length) }]);
  return true;
}
