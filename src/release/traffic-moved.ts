import { ProjectFailure, shown } from '../runtime/errors.ts';

/** Something else moved traffic while this run meant to: it stops, because two hands on one wheel are worse than one. */
export class TrafficMoved extends ProjectFailure {
  /** @param said what the platform answered, or what serves now */
  constructor(place: string, said: string) {
    super({
      code: 'PIPE-RELEASE-002',
      what: `something else moved traffic of ${place} at the same time`,
      given: shown(said, 300),
      remedy: 'look at what serves now; run again when that is what you expect',
      state: 'this run moved nothing after that',
    });
  }
}
