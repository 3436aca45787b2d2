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
  /** Path of the files, up to what tells them apart. */
  path: string;
  /** Which engine, under which policy. */
  header: Omit<JournalHeader, 'version' | 'audio'> | Omit<AgentJournalHeader, 'version' | 'audio'>;
  newFile: NewFile;
  /** Called once, when the recording has stopped before its session. */
  onFailed: (error: unknown) => void;
}

/** About two minutes of microphone: a disk that is that far behind will not catch up. */
const MAX_WAITING_BYTES = 4 * 2 ** 20;
/** Sound is written by the third of a second; lines at once, so that a crash is in the journal. */
const SOUND_BATCH_BYTES = 16 * 2 ** 10;
const LINE_BATCH_BYTES = 1;

/**
 * The record of one session on either engine: a journal, and what was heard and said beside it. Nothing in here waits or throws; where it cannot go on,
 * it stops and says so once. The session closes it.
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

  /** The conversation's turn detector, with its answers noted. Once. */
  observing(detector: TurnDetector): TurnDetector {
    const answers = new NotedHint(detector);
    this.answers = answers;
    return {
      name: detector.name,
      requiredSilenceMs: (transcript, silenceMs, bounds) => answers.requiredSilenceMs(transcript, silenceMs, bounds),
      pushAudio: (pcm) => detector.pushAudio?.(pcm),
    };
  }

  /** Audio from the microphone, from the audio clock's zero on without a gap; read before the call returns. */
  heard(pcm: Int16Array): void {
    if (!this.stopped) this.microphone.append(pcm);
  }

  /** Speech that leaves for the client. */
  sent({ turn, seq, pcm, last }: OutgoingSpeech, atMs: number): void {
    if (this.stopped) return;
    this.speech.append(pcm);
    this.write(() => speechLine({ atMs, turn, seq, samples: pcm.length, last }));
  }

  /** What the engine made of an event. */
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

  /** A record with a gap would tell of decisions that nobody can understand: all of it ends here. */
  private fail(error: unknown): void {
    if (this.hasFailed) return;
    this.hasFailed = true;
    this.stopped = true;
    for (const file of [this.lines, this.microphone, this.speech]) file.giveUp();
    this.options.onFailed(error);
  }
}
