import { Inject, Injectable } from '@nestjs/common';
import type { JoinResult, WebhookResult } from '@parley/rooms';
import { Counter, Gauge, Registry } from 'prom-client';

const JOINS: readonly JoinResult['kind'][] = ['granted', 'banned', 'taken'];
const WEBHOOKS: readonly WebhookResult['kind'][] = ['event', 'ignored', 'duplicate', 'refused'];

const REPLACEMENTS = ['silent', 'absent', 'none'] as const;
type Replacement = (typeof REPLACEMENTS)[number];

/** What the rooms of this server have come to, for `/metrics`. */
@Injectable()
export class RoomMetrics {
  private readonly joins: Counter<'result'>;
  private readonly webhooks: Counter<'result'>;
  private readonly returned: Counter;
  private readonly replacements: Counter<'reason'>;

  constructor(@Inject(Registry) private readonly registry: Registry) {
    const registers = [registry];
    this.joins = new Counter({
      name: 'parley_room_joins_total',
      help: 'Requests to join a room: granted with a token, or refused because the identity is banned or in the room already.',
      labelNames: ['result'],
      registers,
    });
    for (const result of JOINS) this.joins.inc({ result }, 0);
    this.webhooks = new Counter({
      name: 'parley_room_webhooks_total',
      help: 'Webhooks of the media server; ignored: about something that is not needed.',
      labelNames: ['result'],
      registers,
    });
    for (const result of WEBHOOKS) this.webhooks.inc({ result }, 0);
    this.returned = new Counter({
      name: 'parley_room_removed_again_total',
      help: 'People who were removed from a room, came back with a token from before, and were removed again.',
      registers,
    });
    this.replacements = new Counter({
      name: 'parley_room_replacements_total',
      help: 'Assistants that were dispatched because the one of the room fell silent, was absent, or never came (none).',
      labelNames: ['reason'],
      registers,
    });
    for (const reason of REPLACEMENTS) this.replacements.inc({ reason }, 0);
  }

  countJoin({ kind }: JoinResult): void {
    this.joins.inc({ result: kind });
  }

  countWebhook({ kind }: WebhookResult): void {
    this.webhooks.inc({ result: kind });
  }

  countRemovedAgain(): void {
    this.returned.inc();
  }

  countReplacement(reason: Replacement): void {
    this.replacements.inc({ reason });
  }

  /** Reports whether the media server answered when it was last asked. */
  readMediaServer(isUp: () => boolean): void {
    new Gauge({
      name: 'parley_room_media_server_up',
      help: 'Whether the media server answered when it was last asked; 0 also where there are no rooms.',
      registers: [this.registry],
      collect() {
        this.set(isUp() ? 1 : 0);
      },
    });
  }
}
