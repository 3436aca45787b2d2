import { seededRandom } from '@parley/simulator';
import type { Holdings, InspectedProcess } from './inspected-process';
import { type SoakTally, soakVisit } from './soak-visit';
import { poll } from './sleep';

export interface SoakOptions {
  readonly url: string;
  readonly server: InspectedProcess;
  /** Conversations at the same time. */
  readonly sessions: number;
  /** Duration of a round in ms. All visits of a round end before the sample that follows it. */
  readonly roundMs: number;
  readonly rounds: number;
  readonly seed: number;
  readonly speech: readonly Int16Array[];
  /** Gauges that count resources of conversations; all are 0 when there are none. */
  readonly gauges: () => Promise<Record<string, number>>;
  readonly onSample?: (sample: SoakSample) => void;
}

/** The server's resources when no conversation was open. */
export interface SoakSample extends Holdings {
  /** Time since the start of the first round, in ms. */
  readonly afterMs: number;
  readonly visits: number;
}

export interface SoakResult {
  /** The first sample is the base line, after a round of warming up. */
  readonly samples: readonly SoakSample[];
  readonly tally: Readonly<SoakTally>;
  /** By least squares over the samples after the base line, which still contains memory that only warming up needs. */
  readonly heapSlopeBytesPerMinute: number;
}

const RELEASE_TIMEOUT_MS = 20_000;
/** Idle connections of the language model's client and of `/metrics` are closed after this time. */
const IDLE_TIMEOUT_MS = 15_000;
const MS_PER_MINUTE = 60_000;

/**
 * Lets clients connect, talk, interrupt and leave in rounds, and samples the server's resources between the rounds, when no client is
 * connected.
 */
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

/** Waits until all resources of conversations are released and the others are back to the base line. */
async function holdingsAtRest({ server, gauges }: SoakOptions, base: SoakSample | undefined): Promise<Holdings> {
  const isNothing = (counts: Record<string, number>): boolean => Object.values(counts).every((count) => count === 0);
  await poll('the release of every conversation', gauges, isNothing, RELEASE_TIMEOUT_MS);
  const isAtRest = (holdings: Holdings): boolean => base === undefined || excessOver(base, holdings).length === 0;
  const first = await server.holdings();
  if (isAtRest(first)) return first;
  return poll('what conversations opened to be closed', () => server.holdings(), isAtRest, IDLE_TIMEOUT_MS).catch(() => server.holdings());
}

/** The resources held beyond the base line, except memory, in words. */
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
