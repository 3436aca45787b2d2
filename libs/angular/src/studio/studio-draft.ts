import { DestroyRef, Injectable, computed, effect, inject, signal } from '@angular/core';
import type { CreateEpisode, NarrationLatency, NarrationOptions, NarrationPurpose } from '@parley/protocol';
import { StudioOffer } from './studio-offer';
import { type CheckedScript, STUDIO_SETTINGS } from './studio-settings';
import { forgetDraft, keepDraft, keptDraft } from './draft-memory';

/** A script is checked when nothing was typed for this long. */
export const CHECK_DELAY_MS = 150;

/** What the visitor writes, and how it is to be spoken; kept by the browser for the next visit. */
@Injectable()
export class StudioDraft {
  private readonly settings = inject(STUDIO_SETTINGS);
  private readonly offer = inject(StudioOffer);
  private readonly kept = keptDraft();
  private timer: ReturnType<typeof setTimeout> | undefined;

  readonly script = signal(this.kept?.script ?? this.settings.sampleScript);
  /** Ids of voices, by the names of speakers: what the visitor chose. */
  readonly chosenVoices = signal<Readonly<Record<string, string>>>(this.kept?.voices ?? {});
  readonly latency = signal<NarrationLatency>(this.kept?.latency ?? 'balanced');
  readonly purpose = signal<NarrationPurpose>(this.kept?.purpose ?? 'balanced');
  /** Empty: the one for the purpose. */
  readonly model = signal('');
  /** Empty: no show. */
  readonly showId = signal('');
  private readonly checkedScript = signal(this.find());
  /** What was found out about the script, shortly after its last change. */
  readonly checked = this.checkedScript.asReadonly();

  /** The voice of each speaker: the chosen one, else the next of those that the server offers. */
  readonly voices = computed((): readonly { speaker: string; voiceId: string }[] => {
    const offered = this.offer.options()?.voices ?? [];
    const chosen = this.chosenVoices();
    return this.checked().speakers.map((speaker, index) => {
      const wanted = chosen[speaker];
      const known = wanted !== undefined && offered.some(({ id }) => id === wanted);
      return { speaker, voiceId: known ? wanted : (offered[index % Math.max(1, offered.length)]?.id ?? '') };
    });
  });

  /** Id of the model that speaks; empty while the server has not said which there are. */
  readonly modelId = computed(() => this.model() || (this.offer.options()?.purposes[this.purpose()] ?? ''));

  /** What it takes to render the script. */
  readonly estimate = computed((): DraftEstimate | undefined => {
    const { problems, characters, durationMs, segments } = this.checked();
    const options = this.offer.options();
    if (problems.length > 0 || !options) return undefined;
    const factor = options.models.find(({ id }) => id === this.modelId())?.cost_factor ?? 1;
    const billed = Math.ceil(characters * factor);
    return { segments, characters, billed, durationMs, cost: costOf(billed, options.price) };
  });

  /** Why the script cannot be rendered now; undefined if it can. */
  readonly obstacle = computed(() => {
    const { length } = this.checked().problems;
    if (length > 0) return length === 1 ? 'The script has a mistake.' : `The script has ${length} mistakes.`;
    return this.offer.options() ? undefined : 'The server has not answered yet.';
  });

  constructor() {
    effect(() => keepDraft({ script: this.script(), voices: this.chosenVoices(), latency: this.latency(), purpose: this.purpose() }));
    inject(DestroyRef).onDestroy(() => clearTimeout(this.timer));
  }

  /** The visitor has written. */
  write(script: string): void {
    if (script === this.script()) return;
    this.script.set(script);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.check(), CHECK_DELAY_MS);
  }

  /** Checks the script now. */
  check(): void {
    clearTimeout(this.timer);
    this.checkedScript.set(this.find());
  }

  chooseVoice(speaker: string, voiceId: string): void {
    this.chosenVoices.update((voices) => ({ ...voices, [speaker]: voiceId }));
  }

  /** The voice of a speaker who may not be in the checked script yet. */
  voiceOf(speaker: string): string | undefined {
    return this.voices().find((entry) => entry.speaker === speaker)?.voiceId ?? this.chosenVoices()[speaker];
  }

  /** Puts the sample in the place of what was written. */
  reset(): void {
    forgetDraft();
    this.write(this.settings.sampleScript);
    this.check();
  }

  private find(): CheckedScript {
    return this.settings.check(this.script(), Object.keys(this.chosenVoices()));
  }

  /** The episode that is to be rendered. */
  episode(): CreateEpisode {
    return {
      script: this.script(),
      speakers: Object.fromEntries(this.voices().map(({ speaker, voiceId }) => [speaker, { voice_id: voiceId }])),
      purpose: this.purpose(),
      ...(this.model() && { model: this.model() }),
      ...(this.showId() && { show_id: this.showId() }),
    };
  }
}

/** What it takes to render a script. */
export interface DraftEstimate {
  readonly segments: number;
  readonly characters: number;
  readonly billed: number;
  readonly durationMs: number;
  /** Only where the server knows the price. */
  readonly cost: { amount: number; currency: string } | undefined;
}

function costOf(billed: number, price: NarrationOptions['price']): DraftEstimate['cost'] {
  return price && { amount: (billed * price.per_1000_characters) / 1_000, currency: price.currency };
}
