import { randomUUID } from 'node:crypto';
import type { Client, Notification, PoolClient } from 'pg';
import type { ChangeListener } from '../sql/change-listeners';

export interface ChangeChannelOptions {
  url: string;
  /** Called for the changes of other servers. */
  onChange: ChangeListener;
  onConnectionLost: (error: Error) => void;
  /** Of the client library. */
  Client: typeof Client;
}

const CHANNEL = 'parley_episode_changes';
const RECONNECT_AFTER_MS = 1_000;

/** Tells the other servers of changes, and hears of theirs on a connection of its own. */
export class ChangeChannel {
  readonly #options: ChangeChannelOptions;
  readonly #sender = randomUUID();
  #client: Client | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isListening = false;
  #isClosed = false;

  constructor(options: ChangeChannelOptions) {
    this.#options = options;
  }

  /** Within a transaction: the others hear of it when it is committed. */
  async tell(client: PoolClient, changes: ReadonlyMap<string, number>): Promise<void> {
    for (const [episodeId, version] of changes)
      await client.query('SELECT pg_notify($1, $2)', [CHANNEL, `${this.#sender} ${episodeId} ${version}`]);
  }

  /** Connects in the background, and again when the connection is lost. Idempotent. */
  listen(): void {
    if (this.#isListening || this.#isClosed) return;
    this.#isListening = true;
    void this.#connect();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#client?.end().catch(() => undefined);
  }

  async #connect(): Promise<void> {
    const client = new this.#options.Client({ connectionString: this.#options.url, keepAlive: true });
    this.#client = client;
    let isLost = false;
    const onLost = (error: Error) => {
      if (isLost || this.#isClosed) return;
      isLost = true;
      this.#options.onConnectionLost(error);
      this.#timer = setTimeout(() => void this.#connect(), RECONNECT_AFTER_MS);
    };
    client.on('error', onLost);
    client.on('end', () => onLost(new Error('the connection to PostgreSQL has ended')));
    client.on('notification', (notification) => this.#hear(notification));
    try {
      await client.connect();
      await client.query(`LISTEN ${CHANNEL}`);
    } catch (error) {
      onLost(error as Error);
    }
  }

  #hear({ payload = '' }: Notification): void {
    const [sender, episodeId, version] = payload.split(' ');
    if (sender !== this.#sender && episodeId && version) this.#options.onChange(episodeId, Number(version));
  }
}
