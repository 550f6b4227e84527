import { stat } from 'node:fs/promises';

/** Programs of Debian's packages `prometheus` and `prometheus-alertmanager`. */
export interface AlertPrograms {
  readonly prometheus: string;
  readonly alertmanager: string;
}

const PLACES = {
  prometheus: ['/usr/bin/prometheus', '/usr/local/bin/prometheus'],
  alertmanager: ['/usr/bin/prometheus-alertmanager', '/usr/local/bin/alertmanager'],
} as const;

/** The real servers. @throws Error that says what to install */
export async function findPrometheus(): Promise<AlertPrograms> {
  return { prometheus: await find(PLACES.prometheus), alertmanager: await find(PLACES.alertmanager) };
}

async function find(places: readonly string[]): Promise<string> {
  for (const place of places) {
    const isThere = await stat(place).then(
      (found) => found.isFile(),
      () => false,
    );
    if (isThere) return place;
  }
  throw new Error(`${places[0]} is not installed: apt-get install prometheus prometheus-alertmanager`);
}
