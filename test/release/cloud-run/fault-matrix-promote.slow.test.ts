import { it } from 'vitest';
import { expectWholeMatrix, WHOLE } from './matrix.ts';

it(
  'of promote ends done or undone whatever goes wrong, as gcloud sees it, converges when killed, and loses no request',
  WHOLE,
  async () => {
    await expectWholeMatrix('promote');
  },
);
