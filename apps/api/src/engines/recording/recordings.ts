import { join, resolve } from 'node:path';
import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { TurnPolicy } from '@parley/conversation';
import { SETTINGS, type Settings } from '../../config/settings';
import { newPrivateFile } from './recording-file';
import { SessionRecording } from './session-recording';

/** How long a server that goes down waits for what is not written yet. */
const SHUTDOWN_MS = 2_000;

/** Records sessions into `RECORD_DIR`, where that is set; otherwise nothing is written. */
@Injectable()
export class Recordings implements OnApplicationShutdown {
  private readonly logger = new Logger(Recordings.name);
  private readonly closing = new Set<Promise<void>>();

  constructor(@Inject(SETTINGS) private readonly settings: Pick<Settings, 'recordDir'>) {}

  /** The record of a session that starts; the session ends it with `finish`. `undefined` where nothing is to be recorded. */
  begin(session: string, policy: TurnPolicy): SessionRecording | undefined {
    const { recordDir } = this.settings;
    if (recordDir === undefined) return undefined;
    return new SessionRecording({
      path: join(resolve(recordDir), fileName(session)),
      header: { session, startedAt: new Date().toISOString(), policy },
      newFile: newPrivateFile,
      onFailed: (error) => this.logger.warn({ message: 'the recording has stopped', conversationId: session, error: messageOf(error) }),
    });
  }

  /** The session is over: what is left is written. Does not wait. */
  finish(recording: SessionRecording): void {
    const closed = recording.close().finally(() => this.closing.delete(closed));
    this.closing.add(closed);
  }

  /** All sessions are over by now. */
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

/** Of the file system, or our own: nothing that a user has said is in it. */
const messageOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : typeof error;

/** A session's id as a part of a file name, whatever the transport calls its sessions. */
const fileName = (session: string): string => session.replace(/[^\w-]/gu, '_');
