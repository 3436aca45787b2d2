import { Inject, Injectable } from '@nestjs/common';
import { MARKS, type Mark, type TurnMarks } from '@parley/conversation';
import { Histogram, Registry } from 'prom-client';
import type { ConversationObserver, ObservedConversation } from './observed-conversation';

const MS_PER_SECOND = 1000;
const BUCKETS_S = [0.02, 0.05, 0.1, 0.2, 0.3, 0.45, 0.6, 0.8, 1, 1.25, 1.5, 2, 3, 5, 10];

/** The work of each stage: from one mark to another. */
const STAGES = {
  stt: ['speech_end', 'stt_final'],
  llm: ['llm_request', 'llm_first_token'],
  tts: ['tts_request', 'tts_first_audio'],
  playback: ['audio_sent', 'playback_started'],
} as const satisfies Record<string, readonly [Mark, Mark]>;

/** How long the steps of a turn take, for `/metrics`. Spoken turns only, because a typed one has no last voiced sample. */
@Injectable()
export class LatencyMetrics {
  private readonly afterSpeech: Histogram<'engine' | 'mark'>;
  private readonly afterTurnEnd: Histogram<'engine' | 'mark'>;
  private readonly stages: Histogram<'engine' | 'stage'>;
  private readonly perceived: Histogram<'engine'>;

  constructor(@Inject(Registry) registry: Registry) {
    const histogram = <Label extends string>(name: string, help: string, ...labelNames: Label[]): Histogram<Label> =>
      new Histogram({ name, help, labelNames, buckets: BUCKETS_S, registers: [registry] });
    this.afterSpeech = histogram(
      'parley_mark_after_speech_seconds',
      "From the user's last voiced sample to each step of the turn; 0 for a step that a draft took before.",
      'engine',
      'mark',
    );
    this.afterTurnEnd = histogram(
      'parley_mark_after_turn_end_seconds',
      'From the end of the turn to each step after it; 0 for a step that a draft took before.',
      'engine',
      'mark',
    );
    this.stages = histogram(
      'parley_stage_seconds',
      'Time that a stage took: stt from the last voiced sample to the final transcript, llm from the request to the first token, tts from the ' +
        'request to the first audio, playback from the first audio sent to the sound.',
      'engine',
      'stage',
    );
    this.perceived = histogram(
      'parley_perceived_latency_seconds',
      "From the user's last voiced sample to the moment at which the client began to play the answer.",
      'engine',
    );
  }

  /** Returns an observer for one conversation. It need not be released. */
  observe({ engine }: Pick<ObservedConversation, 'engine'>): ConversationObserver {
    return (event) => {
      if (event.type === 'turn_measured' && event.marks.speech_end !== undefined) this.time(event.marks, engine);
    };
  }

  private time(marks: TurnMarks, engine: string): void {
    const { speech_end: spokenMs, turn_end: turnEndMs, playback_started: playedMs } = marks;
    for (const mark of MARKS) {
      const atMs = marks[mark];
      if (atMs === undefined || mark === 'speech_end') continue;
      this.afterSpeech.observe({ engine, mark }, between(spokenMs ?? 0, atMs));
      if (turnEndMs !== undefined && mark !== 'turn_end') this.afterTurnEnd.observe({ engine, mark }, between(turnEndMs, atMs));
    }
    for (const [stage, [from, to]] of Object.entries(STAGES)) {
      const [fromMs, toMs] = [marks[from], marks[to]];
      if (fromMs !== undefined && toMs !== undefined) this.stages.observe({ engine, stage }, between(fromMs, toMs));
    }
    if (playedMs !== undefined) this.perceived.observe({ engine }, between(spokenMs ?? 0, playedMs));
  }
}

/** In seconds, and never negative: the sum of a histogram must not fall. */
const between = (fromMs: number, toMs: number): number => Math.max(0, toMs - fromMs) / MS_PER_SECOND;
