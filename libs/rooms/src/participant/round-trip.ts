import type { Room } from '@livekit/rtc-node';
import { describeError, type EngineLogger } from '@parley/engine';

export interface RoundTripOptions {
  /** How long the way to the media server and back takes, in ms. Undefined while it is not known. May reject. */
  measure: () => Promise<number | undefined>;
  /** In whole ms, when it is another one than before. */
  report: (ms: number) => void;
  logger: EngineLogger;
}

type Stats = Awaited<ReturnType<Room['getRtcStats']>>;

const FIRST_MS = 2_000;
const EVERY_MS = 15_000;

/** Says a few times a minute how far this program is from the media server. Whoever starts it must stop it. */
export class RoundTrip {
  private timer: NodeJS.Timeout | undefined;
  private reported: number | undefined;
  private isStopped = false;

  constructor(private readonly options: RoundTripOptions) {}

  start(): void {
    this.schedule(FIRST_MS);
  }

  /** Whoever was told has forgotten it. */
  reportAgain(): void {
    if (this.reported !== undefined && !this.isStopped) this.options.report(this.reported);
  }

  /** Idempotent. */
  stop(): void {
    this.isStopped = true;
    clearTimeout(this.timer);
  }

  private schedule(inMs: number): void {
    if (!this.isStopped) this.timer = setTimeout(() => void this.measure().then(() => this.schedule(EVERY_MS)), inMs);
  }

  private async measure(): Promise<void> {
    const { measure, report, logger } = this.options;
    try {
      const exactMs = await measure();
      if (exactMs === undefined || this.isStopped) return;
      const ms = Math.round(exactMs);
      if (ms === this.reported) return;
      this.reported = ms;
      report(ms);
    } catch (error) {
      // While the connection is made anew there is nothing to measure.
      logger.debug('the way to the media server could not be measured', { error: describeError(error) });
    }
  }
}

/** Of the pair of addresses that is in use, as its connectivity checks have measured it last: in ms. Undefined before the first of them. */
export function roundTripMsOf({ publisherStats, subscriberStats }: Pick<Stats, 'publisherStats' | 'subscriberStats'>): number | undefined {
  const all = [...publisherStats, ...subscriberStats].map(({ stats }) => stats);
  const selected = new Set(all.flatMap((stats) => (stats.case === 'transport' ? [stats.value.transport?.selectedCandidatePairId] : [])));
  for (const stats of all) {
    if (stats.case !== 'candidatePair' || !selected.has(stats.value.rtc?.id)) continue;
    const { currentRoundTripTime: seconds, responsesReceived = 0n } = stats.value.candidatePair ?? {};
    if (seconds !== undefined && responsesReceived > 0n) return seconds * 1_000;
  }
  return undefined;
}

/** As `roundTripMsOf`. Rejects while there is no connection. */
export const roundTripOf = async (room: Pick<Room, 'getRtcStats'>): Promise<number | undefined> => roundTripMsOf(await room.getRtcStats());
