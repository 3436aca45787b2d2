import type { JsonObject } from '../server/json';
import { RawSocket } from './raw-socket';
import { base64, silence, tone } from './test-audio';

/** A client of the Agents socket whose speech is a tone. It sends pongs only when told to. */
export class AgentCaller {
  private constructor(readonly socket: RawSocket) {}

  /** `initiation`: the fields of the initiation data; null: it is not sent. */
  static async open(url: string, initiation: object | null = {}, protocols = ['convai']): Promise<AgentCaller> {
    const caller = new AgentCaller(await RawSocket.connect(url, {}, protocols));
    if (initiation) caller.socket.send({ type: 'conversation_initiation_client_data', ...initiation });
    return caller;
  }

  /** Sends 16 kHz PCM in chunks of 100 ms. */
  sendAudio(pcm: Int16Array): void {
    for (let from = 0; from < pcm.length; from += 1600) this.socket.send({ user_audio_chunk: base64(pcm.slice(from, from + 1600)) });
  }

  /** Sends a second of tone and then silence; the scripted recogniser decides what was said. */
  speak(durationMs = 1000): void {
    this.sendAudio(silence(400));
    this.sendAudio(tone(durationMs));
    this.sendAudio(silence(800));
  }

  write(text: string): void {
    this.socket.send({ type: 'user_message', text });
  }

  /** Reads up to and including the next frame of a type, and returns that. */
  async next(type: string): Promise<JsonObject> {
    const frames = await this.socket.until((frame) => frame['type'] === type);
    return frames.at(-1) ?? {};
  }

  /** The text of the next reply. */
  async nextResponse(): Promise<string> {
    return String(bodyOf(await this.next('agent_response'))['agent_response']);
  }

  /** All frames so far of a type. */
  all(type: string): JsonObject[] {
    return this.socket.frames.filter((frame) => frame['type'] === type);
  }

  /** The types of all frames so far; repeated neighbours count once. */
  get frameTypes(): unknown[] {
    const types = this.socket.frames.map(({ type }) => type);
    return types.filter((type, i) => type !== types[i - 1]);
  }

  /** All audio so far, as bytes. */
  get audio(): Buffer {
    return Buffer.concat(this.all('audio').map((frame) => Buffer.from(String(bodyOf(frame)['audio_base_64']), 'base64')));
  }
}

/** The body of a frame, whatever its key is. */
export function bodyOf(frame: JsonObject): JsonObject {
  const body = Object.entries(frame).find(([key]) => key !== 'type')?.[1];
  return typeof body === 'object' && body !== null ? { ...body } : {};
}

export function eventIdOf(frame: JsonObject): number {
  return Number(bodyOf(frame)['event_id']);
}
