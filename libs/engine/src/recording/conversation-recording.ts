import { basename } from 'node:path';
import {
  type AgentJournalHeader,
  type AgentTurnEffect,
  type AgentTurnEvent,
  headerLine,
  JOURNAL_VERSION,
  type JournalAudio,
  type JournalHeader,
  NotedHint,
  speechLine,
  stepLine,
  type TurnEffect,
  type TurnEvent,
} from '@parley/conversation';
import { INPUT_SAMPLE_RATE_HZ, OUTPUT_SAMPLE_RATE_HZ, type OutgoingSpeech, type TurnDetector } from '../ports';
import { type NewFile, RecordingFile } from './recording-file';
import { WavFile } from './wav-file';

export interface ConversationRecordingOptions {
  /** The common beginning of the paths of all files of this recording. */
  path: string;
  /** The engine and its policy, for the first line of the journal. */
  header: Omit<JournalHeader, 'version' | 'audio'> | Omit<AgentJournalHeader, 'version' | 'audio'>;
  newFile: NewFile;
  /** Called once if the recording has stopped before the end of its session. */
  onFailed: (error: unknown) => void;
}

/** About two minutes of microphone audio. A disk that is this far behind will not catch up. */
const MAX_WAITING_BYTES = 4 * 2 ** 20;
/** Sound is written every third of a second, and journal lines at once, so that the journal shows what happened before a crash. */
const SOUND_BATCH_BYTES = 16 * 2 ** 10;
const LINE_BATCH_BYTES = 1;

/**
 * Records one session of either engine: a journal, and the audio of both sides. No method waits for the disk or throws. If recording fails, it
 * stops and reports that once. The session closes it.
 */
export class ConversationRecording {
  private readonly lines: RecordingFile;
  private readonly microphone: WavFile;
  private readonly speech: WavFile;
  private answers: NotedHint | undefined;
  private stopped = false;
  private hasFailed = false;

  constructor(private readonly options: ConversationRecordingOptions) {
    const { path, header } = options;
    const paths = { lines: `${path}.jsonl`, microphone: `${path}.microphone.wav`, speech: `${path}.speech.wav` };
    this.lines = this.file(paths.lines, LINE_BATCH_BYTES);
    this.microphone = new WavFile(this.file(paths.microphone, SOUND_BATCH_BYTES), INPUT_SAMPLE_RATE_HZ);
    this.speech = new WavFile(this.file(paths.speech, SOUND_BATCH_BYTES), OUTPUT_SAMPLE_RATE_HZ);
    const audio: JournalAudio = {
      microphone: { file: basename(paths.microphone), sampleRateHz: INPUT_SAMPLE_RATE_HZ },
      speech: { file: basename(paths.speech), sampleRateHz: OUTPUT_SAMPLE_RATE_HZ },
    };
    this.write(() => headerLine({ version: JOURNAL_VERSION, audio, ...header }));
  }

  /** Returns the conversation's turn detector in a form that records its answers. To be called once. */
  observing(detector: TurnDetector): TurnDetector {
    const answers = new NotedHint(detector);
    this.answers = answers;
    return {
      name: detector.name,
      requiredSilenceMs: (transcript, silenceMs, bounds) => answers.requiredSilenceMs(transcript, silenceMs, bounds),
      pushAudio: (pcm) => detector.pushAudio?.(pcm),
    };
  }

  /** Audio from the microphone, from the start of the audio clock and without gaps. It is read before the call returns. */
  heard(pcm: Int16Array): void {
    if (!this.stopped) this.microphone.append(pcm);
  }

  /** Speech that is sent to the client. */
  sent({ turn, seq, pcm, last }: OutgoingSpeech, atMs: number): void {
    if (this.stopped) return;
    this.speech.append(pcm);
    this.write(() => speechLine({ atMs, turn, seq, samples: pcm.length, last }));
  }

  /** An event, and the effects that the engine has decided on. */
  decided(event: TurnEvent | AgentTurnEvent, effects: readonly (TurnEffect | AgentTurnEffect)[]): void {
    const hints = this.answers?.take() ?? [];
    if (!this.stopped) this.write(() => stepLine({ event, effects, hints }));
  }

  /** Resolves when everything is written and closed; never rejects. Idempotent. */
  async close(): Promise<void> {
    this.stopped = true;
    await Promise.all([this.lines.close(), this.microphone.close(), this.speech.close()]);
  }

  private write(line: () => string): void {
    try {
      this.lines.append(Buffer.from(line()));
    } catch (error) {
      this.fail(error);
    }
  }

  private file(path: string, batchBytes: number): RecordingFile {
    const { newFile } = this.options;
    return new RecordingFile({ path, newFile, batchBytes, maxWaitingBytes: MAX_WAITING_BYTES, onFailed: (error) => this.fail(error) });
  }

  /** Stops the whole recording, because nobody could understand the decisions in a recording with a gap. */
  private fail(error: unknown): void {
    if (this.hasFailed) return;
    this.hasFailed = true;
    this.stopped = true;
    for (const file of [this.lines, this.microphone, this.speech]) file.giveUp();
    this.options.onFailed(error);
  }
}
