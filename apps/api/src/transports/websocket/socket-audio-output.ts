import { bytesFromPcm16 } from '@parley/audio';
import type { AudioOutput, OutgoingSpeech } from '@parley/engine';
import type { ReaderWatch } from './limits/reader-watch';
import { encodeSpeechFrame, type ServerMessage, type StartConversation } from '@parley/protocol';

/** Sends to the client; drops everything that the client can no longer receive. */
export interface SocketWriter {
  send(message: ServerMessage): void;
  sendBinary(bytes: Uint8Array): void;
  /** Watches whether the client reads the speech. */
  readonly reader: Pick<ReaderWatch, 'admits' | 'sent'>;
}

/** The most audio that is sent ahead of playback (protocol.md, Audio). */
export const MAX_LEAD_MS = 10_000;
const NOTHING = new Uint8Array();

/** Plays speech on the client behind a socket. The client buffers the audio that has not been heard yet. */
export class SocketAudioOutput implements AudioOutput {
  readonly maxLeadMs = MAX_LEAD_MS;
  readonly canPause = true;

  constructor(
    private readonly socket: SocketWriter,
    private readonly transport: StartConversation['audio_transport'],
  ) {}

  play({ turn, seq, pcm, last }: OutgoingSpeech): void {
    const isAdmitted = this.socket.reader.admits(turn);
    // That the speech of a turn is over is told in any case.
    if (!isAdmitted && !last) return;
    const bytes = isAdmitted ? bytesFromPcm16(pcm) : NOTHING;
    if (this.transport === 'json') {
      const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
      this.socket.send({ type: 'audio_response', turn, seq, data, is_final: last });
    } else {
      this.socket.sendBinary(encodeSpeechFrame({ turn, seq, last, pcm: bytes }));
    }
    if (isAdmitted) this.socket.reader.sent(bytes.length);
  }

  clear(): void {
    // The client drops the speech of the turn itself when it receives the interruption message that follows.
  }

  duck(turn: number, on: boolean): void {
    this.socket.send({ type: 'duck', turn, active: on });
  }

  pause(turn: number, on: boolean): void {
    this.socket.send({ type: 'pause', turn, active: on });
  }
}
