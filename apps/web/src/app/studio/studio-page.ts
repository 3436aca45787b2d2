import { ChangeDetectionStrategy, Component, computed, effect, inject, viewChild } from '@angular/core';
import {
  CaptionList,
  type DownloadFile,
  DownloadMenu,
  EpisodeLibrary,
  EpisodeSound,
  LiveText,
  LiveTyping,
  NarrationFigures,
  NoticeList,
  OpenEpisode,
  PlayBar,
  SKIP_MS,
  ScriptEditor,
  SegmentList,
  ShowLibrary,
  SpeakerList,
  StudioDraft,
  StudioHelp,
  StudioLibrary,
  StudioNotices,
  StudioOffer,
  VoicePreview,
  clockTime,
  grouped,
  provideStudio,
} from '@parley/angular/studio';
import { EpisodeApi } from '@parley/client/narration';
import {
  type Episode,
  type EpisodeState,
  NARRATION_LATENCIES,
  NARRATION_PURPOSES,
  type NarrationLatency,
  type NarrationPurpose,
} from '@parley/protocol';
import { narrationSocketUrl } from '../socket-url';
import { SAMPLE_SCRIPT } from './sample-script';
import { checkScript } from './script-check';

const LATENCY_WORDS: Record<NarrationLatency, string> = {
  speed: 'Speed: first sound soonest',
  balanced: 'Balanced',
  quality: 'Quality: most natural',
  auto: 'Automatic, by passage and line',
};
const PURPOSE_WORDS: Record<NarrationPurpose, string> = {
  live: 'Live',
  balanced: 'Balanced',
  prerendered: 'Best quality',
  expressive: 'Expressive',
  multispeaker: 'Several speakers',
};
const STATE_WORDS: Record<EpisodeState, string> = {
  queued: 'The episode waits for its turn',
  rendering: 'Speaking',
  assembling: 'Putting the episode together',
  completed: 'The episode is finished',
  failed: 'The episode has failed',
  cancelled: 'The rendering was stopped',
};

const summaryOf = ({ state, progress, duration_ms }: Episode): Pick<Episode, 'state' | 'progress' | 'duration_ms'> => ({
  state,
  progress,
  duration_ms,
});

/** The page on which scripts are written, heard and made into episodes. */
@Component({
  selector: 'app-studio-page',
  imports: [
    CaptionList,
    DownloadMenu,
    EpisodeLibrary,
    LiveText,
    NarrationFigures,
    NoticeList,
    PlayBar,
    ScriptEditor,
    SegmentList,
    ShowLibrary,
    SpeakerList,
    StudioHelp,
  ],
  providers: [
    provideStudio(() => ({
      socketUrl: narrationSocketUrl(location.href),
      apiUrl: '/api',
      sampleScript: SAMPLE_SCRIPT,
      check: checkScript,
    })),
  ],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './studio-page.html',
  styleUrl: './studio-page.css',
  host: { class: 'studio', '(document:keydown)': 'shortcut($event)' },
})
export class StudioPage {
  private readonly api = inject(EpisodeApi);
  protected readonly draft = inject(StudioDraft);
  protected readonly offer = inject(StudioOffer);
  protected readonly notices = inject(StudioNotices);
  protected readonly preview = inject(VoicePreview);
  protected readonly sound = inject(EpisodeSound);
  protected readonly work = inject(OpenEpisode);
  protected readonly library = inject(StudioLibrary);
  protected readonly live = inject(LiveTyping);
  private readonly editor = viewChild.required(ScriptEditor);

  protected readonly latencies = NARRATION_LATENCIES;
  protected readonly purposes = NARRATION_PURPOSES;
  protected readonly latencyWords = LATENCY_WORDS;
  protected readonly purposeWords = PURPOSE_WORDS;
  protected readonly clockTime = clockTime;

  /** Mistakes the page found, or else those that only the server found in the same script. */
  protected readonly problems = computed(() => {
    const found = this.draft.checked().problems;
    return found.length > 0 ? found : this.work.problems();
  });
  protected readonly voices = computed(() => this.offer.options()?.voices ?? []);
  protected readonly canMake = computed(() => this.draft.obstacle() === undefined && !this.work.isStarting());
  protected readonly estimate = computed(() => {
    const estimate = this.draft.estimate();
    if (!estimate) return this.draft.obstacle() ?? '';
    const { segments, characters, billed, durationMs, cost } = estimate;
    const price = cost && new Intl.NumberFormat(undefined, { style: 'currency', currency: cost.currency }).format(cost.amount);
    return [
      segments === 1 ? '1 segment' : `${segments} segments`,
      `${grouped(characters)} characters`,
      `${grouped(billed)} billed`,
      ...(price ? [price] : []),
      `about ${clockTime(durationMs)}`,
    ].join(' · ');
  });
  protected readonly stateWords = computed(() => {
    const episode = this.work.episode();
    return episode ? STATE_WORDS[episode.state] : '';
  });
  protected readonly expectedMs = computed(() => this.work.episode()?.duration_ms ?? this.draft.checked().durationMs);
  protected readonly chapters = computed(() => (this.work.episode()?.chapters ?? []).filter(({ start_ms }) => start_ms !== undefined));
  protected readonly canResume = computed(() => ['failed', 'cancelled'].some((state) => state === this.work.episode()?.state));
  protected readonly downloads = computed((): DownloadFile[] => {
    const episode = this.work.episode();
    if (!episode?.output) return [];
    const name = episode.title.replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-|-$/gu, '') || 'episode';
    const file = (label: string, kind: 'wav' | 'mp3' | 'vtt' | 'srt' | 'chapters', ending: string): DownloadFile => ({
      label,
      url: this.api.fileUrl(episode.id, kind),
      name: `${name}${ending}`,
    });
    return [
      file('MP3', 'mp3', '.mp3'),
      file('WAV', 'wav', '.wav'),
      file('Captions (WebVTT)', 'vtt', '.vtt'),
      file('Captions (SRT)', 'srt', '.srt'),
      file('Chapters (JSON)', 'chapters', '-chapters.json'),
    ];
  });
  /** The open episode is shown as it is now. */
  protected readonly episodes = computed(() => {
    const open = this.work.episode();
    return this.library.episodes().map((episode) => (episode.id === open?.id ? { ...episode, ...summaryOf(open) } : episode));
  });
  protected readonly feedUrl = (showId: string): string => this.library.feedUrl(showId);

  constructor() {
    // Mistakes that the server found are of a script that has changed since.
    effect(() => {
      this.draft.script();
      this.work.problems.set([]);
    });
  }

  protected write(script: string): void {
    this.draft.write(script);
    this.live.written(script);
  }

  protected make(): void {
    this.draft.check();
    if (this.canMake()) void this.work.make(this.draft.episode());
  }

  protected goTo(line: number, column: number): void {
    this.editor().goTo(line, column);
  }

  /** Keys are told by their place: with Alt, their letters are other ones on some keyboards. */
  protected shortcut(event: KeyboardEvent): void {
    const action = event.key === 'Enter' && (event.ctrlKey || event.metaKey) ? 'make' : event.altKey && !event.ctrlKey ? event.code : '';
    const act = this.actions[action];
    if (!act || event.repeat) return;
    event.preventDefault();
    act();
  }

  private readonly actions: Readonly<Record<string, () => void>> = {
    make: () => this.make(),
    KeyP: () => this.sound.hasSound() && this.sound.toggle(),
    KeyJ: () => this.sound.skip(-SKIP_MS),
    KeyK: () => this.sound.skip(SKIP_MS),
    KeyL: () => this.live.toggleTyping(),
    KeyE: () => this.goTo(...this.end()),
  };

  /** The end of the script, where typing is heard. */
  private end(): [line: number, column: number] {
    const lines = this.draft.script().split('\n');
    return [lines.length, (lines.at(-1)?.length ?? 0) + 1];
  }
}
