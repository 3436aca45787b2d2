import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import type { FirstSound } from '@parley/client';
import type { DraftMetrics, EngineName, TurnMark } from '@parley/protocol';

/** The times of one turn. */
export interface TurnLatency {
  /** Unique on the page: turn numbers start again with each conversation. */
  id: number;
  turn: number;
  /** Who held the conversation: not every engine knows every mark. */
  engine: EngineName;
  /** The server's marks: milliseconds since the visitor's last voiced frame or, without `speech_end`, since the words were recognised. */
  marks: Partial<Record<TurnMark, number>>;
  /** The reply was begun before the turn's end was certain. */
  speculative: boolean;
  /** Replies that were begun before it was certain that the turn had ended. */
  drafts?: DraftMetrics;
  /** Measured by the page: from the end of the visitor's speech, or from sending typed text, to the first sound of the reply. */
  firstSound?: FirstSound;
}

const MARK_WORDS: readonly (readonly [TurnMark, string])[] = [
  ['speech_end', 'You stopped'],
  ['turn_end', 'Turn ended'],
  ['stt_final', 'Words recognised'],
  ['llm_request', 'Question sent'],
  ['llm_first_token', 'First word'],
  ['tts_request', 'Voice asked'],
  ['tts_first_audio', 'First speech'],
  ['audio_sent', 'Speech sent'],
  ['playback_started', 'Speech heard'],
];

/** What an agent keeps to itself. Of the other marks the server knows whether they happened. */
const AGENTS_OWN: ReadonlySet<TurnMark> = new Set(['speech_end', 'turn_end', 'llm_request', 'llm_first_token', 'tts_request']);

/** How fast the last turns were answered, newest first. */
@Component({
  selector: 'parley-latency-panel',
  changeDetection: ChangeDetectionStrategy.OnPush,
  styleUrls: ['./fold.css', './latency-panel.css'],
  template: `
    <details class="fold" data-testid="metrics">
      <summary>
        <span>Latency</span><span class="fold-hint">{{ headline() }}</span>
      </summary>
      @for (row of rows(); track row.id) {
        <section class="turn" [attr.data-turn]="row.turn">
          <h3>
            Turn {{ row.turn }}
            @if (row.speculative) {
              <span class="tag">prepared early</span>
            }
          </h3>
          @if (row.firstSound; as sound) {
            <p class="turn-first" data-metric="first_sound">
              {{ sound.words }} <strong>{{ sound.value }}</strong>
            </p>
          }
          @if (row.countedFromWords) {
            <p class="turn-drafts" data-metric="counted_from">Counted from when your words were recognised:</p>
          }
          <dl class="marks">
            @for (mark of row.marks; track mark.name) {
              <div [attr.data-mark]="mark.name">
                <dt>{{ mark.words }}</dt>
                <dd>{{ mark.value }}</dd>
              </div>
            }
          </dl>
          @if (row.unknown) {
            <p class="turn-drafts" data-metric="unknown">Not known in this engine: {{ row.unknown }}</p>
          }
          @if (row.drafts; as drafts) {
            <p class="turn-drafts" data-metric="drafts">{{ drafts }}</p>
          }
        </section>
      } @empty {
        <p class="fold-empty">The times of each turn appear here: from the end of what you say to the first sound of the answer.</p>
      }
      @if (gaps() > 0) {
        <p class="fold-empty">Gaps heard in playback: {{ gaps() }}</p>
      }
    </details>
  `,
})
export class LatencyPanel {
  readonly turns = input.required<readonly TurnLatency[]>();
  /** How often the speech ran dry while playing. */
  readonly gaps = input(0);

  protected readonly rows = computed(() =>
    this.turns().map((turn) => ({
      id: turn.id,
      turn: turn.turn,
      speculative: turn.speculative,
      firstSound: turn.firstSound && {
        words: turn.firstSound.fromMs === 'speech' ? 'You stopped → first sound' : 'You sent → first sound',
        value: inMs(turn.firstSound.durationMs),
      },
      countedFromWords: isCountedFromWords(turn.marks),
      marks: marksInOrder(turn.marks),
      unknown: unknownMarks(turn),
      drafts: turn.drafts && draftsInWords(turn.drafts),
    })),
  );

  protected readonly headline = computed(() => {
    const latest = this.turns()[0];
    if (latest?.firstSound) return `last answer after ${inMs(latest.firstSound.durationMs)}`;
    const heardMs = latest?.marks.playback_started;
    if (latest === undefined || heardMs === undefined) return '';
    const isLate = isCountedFromWords(latest.marks);
    return isLate ? `last answer ${inMs(heardMs)} after your words were recognised` : `last answer after ${inMs(heardMs)}`;
  });
}

/** As they happened: an answer prepared early is asked for before the words are final, perhaps even before the visitor's last one. */
function marksInOrder(marks: TurnLatency['marks']): { name: TurnMark; words: string; value: string }[] {
  return MARK_WORDS.flatMap(([name, words]) => {
    const atMs = marks[name];
    return atMs === undefined ? [] : [{ name, words, atMs, value: atMs < 0 ? `${inMs(-atMs)} before` : inMs(atMs) }];
  }).sort((a, b) => a.atMs - b.atMs);
}

/** Nobody knows when the visitor stopped: the words are the first thing that was told. */
function isCountedFromWords(marks: TurnLatency['marks']): boolean {
  return marks.stt_final !== undefined && marks.speech_end === undefined;
}

/** The vendor's agent does not tell what it does: nothing is invented for it. */
function unknownMarks({ engine, marks }: TurnLatency): string {
  if (engine === 'pipeline' || Object.keys(marks).length === 0) return '';
  const unknown = MARK_WORDS.filter(([name]) => AGENTS_OWN.has(name) && marks[name] === undefined);
  return unknown.map(([, words]) => words).join(', ');
}

function draftsInWords({ started, kept, cancelled, wasted_characters: characters, wasted_tokens: tokens }: DraftMetrics): string {
  const wasted = cancelled === 0 ? '' : `; ${characters} characters (about ${tokens} tokens) wasted`;
  return `Answers prepared early: ${started}, used ${kept}, cancelled ${cancelled}${wasted}`;
}

function inMs(durationMs: number): string {
  return `${Math.round(durationMs)} ms`;
}
