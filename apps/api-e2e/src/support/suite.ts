import type { StartConversation } from '@parley/protocol';
import { type ClientOptions, ConversationClient, defectsIn, type Server, sharedServer, violationsIn } from '@parley/testing/client';
import { allReleased } from './metrics';

/** Call at the top of a suite: the suite fails when the server's log shows a defect or resources of a conversation are left. */
export function useSharedServer(): Server {
  const server = sharedServer();
  const before = server.log().length;
  afterAll(async () => {
    await allReleased(server);
    expect(defectsIn(server.log().slice(before))).toEqual([]);
  });
  return server;
}

export interface ConversationSettings extends ClientOptions {
  readonly start?: Partial<StartConversation>;
}

export interface ConnectionSettings extends ClientOptions {
  /** Messages that would violate the protocol elsewhere but not in this engine. */
  readonly allowed?: RegExp;
}

/** Runs `use` with a connection, and checks everything received on it against the rules of the protocol. */
export async function connected<T>(
  server: Server,
  use: (client: ConversationClient) => Promise<T>,
  { allowed, ...options }: ConnectionSettings = {},
): Promise<T> {
  const client = await ConversationClient.connect(server.url, options);
  try {
    const result = await use(client);
    expect(violationsIn(client.inbox).filter((violation) => !allowed?.test(violation))).toEqual([]);
    return result;
  } catch (error) {
    throw new Error(`it failed in this conversation:\n${client.inbox.summary()}`, { cause: error });
  } finally {
    await client.close();
  }
}

/** Runs `use` in a conversation that has started. */
export function inConversation<T>(
  server: Server,
  use: (client: ConversationClient) => Promise<T>,
  { start, ...options }: ConversationSettings = {},
): Promise<T> {
  return connected(
    server,
    async (client) => {
      await client.start(start);
      return use(client);
    },
    options,
  );
}
