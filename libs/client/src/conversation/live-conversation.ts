import type { EngineName, ServerMessage } from '@parley/protocol';
import type { AudioModules } from '../audio/audio-modules';
import { AudioRig, type AudioRigHandlers, type SoundProblem } from '../audio/audio-rig';
import { BrowserVoice } from '../audio/browser-voice';
import type { PlayableFrame, PlaybackEngine } from '../audio/playback-engine';
import type { PlaybackReport } from '../audio/playback-report';
import { decodeBase64 } from '../link/base64';
import { ConversationLink } from '../link/conversation-link';
import type { LinkClosure, RetryCause } from '../link/link-closure';
import type { SocketAddress } from '../link/socket-address';
import { type FirstSound, FirstSoundClock } from './first-sound-clock';

/** What a live conversation reports to the page. None is called after `close()`. */
export interface LiveConversationHandlers {
  onMessage(message: ServerMessage): void;
  /** There is no connection. Attempt number `attempt` follows automatically. */
  onRetry(attempt: number, cause: RetryCause): void;
  /** The conversation is over for good, and the page did not end it. Everything is released already. */
  onClosed(closure: LinkClosure): void;
  onFirstSound(turn: number, firstSound: FirstSound): void;
  onUnderrun(turn: number): void;
  onMicrophoneLost(how: 'unplugged' | 'failed'): void;
  /** There was no connection for too long, so the oldest part of what was said in the meantime is lost. */
  onAudioDropped(): void;
  /** The browser has resumed the page's sound (true), or has paused it or not allowed it yet (false). */
  onSoundRunning(running: boolean): void;
  /** The page's playback has failed. From now on the browser's own voice reads the replies. */
  onSoundBroken(): void;
  /** The browser's own voice has started to read a reply (true) or has stopped (false). */
  onBrowserVoice(speaking: boolean): void;
}

/**
 * One conversation from Start to End. Joins the link to the server, the microphone and the playback. Must be created inside a click, because
 * browsers allow sound to start only there. Closed by its owner, which releases everything.
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

  /** Resolves to true once the audio worklets are loaded, or to false if the page can neither capture nor play. */
  readonly ready: Promise<boolean>;

  /** `modules` stay with their owner. */
  constructor(
    address: SocketAddress,
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
    this.link = new ConversationLink(address, {
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

  /** Why `ready` resolves to false. Undefined if there is no problem. */
  get soundProblem(): SoundProblem {
    return this.rig.problem;
  }

  /** Opens or changes the microphone; see `AudioRig.useMicrophone`. */
  useMicrophone(deviceId: string): Promise<string | undefined> {
    return this.rig.useMicrophone(deviceId);
  }

  /** Connects to the server for a conversation with this engine. */
  connect(engine: EngineName): void {
    this.link.open({ type: 'start_conversation', engine, audio_transport: 'binary' });
  }

  /** The server has no voice, so from now on the browser reads the replies. */
  withoutServerVoice(): void {
    this.serverHasVoice = false;
  }

  /** Connects again at once, instead of waiting for the next attempt. */
  reconnect(): void {
    this.link.reopen();
  }

  /** Sends a typed message. Returns false if there is no connection. */
  sendText(text: string): boolean {
    const sent = this.link.send({ type: 'text_message', text });
    if (sent) {
      this.voice.cancel();
      this.clock.typed(performance.now());
    }
    return sent;
  }

  /** Stops the reply at once and tells the server. `turn` is the turn of the reply; undefined if only the browser's voice is still reading. */
  interrupt(turn: number | undefined): void {
    if (turn !== undefined) this.playback?.flush(turn);
    this.voice.cancel();
    this.link.send({ type: 'interrupt' });
  }

  /** While muted, silence is sent to the server. */
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

  /** Resumes paused sound. Must be called from a click. */
  resumeSound(): void {
    this.rig.resume();
  }

  /** Ends the conversation and releases microphone, audio device, voice and socket. Idempotent. */
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
        // An agent may speak without being asked, and nobody has waited for that.
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

  /** Drops a reply that the browser did not allow to sound, so that it is not heard much later, when the sound is turned on. */
  private forgetUnheard(): void {
    if (this.playable && !this.rig.isRunning && this.spokenTurn > 0) this.playback?.flush(this.spokenTurn);
  }

  /** The browser reads replies for which the server has no voice, or which the page cannot play. */
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

  /** Stops the audio of a conversation that is over, so that it is not heard in the next one. */
  private stopReading(): void {
    this.voice.cancel();
    this.rig.closePlayback();
    this.playback = undefined;
    this.spokenTurn = 0;
  }
}
