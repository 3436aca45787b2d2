import { Inject, Injectable } from '@nestjs/common';
import type { DraftCounts, TurnMarks } from '@parley/conversation';
import { Counter, Histogram, Registry } from 'prom-client';
import type { ConversationObserver } from './observed-conversation';
import { TURN_OUTCOMES, TurnOutcomes } from './turn-outcomes';

const MS_PER_SECOND = 1000;
/** From 0.3 s, which people perceive as an immediate answer, to 5 s, after which they think that the connection is lost. */
const BUCKETS_S = [0.3, 0.45, 0.6, 0.75, 0.85, 0.9, 0.95, 1, 1.1, 1.25, 1.5, 2, 3, 5];

/** Counts and measures for `/metrics` what happens in all conversations of this server. */
@Injectable()
export class ConversationMetrics {
  private readonly draftsStarted: Counter;
  private readonly draftsKept: Counter;
  private readonly draftsCancelled: Counter;
  private readonly finalsInVain: Counter;
  private readonly wastedTokens: Counter;
  private readonly wastedCharacters: Counter;
  private readonly turns: Counter<'outcome'>;
  private readonly stageFailures: Counter<'stage' | 'reason'>;
  private readonly interruptions: Counter<'reason'>;
  private readonly voicedToAudio: Histogram<'drafted'>;
  private readonly turnEndToAudio: Histogram<'drafted'>;

  constructor(@Inject(Registry) registry: Registry) {
    const registers = [registry];
    const counter = (name: string, help: string): Counter => new Counter({ name, help, registers });
    this.draftsStarted = counter('parley_drafts_started_total', 'Replies begun before the end of the turn.');
    this.draftsKept = counter('parley_drafts_kept_total', 'Drafts that were confirmed by the final transcript.');
    this.draftsCancelled = counter('parley_drafts_cancelled_total', 'Drafts that were discarded or failed.');
    this.wastedTokens = counter('parley_draft_wasted_tokens_total', 'Tokens written for cancelled drafts, estimated.');
    this.wastedCharacters = counter('parley_draft_wasted_characters_total', 'Characters given to the voice for cancelled drafts.');
    this.finalsInVain = counter(
      'parley_finals_in_vain_total',
      'Utterances that were ended early because their words seemed complete, and then recognised again.',
    );
    this.turns = new Counter({ name: 'parley_turns_total', help: 'User turns, by how they ended.', labelNames: ['outcome'], registers });
    this.stageFailures = new Counter({
      name: 'parley_stage_failures_total',
      help: 'Failures that were reported to the client.',
      labelNames: ['stage', 'reason'],
      registers,
    });
    this.interruptions = new Counter({
      name: 'parley_interruptions_total',
      help: 'Answers that were interrupted, by the reason.',
      labelNames: ['reason'],
      registers,
    });
    const histogram = (name: string, help: string): Histogram<'drafted'> =>
      new Histogram({ name, help, labelNames: ['drafted'], buckets: BUCKETS_S, registers });
    this.voicedToAudio = histogram(
      'parley_last_voiced_to_first_audio_seconds',
      "From the user's last voiced sample to the first audio sent.",
    );
    this.turnEndToAudio = histogram('parley_turn_end_to_first_audio_seconds', 'From the end of the turn to the first audio sent.');
    for (const outcome of TURN_OUTCOMES) this.turns.inc({ outcome }, 0);
    for (const reason of ['speech', 'text', 'button']) this.interruptions.inc({ reason }, 0);
  }

  /** Returns an observer for one conversation. It need not be released. */
  observe(): ConversationObserver {
    const outcomes = new TurnOutcomes();
    return (event) => {
      const outcome = outcomes.note(event);
      if (outcome) this.turns.inc({ outcome });
      if (event.type === 'interrupted') this.interruptions.inc({ reason: event.reason });
      if (event.type === 'failure') this.stageFailures.inc({ stage: event.stage, reason: event.reason });
      if ((event.type === 'turn_measured' || event.type === 'ended') && event.drafts) this.countDrafts(event.drafts);
      if (event.type === 'turn_measured') this.time(event.marks, event.speculative);
    };
  }

  private countDrafts({ started, kept, cancelled, wastedTokens, wastedCharacters, finalsInVain = 0 }: DraftCounts): void {
    this.finalsInVain.inc(finalsInVain);
    this.draftsStarted.inc(started);
    this.draftsKept.inc(kept);
    this.draftsCancelled.inc(cancelled);
    this.wastedTokens.inc(wastedTokens);
    this.wastedCharacters.inc(wastedCharacters);
  }

  /** Only spoken turns are measured, because a typed one has no last voiced sample. */
  private time({ stt_final: heardMs, turn_end: turnEndMs, audio_sent: sentMs }: TurnMarks, isDrafted: boolean): void {
    if (heardMs === undefined || turnEndMs === undefined || sentMs === undefined) return;
    const drafted = String(isDrafted);
    this.voicedToAudio.observe({ drafted }, sentMs / MS_PER_SECOND);
    this.turnEndToAudio.observe({ drafted }, (sentMs - turnEndMs) / MS_PER_SECOND);
  }
}
