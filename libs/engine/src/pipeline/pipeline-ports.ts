import type { Stage, TurnPolicy } from '@parley/conversation';
import type { Clock, EngineLogger, TurnDetector, VoiceDetector } from '../ports';
import type { Recorder } from '../recording/recorder';
import type { ObserveConversation } from '../turns/notification-relay';
import type { LlmStream } from './llm.stream';
import type { SttStream } from './stt.stream';
import type { TtsStream } from './tts.stream';

/** What a conversation on the pipeline is made of. Everything belongs to this conversation alone, except for the prepared audio. */
export interface PipelinePorts {
  /** The rules of the conversation. A system prompt in the conversation's options replaces the one in here. */
  policy: TurnPolicy;
  /** Undefined if there is no recogniser. Typed messages are answered all the same. */
  stt: Pick<SttStream, 'open' | 'utterance'> | undefined;
  llm: Pick<LlmStream, 'open' | 'stayWarm' | 'generate'>;
  /** Undefined if there is no voice. Replies are then text only. */
  tts: Pick<TtsStream, 'open' | 'speak'> | undefined;
  /** Prepared audio of what is said when a stage fails (PCM, 16-bit mono at the output rate). If there is none, the voice is used. */
  fallbackSpeech?: (stage: Stage) => Int16Array | undefined;
  detector: VoiceDetector;
  /** Default: the one that judges by words. */
  turnDetector?: TurnDetector;
  /** If left out, nothing is recorded. */
  recorder?: Recorder;
  /** Receives every event that the client receives. */
  observe?: ObserveConversation;
  /** If left out, nothing is logged. */
  logger?: EngineLogger;
  /** Default: the machine's time. */
  clock?: Clock;
}
