import { seededRandom } from '@parley/simulator';
import type { Holdings, InspectedProcess } from './inspected-process';
import { type SoakTally, soakVisit } from './soak-visit';
import { poll } from './sleep';

export interface SoakOptions {
  readonly url: string;
  readonly server: InspectedProcess;
  /** Conversations at the same time. */
  readonly sessions: number;
  /** Between two samples; visits run through and are over at each of them. */
  readonly roundMs: number;
  readonly rounds: number;
  readonly seed: number;
  readonly speech: readonly Int16Array[];
  /** Gauges that conversations move; all 0 when there are none. */
  readonly gauges: () => Promise<Record<string, number>>;
  readonly onSample?: (sample: SoakSample) => void;
}

/** What the server held when nobody was there. */
export interface SoakSample extends Holdings {
  /** Of traffic before it, from the first round's start. */
  readonly afterMs: number;
  readonly visits: number;
}

export interface SoakResult {
  /** The first one is the base line: after a round that warmed everything up. */
  readonly samples: readonly SoakSample[];
  readonly tally: Readonly<SoakTally>;
  /** Least squares over the samples after the base line, which still holds what only warming up needs. */
  readonly heapSlopeBytesPerMinute: number;
}

const RELEASE_TIMEOUT_MS = 20_000;
/** Kept connections of the language model's client and of `/metrics` go when they have been idle this long. */
const IDLE_TIMEOUT_MS = 15_000;
const MS_PER_MINUTE = 60_000;

/** Lets clients come, talk, interrupt and go, round after round, and looks at what the server holds between the rounds, when nobody is there. */
export async function soak(options: SoakOptions): Promise<SoakResult> {
  const { sessions, roundMs, rounds, seed, onSample } = options;
  const tally: SoakTally = {};
  const samples: SoakSample[] = [];
  let visits = 0;
  let trafficMs = 0;
  for (let round = 0; round <= rounds; round++) {
    const startedAtMs = performance.now();
    const endsAtMs = startedAtMs + roundMs;
    const clients = Array.from({ length: sessions }, async (_, number) => {
      const random = seededRandom(seed, `${round} ${number}`);
      while (performance.now() < endsAtMs) {
        await soakVisit({ ...options, random, tally, endsAtMs });
        visits += 1;
      }
    });
    await Promise.all(clients);
    trafficMs += performance.now() - startedAtMs;
    const sample = { ...(await holdingsAtRest(options, samples[0])), afterMs: trafficMs, visits };
    samples.push(sample);
    onSample?.(sample);
  }
  return { samples, tally, heapSlopeBytesPerMinute: heapSlope(samples.slice(1)) };
}

/** Waits for everything to be released, and for no more than the base line to be held. */
async function holdingsAtRest({ server, gauges }: SoakOptions, base: SoakSample | undefined): Promise<Holdings> {
  const isNothing = (counts: Record<string, number>): boolean => Object.values(counts).every((count) => count === 0);
  await poll('the release of every conversation', gauges, isNothing, RELEASE_TIMEOUT_MS);
  const isAtRest = (holdings: Holdings): boolean => base === undefined || excessOver(base, holdings).length === 0;
  const first = await server.holdings();
  if (isAtRest(first)) return first;
  return poll('what conversations opened to be closed', () => server.holdings(), isAtRest, IDLE_TIMEOUT_MS).catch(() => server.holdings());
}

/** What is held beyond the base line, but for memory, in words. */
export function excessOver(base: Holdings, { resources, abortListeners, abortSignals }: Holdings): string[] {
  const counts = { ...resources, 'abort listeners': abortListeners, 'abort signals': abortSignals };
  const before: Record<string, number> = { ...base.resources, 'abort listeners': base.abortListeners, 'abort signals': base.abortSignals };
  return Object.entries(counts).flatMap(([kind, count]) =>
    count > (before[kind] ?? 0) ? [`${kind}: ${count}, not ${before[kind] ?? 0}`] : [],
  );
}

/** Of the heap over the time of traffic, in bytes per minute, by least squares. 0 for fewer than two samples. */
export function heapSlope(samples: readonly Pick<SoakSample, 'afterMs' | 'heapBytes'>[]): number {
  const minutes = samples.map(({ afterMs }) => afterMs / MS_PER_MINUTE);
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const meanMinutes = mean(minutes);
  const meanBytes = mean(samples.map(({ heapBytes }) => heapBytes));
  const covariance = samples.reduce(
    (sum, { heapBytes }, index) => sum + ((minutes[index] ?? 0) - meanMinutes) * (heapBytes - meanBytes),
    0,
  );
  const variance = minutes.reduce((sum, value) => sum + (value - meanMinutes) ** 2, 0);
  return variance > 0 ? covariance / variance : 0;
}
