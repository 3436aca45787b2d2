import type { EngineName, ServerMessage } from '@parley/protocol';
import type { AudioModules } from '../audio/audio-modules';
import { AudioRig, type AudioRigHandlers, type SoundProblem } from '../audio/audio-rig';
import { BrowserVoice } from '../audio/browser-voice';
import type { PlayableFrame, PlaybackEngine } from '../audio/playback-engine';
import type { PlaybackReport } from '../audio/playback-report';
import { decodeBase64 } from '../link/base64';
import { ConversationLink } from '../link/conversation-link';
import type { LinkClosure, RetryCause } from '../link/link-closure';
import { type FirstSound, FirstSoundClock } from './first-sound-clock';

/** What a live conversation tells the page. None is called after `close()`. */
export interface LiveConversationHandlers {
  onMessage(message: ServerMessage): void;
  /** There is no connection; attempt number `attempt` follows by itself. */
  onRetry(attempt: number, cause: RetryCause): void;
  /** Over for good, not by the page. Everything is released already. */
  onClosed(closure: LinkClosure): void;
  onFirstSound(turn: number, firstSound: FirstSound): void;
  onUnderrun(turn: number): void;
  onMicrophoneLost(how: 'unplugged' | 'failed'): void;
  /** There was no connection for too long: the oldest of what was said meanwhile is lost. */
  onAudioDropped(): void;
  /** The browser paused (false) or resumed the page's sound, or has not let it begin. */
  onSoundRunning(running: boolean): void;
  /** The page's playback has failed: from now on the browser's own voice reads the replies. */
  onSoundBroken(): void;
  /** The browser's own voice reads a reply, or has stopped. */
  onBrowserVoice(speaking: boolean): void;
}

/**
 * One conversation from Start to End: joins the link, the microphone and the playback, without a signal or an observable between them.
 * Made inside the click (browsers let sound start only there); the owner closes it, and nothing it opened survives that.
 */
export class LiveConversation {
  private readonly rig: AudioRig;
  private readonly link: ConversationLink;
  private readonly voice: BrowserVoice;
  private readonly clock = new FirstSoundClock();
  private playback: PlaybackEngine | undefined;
  private playable = false;
  private engine: EngineName = 'pipeline';
  private serverHasVoice = true;
  /** The latest turn of which the server sent speech. */
  private spokenTurn = 0;
  private muted = false;
  private reading = false;

  /** Resolves once the audio worklets are loaded; false where the page can neither capture nor play. */
  readonly ready: Promise<boolean>;

  /** `modules` stay with their owner. */
  constructor(
    url: string,
    modules: AudioModules,
    private readonly handlers: LiveConversationHandlers,
  ) {
    const rigHandlers: AudioRigHandlers = {
      onFrame: (pcm, levelDbfs) => this.captured(pcm, levelDbfs),
      onLost: (how) => handlers.onMicrophoneLost(how),
      onRunning: (running) => handlers.onSoundRunning(running),
    };
    this.rig = new AudioRig(rigHandlers, modules);
    this.voice = new BrowserVoice({
      onReport: (report) => this.report(report),
      onSpeaking: (speaking) => this.readAloud(speaking),
    });
    this.link = new ConversationLink(url, {
      onMessage: (message) => this.received(message),
      onSpeech: (frame) => this.play(frame),
      onRetry: (attempt, cause) => {
        this.stopReading();
        handlers.onRetry(attempt, cause);
      },
      onAudioDropped: () => handlers.onAudioDropped(),
      onClosed: (closure) => {
        this.close();
        handlers.onClosed(closure);
      },
    });
    this.ready = this.rig.ready.then((playable) => (this.playable = playable));
  }

  /** Why `ready` is false, or would be. */
  get soundProblem(): SoundProblem {
    return this.rig.problem;
  }

  /** Opens or changes the microphone; see `AudioRig.useMicrophone`. */
  useMicrophone(deviceId: string): Promise<string | undefined> {
    return this.rig.useMicrophone(deviceId);
  }

  /** Connects to the server, for a conversation that this engine holds. */
  connect(engine: EngineName): void {
    this.link.open({ type: 'start_conversation', engine, audio_transport: 'binary' });
  }

  /** The server has no voice: from now on the browser reads the replies. */
  withoutServerVoice(): void {
    this.serverHasVoice = false;
  }

  /** Connects anew at once, instead of waiting for the next attempt. */
  reconnect(): void {
    this.link.reopen();
  }

  /** Sends a typed turn; false while there is no connection. */
  sendText(text: string): boolean {
    const sent = this.link.send({ type: 'text_message', text });
    if (sent) {
      this.voice.cancel();
      this.clock.typed(performance.now());
    }
    return sent;
  }

  /** Stops the reply: silent here at once, and the server is told. `turn` is the reply's, undefined when only the browser's voice still reads. */
  interrupt(turn: number | undefined): void {
    if (turn !== undefined) this.playback?.flush(turn);
    this.voice.cancel();
    this.link.send({ type: 'interrupt' });
  }

  /** Muted, the server hears silence. */
  setMuted(muted: boolean): void {
    this.muted = muted;
    this.rig.setMuted(this.muted || this.reading);
  }

  /** Level of the microphone, for a meter. */
  inputDbfs(): number {
    return this.rig.inputDbfs();
  }

  /** Level at the speaker, for a meter. */
  outputDbfs(): number {
    return this.rig.outputDbfs();
  }

  /** Lets paused sound run again; from a click. */
  resumeSound(): void {
    this.rig.resume();
  }

  /** Ends the conversation and releases microphone, audio device, voice and socket. May be called twice. */
  close(): void {
    this.link.close();
    this.voice.cancel();
    this.rig.close();
  }

  private captured(pcm: ArrayBuffer, levelDbfs: number): void {
    const isSpeech = !this.muted && !this.reading && this.clock.captured(levelDbfs, performance.now());
    this.link.sendAudio(pcm, isSpeech);
  }

  private received(message: ServerMessage): void {
    switch (message.type) {
      case 'conversation_started':
        this.engine = message.engine;
        this.stopReading();
        this.playback = this.rig.openPlayback(message.output_audio.sample_rate, {
          onReport: (report) => this.report(report),
          onUnderrun: (turn) => this.handlers.onUnderrun(turn),
          onBroken: () => {
            this.playable = false;
            this.handlers.onSoundBroken();
          },
        });
        break;
      case 'state':
        if (message.state === 'AI_PROCESSING' && this.engine === 'pipeline') this.clock.turnBegan(message.turn);
        if (message.state === 'USER_SPEAKING') this.forgetUnheard();
        break;
      case 'transcript':
        // An agent may speak by itself: nobody has waited for that.
        if (message.is_final && this.engine === 'agent') this.clock.turnBegan(message.turn);
        break;
      case 'audio_response': {
        const pcm = decodeBase64(message.data);
        if (pcm) this.play({ turn: message.turn, pcm, last: message.is_final });
        break;
      }
      case 'interruption':
        this.playback?.flush(message.turn);
        this.voice.cancel();
        break;
      case 'duck':
        this.playback?.duck(message.turn, message.active);
        break;
      case 'pause':
        this.playback?.pause(message.turn, message.active);
        this.voice.pause(message.turn, message.active);
        break;
      case 'text_response':
        if (message.is_final) this.readIfUnheard(message.turn, message.full_text ?? message.text);
        break;
    }
    this.handlers.onMessage(message);
  }

  private play(frame: PlayableFrame): void {
    this.spokenTurn = Math.max(this.spokenTurn, frame.turn);
    this.playback?.play(frame);
  }

  /** A reply that the browser did not let sound while it was given is not to be heard much later, when the sound is turned on. */
  private forgetUnheard(): void {
    if (this.playable && !this.rig.isRunning && this.spokenTurn > 0) this.playback?.flush(this.spokenTurn);
  }

  /** The browser reads what the server does not speak, or what the page cannot play. */
  private readIfUnheard(turn: number, text: string): void {
    const spoken = this.playable && (this.serverHasVoice || this.spokenTurn >= turn);
    if (!spoken && !this.playback?.isStopped(turn)) this.voice.speak(turn, text);
  }

  private report({ turn, event, playedMs }: PlaybackReport): void {
    this.link.send({ type: 'playback', turn, event, played_ms: playedMs });
    if (event !== 'started') return;
    const firstSound = this.clock.soundStarted(turn, performance.now() + this.rig.outputLatencyMs);
    if (firstSound) this.handlers.onFirstSound(turn, firstSound);
  }

  private readAloud(reading: boolean): void {
    this.reading = reading;
    this.setMuted(this.muted);
    this.handlers.onBrowserVoice(reading);
  }

  /** Nothing of a conversation that is over is heard in the next one. */
  private stopReading(): void {
    this.voice.cancel();
    this.rig.closePlayback();
    this.playback = undefined;
    this.spokenTurn = 0;
  }
}
