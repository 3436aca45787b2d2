import type { WebhookEvent, WebhookReceiver } from 'livekit-server-sdk';
import type { RoomStore } from '../store/room-store';
import { isWithAssistant } from './assistant-settings';
import type { MediaServer } from './media-server';
import { isKindAgent, isKindPerson } from './participant-info';

/** What the media server reports of a room. */
export interface RoomEvent {
  type: 'room_started' | 'room_finished' | 'participant_joined' | 'participant_left';
  room: string;
  /** Of the participant. */
  identity?: string;
  /** Of the participant: as for `ControlledParticipant`. */
  isAssistant: boolean;
  isPerson: boolean;
  /** Whether the room is to have an assistant. */
  isWithAssistant: boolean;
}

export type WebhookResult =
  | { kind: 'event'; event: RoomEvent }
  /** Signed and new, but nothing that rooms need. */
  | { kind: 'ignored' }
  /** Handled before, here or by another server. */
  | { kind: 'duplicate' }
  /** Not signed with our secret, altered, or too old. */
  | { kind: 'refused' };

const TYPES: readonly string[] = ['room_started', 'room_finished', 'participant_joined', 'participant_left'] satisfies RoomEvent['type'][];
/** Clocks may differ by this much. */
const CLOCK_TOLERANCE_S = 60;

/**
 * Reads the webhooks of the media server. Their bodies hold passwords of its relay, so nothing of them is kept or logged. The server sends a
 * webhook again if it was not answered, and whoever overheard one could, so each is taken once.
 */
export class RoomWebhooks {
  private readonly receiver: WebhookReceiver;

  constructor(
    { sdk, credentials }: MediaServer,
    private readonly store: Pick<RoomStore, 'claimWebhook'>,
  ) {
    this.receiver = new sdk.WebhookReceiver(credentials.apiKey, credentials.apiSecret);
  }

  /** `body` is what was received, byte by byte. Rejects if the store cannot be reached: the server sends it again then. */
  async receive(body: Uint8Array, authorization: string | undefined): Promise<WebhookResult> {
    const event = await this.verified(body, authorization);
    if (event === undefined || event.id === '') return { kind: 'refused' };
    if (!(await this.store.claimWebhook(event.id))) return { kind: 'duplicate' };
    const type = event.event;
    const room = event.room?.name ?? '';
    if (!isKnown(type) || room === '') return { kind: 'ignored' };
    const { participant } = event;
    return {
      kind: 'event',
      event: {
        ...{ type, room },
        ...(participant && { identity: participant.identity }),
        isWithAssistant: isWithAssistant(event.room?.metadata ?? ''),
        isAssistant: participant !== undefined && isKindAgent(participant),
        isPerson: participant !== undefined && isKindPerson(participant),
      },
    };
  }

  private async verified(body: Uint8Array, authorization: string | undefined): Promise<WebhookEvent | undefined> {
    try {
      const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
      return await this.receiver.receive(text, authorization, false, CLOCK_TOLERANCE_S);
    } catch {
      return undefined;
    }
  }
}

const isKnown = (type: string): type is RoomEvent['type'] => TYPES.includes(type);
