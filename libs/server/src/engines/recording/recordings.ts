import { join, resolve } from 'node:path';
import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { AgentTurnPolicy, TurnPolicy } from '@parley/conversation';
import { SETTINGS, type Settings } from '../../config/settings';
import { ConversationRecording, type ConversationRecordingOptions, newPrivateFile, type Recorder } from '@parley/engine';

/** How long a server that shuts down waits until all recordings have been written. */
const SHUTDOWN_MS = 2_000;

/** Records conversations into `RECORD_DIR` if that is set; otherwise nothing is written. */
@Injectable()
export class Recordings implements Recorder, OnApplicationShutdown {
  private readonly logger = new Logger(Recordings.name);
  private readonly closing = new Set<Promise<void>>();

  constructor(@Inject(SETTINGS) private readonly settings: Pick<Settings, 'recordDir'>) {}

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
    return new ConversationRecording({
      path: join(resolve(recordDir), fileName(conversationId)),
      header,
      newFile: newPrivateFile,
      onFailed: (error) => this.logger.warn({ message: 'the recording has stopped', conversationId, error: messageOf(error) }),
    });
  }

  finish(recording: ConversationRecording): void {
    const closed = recording.close().finally(() => this.closing.delete(closed));
    this.closing.add(closed);
  }

  /** Nest calls this when all conversations have ended. */
  async onApplicationShutdown(): Promise<void> {
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
