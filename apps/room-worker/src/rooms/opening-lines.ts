import { Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { describeError } from '@parley/engine';
import type { OpeningOccasion, SpokenLine } from '@parley/rooms/worker';
import { PrerenderedSpeech } from '@parley/server';
import { ROOM_SETTINGS, type WorkerSettings } from './room-settings.token';

/** Longer than that nobody waits for a first word. What is made in the meantime is there for the next room. */
const WAIT_MS = 5_000;

/** What the assistant says by itself. A conversation goes on without a line that cannot be spoken. */
@Injectable()
export class OpeningLines implements OnApplicationBootstrap {
  private readonly logger = new Logger(OpeningLines.name);

  constructor(
    @Inject(ROOM_SETTINGS) private readonly settings: Pick<WorkerSettings, 'openingLines'>,
    @Inject(PrerenderedSpeech) private readonly speech: Pick<PrerenderedSpeech, 'of'>,
  ) {}

  /** They are made before the first room asks for them. */
  onApplicationBootstrap(): void {
    void this.of('greeting');
    void this.of('resumption');
  }

  /** Undefined if there is none, or if it could not be made in time. Never rejects. */
  async of(occasion: OpeningOccasion): Promise<SpokenLine | undefined> {
    const text = this.settings.openingLines[occasion];
    if (text === undefined) return undefined;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<undefined>((resolve) => (timer = setTimeout(() => resolve(undefined), WAIT_MS)));
    const made = this.speech.of(text).then(
      (pcm) => ({ text, pcm }),
      (error: unknown) => {
        this.logger.warn({ message: `the ${occasion} could not be spoken`, error: describeError(error) });
        return undefined;
      },
    );
    return Promise.race([made, late]).finally(() => clearTimeout(timer));
  }
}
