import type { Stage, TurnPolicy } from '@parley/conversation';
import type { Clock, EngineLogger, TurnDetector, VoiceDetector } from '../ports';
import type { Recorder } from '../recording/recorder';
import type { ObserveConversation } from '../turns/notification-relay';
import type { LlmStream } from './llm.stream';
import type { SttStream } from './stt.stream';
import type { TtsStream } from './tts.stream';

/** What a conversation on the pipeline is held with. All of it is its own, but for what is prepared. */
export interface PipelinePorts {
  /** What the conversation is held by; the system prompt that was asked for goes before the one in here. */
  policy: TurnPolicy;
  /** Undefined where nothing can be recognised: typed words are answered. */
  stt: Pick<SttStream, 'open' | 'utterance'> | undefined;
  llm: Pick<LlmStream, 'open' | 'stayWarm' | 'generate'>;
  /** Undefined where there is no voice: replies are text only. */
  tts: Pick<TtsStream, 'open' | 'speak'> | undefined;
  /** Prepared audio of what is said when a stage fails: PCM s16 mono at the output rate. Where there is none, the voice is asked. */
  fallbackSpeech?: (stage: Stage) => Int16Array | undefined;
  detector: VoiceDetector;
  /** Left out: the one that judges by words. */
  turnDetector?: TurnDetector;
  /** Left out: nothing is recorded. */
  recorder?: Recorder;
  /** Left out: nobody observes. */
  observe?: ObserveConversation;
  /** Left out: nothing is logged. */
  logger?: EngineLogger;
  /** Left out: the machine's own time. */
  clock?: Clock;
}
