import type { ReleaseKey } from '../openpgp-keys.ts';
import { armored as key5BE8A3F6 } from './5BE8A3F6C8A5C01D106C0AD820B1A390B168D356.ts';
import { armored as key8FCCA13F } from './8FCCA13FEF1D0C2E91008E09770F7A9A5AE15600.ts';
import { armored as key108F52B4 } from './108F52B48DB57BB0CC439B2997B01419BD92F80A.ts';
import { armored as key655F3B5C } from './655F3B5C1FB3FA8D1A0CA6BDE4A7D232B936D2FD.ts';
import { armored as key890C08DB } from './890C08DB8579162FEE0DF9DB8BEAB4DFCF555EF4.ts';
import { armored as keyA363A499 } from './A363A499291CBBC940DD62E41F10027AF002F8B0.ts';
import { armored as keyC0D62484 } from './C0D6248439F1D5604AAFFB4021D900FFDB233756.ts';
import { armored as keyC82FA3AE } from './C82FA3AE1CBEDC6BE46B9360C43CEC45C17AB93C.ts';
import { armored as keyCC68F5A3 } from './CC68F5A3106FF448322E48ED27F5E38D5B0A215F.ts';
import { armored as keyDD792F59 } from './DD792F5973C6DE52C432CBDAC77ABFA00DDBF2B7.ts';

/**
 * Public keys of the people who sign Node's releases, as the Node project publishes them (nodejs/node README, "Release
 * keys"; nodejs/release-keys). First those that sign now, then two that signed releases of lines still in use.
 */
export const nodeReleaseKeys: readonly ReleaseKey[] = [
  { holder: 'Antoine du Hamel', fingerprint: '5BE8A3F6C8A5C01D106C0AD820B1A390B168D356', armored: key5BE8A3F6 },
  { holder: 'Juan José Arboleda', fingerprint: 'DD792F5973C6DE52C432CBDAC77ABFA00DDBF2B7', armored: keyDD792F59 },
  { holder: 'Marco Ippolito', fingerprint: 'CC68F5A3106FF448322E48ED27F5E38D5B0A215F', armored: keyCC68F5A3 },
  { holder: 'Rafael Gonzaga', fingerprint: '890C08DB8579162FEE0DF9DB8BEAB4DFCF555EF4', armored: key890C08DB },
  { holder: 'Richard Lau', fingerprint: 'C82FA3AE1CBEDC6BE46B9360C43CEC45C17AB93C', armored: keyC82FA3AE },
  { holder: 'Ruy Adorno', fingerprint: '108F52B48DB57BB0CC439B2997B01419BD92F80A', armored: key108F52B4 },
  { holder: 'Stewart X Addison', fingerprint: '655F3B5C1FB3FA8D1A0CA6BDE4A7D232B936D2FD', armored: key655F3B5C },
  { holder: 'Ulises Gascón', fingerprint: 'A363A499291CBBC940DD62E41F10027AF002F8B0', armored: keyA363A499 },
  { holder: 'Michaël Zasso', fingerprint: '8FCCA13FEF1D0C2E91008E09770F7A9A5AE15600', armored: key8FCCA13F },
  { holder: 'Antoine du Hamel', fingerprint: 'C0D6248439F1D5604AAFFB4021D900FFDB233756', armored: keyC0D62484 },
];
