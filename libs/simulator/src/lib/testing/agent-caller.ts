import type { JsonObject } from '../server/json';
import { RawSocket } from './raw-socket';
import { base64, silence, tone } from './test-audio';

/** How a call to a simulated agent begins. */
export interface CallOptions {
  agentId: string;
  /** The fields of the initiation data; null: it is not sent. */
  initiation?: object | null;
}

/** A client of the Agents socket that speaks in tones. Pongs only when told to. */
export class AgentCaller {
  private constructor(readonly socket: RawSocket) {}

  static async call(elevenLabsUrl: string, { agentId, initiation = {} }: CallOptions): Promise<AgentCaller> {
    return AgentCaller.open(`${elevenLabsUrl}/v1/convai/conversation?agent_id=${agentId}`, initiation);
  }

  static async open(url: string, initiation: object | null = {}): Promise<AgentCaller> {
    const caller = new AgentCaller(await RawSocket.connect(url, {}, ['convai']));
    if (initiation) caller.socket.send({ type: 'conversation_initiation_client_data', ...initiation });
    return caller;
  }

  /** Sends 16 kHz PCM in chunks of 100 ms. */
  sendAudio(pcm: Int16Array): void {
    for (let from = 0; from < pcm.length; from += 1600) this.socket.send({ user_audio_chunk: base64(pcm.slice(from, from + 1600)) });
  }

  /** Says something for a second and stops: what the recogniser hears is its script's business. */
  speak(durationMs = 1000): void {
    this.sendAudio(silence(400));
    this.sendAudio(tone(durationMs));
    this.sendAudio(silence(800));
  }

  /** Reads up to and including the next frame of a type, and returns that. */
  async next(type: string): Promise<JsonObject> {
    const frames = await this.socket.until((frame) => frame['type'] === type);
    return frames.at(-1) ?? {};
  }

  /** All frames so far of a type. */
  all(type: string): JsonObject[] {
    return this.socket.frames.filter((frame) => frame['type'] === type);
  }

  /** The types of all frames so far. Neighbours of a kind count once. */
  get story(): unknown[] {
    const types = this.socket.frames.map(({ type }) => type);
    return types.filter((type, i) => type !== types[i - 1]);
  }
}

/** The number in a frame's body, whatever the body's key is. */
export function eventIdOf(frame: JsonObject): number {
  const body = Object.entries(frame).find(([key]) => key !== 'type')?.[1];
  return typeof body === 'object' && body !== null && 'event_id' in body ? Number(body.event_id) : NaN;
}

/** The bytes of all audio frames. */
export function audioOf(frames: readonly JsonObject[]): Buffer {
  const chunks = frames.filter(({ type }) => type === 'audio').map(({ audio_event: event }) => event as { audio_base_64: string });
  return Buffer.concat(chunks.map(({ audio_base_64: audio }) => Buffer.from(audio, 'base64')));
}
