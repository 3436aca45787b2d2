import type { ConversationEvent, ConversationMemory } from '@parley/engine';
import type { ServerMessage } from '@parley/protocol';
import { fixture, untilSpeechEnd } from '@parley/testing/client';
import { AccessToken } from 'livekit-server-sdk';
import { type LiveKitServer, roomToken, TestPerson } from '../../testing';
import { until } from '../../testing/until';
import type { RoomEnd } from '../../worker/attendee';
import type { JobMetadata } from '../job-metadata';
import { RoomParticipant } from '../room-participant';
import type { RoomParticipantOptions } from '../room-participant-options';
import { pitchOf, type ToneEngine, toneShare } from './tone-engine';

/** An assistant in a room, and what it has told its worker. */
export interface TestAssistant {
  participant: RoomParticipant;
  memories: ConversationMemory[];
  /** How often the connection was interrupted, and how often it was back. */
  interruptions: number;
  reconnections: number;
  ends: RoomEnd[];
  /** Everything that was logged as a warning or an error. */
  complaints: string[];
}

/** The messages that the specs read. The program's own translation belongs to another lib. */
function toMessage(event: ConversationEvent): ServerMessage | undefined {
  switch (event.type) {
    case 'state_changed':
      return { type: 'state', state: event.phase, turn: event.turn };
    case 'transcript':
      return { type: 'transcript', turn: event.turn, text: event.text, is_final: event.isFinal };
    case 'interrupted':
      return { type: 'interruption', turn: event.turn, reason: event.reason };
    case 'ended':
      return { type: 'conversation_ended', reason: event.reason };
    default:
      return undefined;
  }
}

/** A room of a real media server, with an assistant and people. */
export class TestRoom {
  private static count = 0;
  readonly name = `room-${++TestRoom.count}`;
  private readonly people: TestPerson[] = [];
  private readonly assistants: TestAssistant[] = [];

  constructor(readonly server: LiveKitServer) {}

  async person(identity: string, options: { microphone?: boolean } = {}): Promise<TestPerson> {
    const token = await roomToken(this.server, { room: this.name, identity });
    const person = await TestPerson.join({ url: this.server.url, token, ...options });
    this.people.push(person);
    return person;
  }

  async assistant(
    engine: ToneEngine,
    metadata: Partial<JobMetadata> = {},
    options: Partial<RoomParticipantOptions> = {},
  ): Promise<TestAssistant> {
    const jobId = `AJ_${this.assistants.length + 1}`;
    const identity = `agent-${jobId}`;
    const told = {
      memories: [] as ConversationMemory[],
      interruptions: 0,
      reconnections: 0,
      ends: [] as RoomEnd[],
      complaints: [] as string[],
    };
    const complain = (message: string, fields: unknown): void => void told.complaints.push(`${message} ${JSON.stringify(fields)}`);
    const participant = await RoomParticipant.join({
      job: {
        jobId,
        identity,
        room: this.name,
        url: this.server.url,
        token: await this.agentToken(identity),
        metadata: JSON.stringify(metadata),
      },
      engines: { pipeline: engine },
      toMessage,
      memory: undefined,
      onMemory: (memory) => told.memories.push(memory),
      onReconnecting: () => (told.interruptions += 1),
      onReconnected: () => (told.reconnections += 1),
      onEnded: (reason) => told.ends.push(reason),
      logger: { debug: () => undefined, warn: complain, error: complain },
      ...options,
    });
    const assistant = Object.assign(told, { participant });
    this.assistants.push(assistant);
    return assistant;
  }

  async end(): Promise<void> {
    for (const { participant } of this.assistants) await participant.leave('shutdown');
    for (const person of this.people) await person.leave();
  }

  private agentToken(identity: string): Promise<string> {
    const token = new AccessToken(this.server.apiKey, this.server.apiSecret, { identity, ttl: 600 });
    token.addGrant({
      ...{ roomJoin: true, room: this.name, agent: true },
      ...{ canPublish: true, canSubscribe: true, canPublishData: true, canUpdateOwnMetadata: true },
    });
    token.kind = 'agent';
    return token.toJwt();
  }
}

/** Two seconds of somebody speaking. */
export const QUESTION = untilSpeechEnd(fixture('clean-time.wav'));

/** How long this person has heard the tone of that reply (from 0) since then, in ms. */
export function toneMs(person: TestPerson, reply: number, fromMs = 0): number {
  const frames = person.voice()?.frames ?? [];
  return frames.filter(({ atMs, pcm, level }) => atMs >= fromMs && level > 300 && toneShare(pcm, pitchOf(reply)) > 0.5).length * 10;
}

/** Resolves when this person hears that reply. */
export const answered = (person: TestPerson, reply = 0): Promise<void> =>
  until(() => toneMs(person, reply) > 300, `reply ${reply} is heard`);

/** What the assistant does, as this person was told last. */
export const stateOf = (person: TestPerson): string | undefined => person.inbox.states().at(-1)?.state;
