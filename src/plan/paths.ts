import { posix } from 'node:path';
import { shown } from '../runtime/errors.ts';

/** `folder/name`, where the folder may be `.`. */
export function inFolder(folder: string, name: string): string {
  return posix.join(folder, name);
}

/** The folder of a file, `.` for the repository's own. */
export function folderOf(path: string): string {
  return posix.dirname(path);
}

/** A folder and those that it lies in, nearest first, `.` last. */
export function upwards(folder: string): readonly string[] {
  const folders = [folder];
  for (let next = folder; next !== '.'; ) {
    next = folderOf(next);
    folders.push(next);
  }
  return folders;
}

/** Whether `path` is `folder` or lies below it. */
export function isWithin(folder: string, path: string): boolean {
  return folder === '.' || path === folder || path.startsWith(`${folder}/`);
}

/** A folder as seen from another one: `../shared`; `.` for itself. */
export function seenFrom(folder: string, path: string): string {
  return posix.relative(folder, path) || '.';
}

/** A foreign name for a line of text: as it is when it is ordinary, quoted and escaped otherwise. */
export function named(name: string): string {
  return /^[\w@./+,=~^-]{1,214}$/.test(name) ? name : shown(name, 120);
}

/** The first names and how many more there are: `a, b, c and 7 more`. */
export function namedList(names: readonly string[], most = 5): string {
  const first = names.slice(0, most).map(named).join(', ');
  return names.length > most ? `${first} and ${names.length - most} more` : first;
}
