import { shown } from '../runtime/errors.ts';
import { isMap } from '../runtime/yaml.ts';
import { RECORD_FORMAT } from '../scan/record.ts';

/** An image in a registry by its digest; nothing else of what can be scanned can be deployed. */
const IMAGE = /^[a-z0-9][a-zA-Z0-9.:/_-]{0,400}\/([a-z0-9][a-z0-9._-]{0,100})@(sha256:[0-9a-f]{64})$/;

/** An image that was scanned. */
export interface ScannedImage {
  /** The last part of its name, `api`. */
  readonly name: string;
  /** `sha256:…` */
  readonly digest: string;
}

/**
 * The images that a scan has looked at and passed, from its result: foreign text, every field that is used is checked.
 *
 * @param commit the one that the run is about
 * @returns what is wrong with it
 */
export function scannedImages(content: Buffer, commit: string): readonly ScannedImage[] | string {
  let record: unknown;
  try {
    record = JSON.parse(content.toString('utf8'));
  } catch {
    return 'it is not JSON';
  }
  if (!isMap(record) || record['format'] !== RECORD_FORMAT) return 'it is of another format';
  const { commit: said, passed, targets } = record;
  if (said !== commit) return `it is of commit ${shown(said)} instead of ${shown(commit)}`;
  if (passed !== true) return 'it did not pass';
  if (!Array.isArray(targets) || targets.length === 0 || targets.length > 100) return 'it names no image';
  const images = (targets as readonly unknown[]).flatMap((target): readonly ScannedImage[] => {
    const { reference } = isMap(target) ? target : {};
    const [, name, digest] = typeof reference === 'string' ? (IMAGE.exec(reference) ?? []) : [];
    return name === undefined || digest === undefined ? [] : [{ name, digest }];
  });
  return images.length === targets.length ? images : 'it is not of images in a registry';
}
