import { join, resolve } from 'node:path';
import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { AgentTurnPolicy, TurnPolicy } from '@parley/conversation';
import { SETTINGS, type Settings } from '../../config/settings';
import { ConversationRecording, type ConversationRecordingOptions, newPrivateFile, type Recorder } from '@parley/engine';
import { RecordingKeeper } from './recording-keeper';

/** How long a server that shuts down waits until all recordings have been written. */
const SHUTDOWN_MS = 2_000;
/** How often it is looked for recordings that are too old. */
const TIDY_MS = 10 * 60_000;
/** A large folder takes long to look through, so that is done for a small part of the time only. */
const PAUSE_PER_LOOK = 20;

type RecordingSettings = Pick<Settings, 'recordDir'> & { lifecycle: Pick<Settings['lifecycle'], 'recordings' | 'processes'> };

/** A recording that is being written. */
interface OpenRecording {
  /** What the names of its files begin with. */
  name: string;
  hasFailed: boolean;
}

/** Records conversations into `RECORD_DIR` if that is set; otherwise nothing is written. Keeps the folder within its bounds. */
@Injectable()
export class Recordings implements Recorder, OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(Recordings.name);
  private readonly closing = new Set<Promise<void>>();
  private readonly open = new Map<ConversationRecording, OpenRecording>();
  private readonly keeper: RecordingKeeper | undefined;
  private timer: NodeJS.Timeout | undefined;
  /** Set while a look through the folder is due. */
  private dueTidy: NodeJS.Timeout | undefined;
  /** When the next look may begin, on the monotonic clock. */
  private nextTidyMs = 0;
  /** Whether a failure was reported. A full disk fails every conversation, which is reported once until one has been recorded. */
  private isFailing = false;
  private isTidyFailing = false;

  constructor(@Inject(SETTINGS) private readonly settings: RecordingSettings) {
    const { recordDir, lifecycle } = settings;
    const { maxBytes, keepMs } = lifecycle.recordings;
    if (recordDir === undefined || (maxBytes === undefined && keepMs === undefined)) return;
    this.keeper = new RecordingKeeper({
      folder: resolve(recordDir),
      bounds: lifecycle.recordings,
      isOpen: (name) => [...this.open.values()].some((recording) => recording.name === name),
      isShared: lifecycle.processes > 1,
      now: () => Date.now(),
    });
  }

  onApplicationBootstrap(): void {
    if (!this.keeper) return;
    this.timer = setInterval(() => void this.tidy(), TIDY_MS).unref();
    void this.tidy();
  }

  begin(conversationId: string, policy: TurnPolicy, hint: string): ConversationRecording | undefined {
    return this.record({ session: conversationId, startedAt: new Date().toISOString(), policy, hint });
  }

  beginAgent(conversationId: string, policy: AgentTurnPolicy): ConversationRecording | undefined {
    return this.record({ engine: 'agent', session: conversationId, startedAt: new Date().toISOString(), policy });
  }

  private record(header: ConversationRecordingOptions['header']): ConversationRecording | undefined {
    const { recordDir } = this.settings;
    if (recordDir === undefined) return undefined;
    const conversationId = header.session;
    const name = fileName(conversationId);
    const recording: OpenRecording = { name, hasFailed: false };
    const written = new ConversationRecording({
      path: join(resolve(recordDir), name),
      header,
      newFile: newPrivateFile,
      onFailed: (error) => {
        recording.hasFailed = true;
        this.failed(conversationId, error);
      },
    });
    this.open.set(written, recording);
    return written;
  }

  finish(recording: ConversationRecording): void {
    const closed = recording.close().finally(() => {
      this.closing.delete(closed);
      if (this.open.get(recording)?.hasFailed === false) this.isFailing = false;
      this.open.delete(recording);
      this.tidySoon();
    });
    this.closing.add(closed);
  }

  private failed(conversationId: string, error: unknown): void {
    if (!this.isFailing) this.logger.warn({ message: 'the recording has stopped', conversationId, error: messageOf(error) });
    this.isFailing = true;
  }

  private tidySoon(): void {
    if (!this.keeper || this.dueTidy) return;
    const delayMs = Math.max(0, this.nextTidyMs - performance.now());
    this.dueTidy = setTimeout(() => {
      this.dueTidy = undefined;
      void this.tidy();
    }, delayMs).unref();
  }

  /** Never rejects. */
  private async tidy(): Promise<void> {
    const startedAtMs = performance.now();
    try {
      const deleted = (await this.keeper?.tidy()) ?? 0;
      this.isTidyFailing = false;
      if (deleted > 0) this.logger.log({ message: 'old recordings were deleted', deleted });
    } catch (error) {
      if (!this.isTidyFailing) this.logger.warn({ message: 'old recordings cannot be deleted', error: messageOf(error) });
      this.isTidyFailing = true;
    }
    this.nextTidyMs = performance.now() + PAUSE_PER_LOOK * (performance.now() - startedAtMs);
  }

  /** Nest calls this when all conversations have ended. */
  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    clearTimeout(this.dueTidy);
    this.dueTidy = undefined;
    if (this.closing.size === 0) return;
    await new Promise<void>((done) => {
      const timer = setTimeout(done, SHUTDOWN_MS);
      void Promise.all(this.closing).then(() => {
        clearTimeout(timer);
        done();
      });
    });
  }
}

/** The text of an error of the file system or of our own code: it contains nothing that a user has said. */
const messageOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : typeof error;

/** Turns a conversation's id into a safe part of a file name, whatever ids the transport uses. */
const fileName = (conversationId: string): string => conversationId.replace(/[^\w-]/gu, '_');
