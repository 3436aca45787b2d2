import type { NarrationServerMessage, NarrationVoiceSettings, SpeechFrame, StartNarration } from '@parley/protocol';
import type { AudioModules } from '../audio/audio-modules';
import { AudioRig, type SoundProblem } from '../audio/audio-rig';
import type { PlaybackEngine } from '../audio/playback-engine';
import type { PlaybackReport } from '../audio/playback-report';
import type { SocketAddress } from '../link/socket-address';
import { ContinuedLink } from './continued-link';
import type { NarrationClosure } from './narration-link';
import { PlayedClock } from './played-clock';
import { SpokenText, type TextRange } from './spoken-text';

/** What a live narration reports to the page. None is called after `close()`. */
export interface LiveNarrationHandlers {
  onMessage(message: NarrationServerMessage): void;
  /** The connection broke: what was not heard is spoken on another one, as soon as there is one. */
  onRetry(): void;
  /** The server sends nothing more. What has arrived is still played. */
  onClosed(closure: NarrationClosure): void;
  /** The link is closed and all that has arrived was heard. */
  onFinished(): void;
  /** The speech ran dry before its end. */
  onUnderrun(): void;
  /** The browser has resumed the page's sound (true), or has paused it or not allowed it yet (false). */
  onSoundRunning(running: boolean): void;
  /** The page's playback has failed, so nothing more is heard. */
  onSoundBroken(): void;
}

/**
 * One narration: text goes out as it is written, its speech is played, and the word that is heard is known at any moment. When its connection
 * breaks, another one goes on after the last word that was heard. Must be created inside a click, because browsers allow sound to start only
 * there. Closed by its owner, which releases everything.
 */
export class LiveNarration {
  /** The text that has become speech. */
  readonly spoken = new SpokenText();
  /** Resolves to false if the page cannot play. */
  readonly ready: Promise<boolean>;
  private readonly rig: AudioRig;
  private readonly link: ContinuedLink;
  private readonly clock = new PlayedClock();
  private playback: PlaybackEngine | undefined;
  /** Speech that arrived while the narration was paused. Few frames: the server stops sending. */
  private held: SpeechFrame[] = [];
  private paused = false;
  private latestSegment = 0;
  private endedSegment = 0;
  /** The connection broke, and all that had arrived is being heard. */
  private isBroken = false;
  /** How much of the spoken text was heard on earlier connections. */
  private heardBefore = 0;
  private isSilent = false;
  private over = false;
  private closed = false;

  /** `modules` stay with their owner. `random` as `Math.random`. */
  constructor(
    address: SocketAddress,
    modules: AudioModules,
    private readonly handlers: LiveNarrationHandlers,
    random: () => number = Math.random,
  ) {
    this.rig = new AudioRig(
      { onFrame: () => undefined, onLost: () => undefined, onRunning: (running) => handlers.onSoundRunning(running) },
      modules,
    );
    this.link = new ContinuedLink(
      address,
      {
        onMessage: (message) => this.received(message),
        onSpeech: (frame) => this.arrived(frame),
        onBroken: () => this.linkBroken(),
        onClosed: (closure) => this.linkClosed(closure),
      },
      random,
    );
    this.ready = this.rig.ready.then((playable) => {
      if (!playable) this.silence();
      return playable;
    });
  }

  /** Why `ready` resolves to false. */
  get soundProblem(): SoundProblem {
    return this.rig.problem;
  }

  /** Connects and starts the narration. Text may be given at once. */
  start(options: Omit<StartNarration, 'type'>): void {
    this.link.open(options);
  }

  text(text: string): void {
    this.link.text(text);
  }

  /** Speaks all text so far without waiting for more. */
  flush(): void {
    this.link.flush();
  }

  setVoice(voiceId: string, settings?: NarrationVoiceSettings): void {
    this.link.setVoice(voiceId, settings);
  }

  /** Falls silent at once, and stays at the sample that was played. */
  pause(): void {
    if (this.paused) return;
    this.paused = true;
    this.link.pause();
    this.playback?.pause(Math.max(1, this.clock.position(0).turn, this.endedSegment + 1), true);
    this.clock.stop(performance.now());
  }

  resume(): void {
    if (!this.paused) return;
    this.paused = false;
    this.clock.resume(performance.now());
    this.playback?.pause(Math.max(1, this.clock.position(0).turn, this.endedSegment + 1), false);
    const { held } = this;
    this.held = [];
    for (const frame of held) this.arrived(frame);
    this.link.resume();
  }

  /** Stops at once; `onFinished` follows. */
  cancel(): void {
    this.silence();
    this.link.cancel();
  }

  /** The text is complete; `onFinished` follows when all was heard. */
  end(): void {
    this.link.end();
  }

  /** The word of `spoken.text` that is heard now. */
  heardWord(): TextRange {
    const { turn, playedMs } = this.clock.position(performance.now() - this.rig.outputLatencyMs);
    return this.spoken.wordAt(turn, playedMs);
  }

  /** Level at the speaker, for a meter. */
  outputDbfs(): number {
    return this.rig.outputDbfs();
  }

  /** Resumes paused sound. Must be called from a click. */
  resumeSound(): void {
    this.rig.resume();
  }

  /** Cancels, fades out and releases the socket and the audio device. Idempotent. */
  close(): void {
    this.closed = true;
    this.link.close();
    this.rig.close();
  }

  /** Fades out. Nothing more of this narration is heard, or waited for. */
  private silence(): void {
    this.held = [];
    this.isSilent = true;
    this.playback = undefined;
    this.rig.closePlayback();
    this.finishIfHeard();
  }

  private received(message: NarrationServerMessage): void {
    if (message.type === 'narration_started' && !this.isSilent) this.openPlayback(message.output_audio.sample_rate);
    if (message.type === 'alignment') this.spoken.add(message);
    this.handlers.onMessage(message);
  }

  private openPlayback(sampleRateHz: number): void {
    this.playback ??= this.rig.openPlayback(sampleRateHz, {
      onReport: (report) => this.report(report),
      onUnderrun: () => {
        this.clock.stop(performance.now());
        this.handlers.onUnderrun();
      },
      onBroken: () => {
        this.handlers.onSoundBroken();
        this.silence();
      },
    });
  }

  private arrived(frame: SpeechFrame): void {
    // Audio of a later segment would end the pause.
    if (this.paused) {
      this.held.push(frame);
      return;
    }
    if (frame.pcm.byteLength > 0) this.latestSegment = Math.max(this.latestSegment, frame.turn);
    this.playback?.play(frame);
  }

  private report(report: PlaybackReport): void {
    if (this.closed) return;
    this.clock.report(report, performance.now());
    if (this.paused) this.clock.stop(performance.now());
    this.link.reportPlayback(report.turn, report.event, report.playedMs);
    if (report.event === 'ended') {
      this.endedSegment = Math.max(this.endedSegment, report.turn);
      this.finishIfHeard();
    }
  }

  private linkBroken(): void {
    this.isBroken = true;
    this.endLastSegment();
    this.handlers.onRetry();
    this.finishIfHeard();
  }

  private linkClosed(closure: NarrationClosure): void {
    this.over = true;
    if (closure !== 'completed') this.endLastSegment();
    this.handlers.onClosed(closure);
    this.finishIfHeard();
  }

  /** A narration that broke off has announced no end of its last segment, which the playback would wait for. */
  private endLastSegment(): void {
    this.playback?.play({ turn: Math.max(1, this.latestSegment), pcm: new Uint8Array(0), last: true });
  }

  private finishIfHeard(): void {
    if (this.closed || (!this.isSilent && this.endedSegment < this.latestSegment)) return;
    if (this.isBroken) this.goOn();
    else if (this.over) {
      this.close();
      this.handlers.onFinished();
    }
  }

  private goOn(): void {
    this.isBroken = false;
    const { turn, playedMs } = this.clock.position(performance.now());
    // Without a playback, all that was sent counts as heard.
    if (!this.isSilent) this.spoken.cutAfter(turn, playedMs);
    const heard = this.spoken.text.length;
    this.link.goOn(heard - this.heardBefore, this.latestSegment);
    this.heardBefore = heard;
  }
}
