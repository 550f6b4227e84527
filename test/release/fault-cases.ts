import { type CloudFault, FAULTS } from '../support/cloud-faults.ts';

/** One thing that goes wrong at one call. */
export interface Case {
  /** Place of the call in a good run, from 0. */
  readonly call: number;
  readonly fault: CloudFault | 'killed before' | 'killed after';
  /** Each try of that call and all later ones of its kind, or the first only. */
  readonly lasts: 'once' | 'always';
}

/** Every fault at every call, once and lasting, and a process killed before and after every call. */
export function everyCase(calls: number): readonly Case[] {
  const lasting = ['once', 'always'] as const;
  return Array.from({ length: calls }, (_, call) => [
    ...FAULTS.flatMap((fault) => lasting.map((lasts) => ({ call, fault, lasts }))),
    ...(['killed before', 'killed after'] as const).map((fault) => ({ call, fault, lasts: 'once' as const })),
  ]).flat();
}

/** A few cases of each kind, spread over the calls; the same ones each time. */
export function sampleCases(calls: number): readonly Case[] {
  return Array.from({ length: calls }, (_, call): readonly Case[] => {
    const pick = (offset: number) => FAULTS[(call * 2 + offset) % FAULTS.length] ?? 'lost';
    const kill = call % 2 === 0 ? 'killed after' : 'killed before';
    return [
      { call, fault: pick(0), lasts: 'once' },
      { call, fault: pick(4), lasts: 'always' },
      ...(call % 3 === 2 ? [{ call, fault: kill, lasts: 'once' } as const] : []),
    ];
  }).flat();
}
