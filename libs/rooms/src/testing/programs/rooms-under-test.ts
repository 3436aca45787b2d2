import type { JoinRoom, RoomAccess } from '@parley/protocol';
import { dispose as endTestPeople } from '@livekit/rtc-node';
import { freePorts } from '../free-ports';
import { LiveKitServer } from '../livekit-server';
import { TestPerson } from '../test-person';
import { RedisServer } from '@parley/testing/servers';
import { ServerProcess } from '@parley/testing/client';
import { NodeProxy } from './node-proxy';
import { RoomWorkerProcess } from './room-worker-process';

export interface RoomsUnderTestOptions {
  readonly workers: number;
  /** Of the media server, with one Redis and one address in front of them. Left out: one, without either. */
  readonly nodes?: number;
  /** More settings of API and workers. */
  readonly env?: Readonly<Record<string, string>>;
}

export const API_TOKEN = 'token-of-the-rooms-under-test';

/** The whole of it, as it is run: media server, Redis, API and workers, each a process of its own. The caller must stop it. */
export class RoomsUnderTest {
  readonly workers: RoomWorkerProcess[] = [];
  readonly #people: TestPerson[] = [];
  #rooms = 0;

  private constructor(
    readonly redis: RedisServer,
    readonly nodes: readonly LiveKitServer[],
    readonly proxy: NodeProxy,
    readonly api: ServerProcess,
    private readonly env: Readonly<Record<string, string>>,
  ) {}

  /** Resolves when a room would get an assistant. If something does not start, what has is stopped. */
  static async start(options: RoomsUnderTestOptions): Promise<RoomsUnderTest> {
    const started: { stop(): Promise<void> }[] = [];
    try {
      return await RoomsUnderTest.#start(options, started);
    } catch (error) {
      await Promise.allSettled(started.map((program) => program.stop()));
      throw error;
    }
  }

  static async #start({ workers, nodes: nodeCount = 1, env: more = {} }: RoomsUnderTestOptions, started: { stop(): Promise<void> }[]) {
    const begin = async <T extends { stop(): Promise<void> }>(starting: Promise<T>): Promise<T> => {
      started.push(await starting);
      return starting;
    };
    const redis = await begin(RedisServer.start({ tcp: true }));
    const { http: apiPort } = await freePorts();
    const nodes: LiveKitServer[] = [];
    const cluster = nodeCount > 1 && { redisAddress: redis.address };
    const webhookUrls = [`http://127.0.0.1:${apiPort}/api/livekit/webhook`];
    while (nodes.length < nodeCount) nodes.push(await begin(LiveKitServer.start({ ...cluster, webhookUrls })));
    const [{ apiKey, apiSecret }] = nodes;
    const proxy = await begin(NodeProxy.open(nodes.map(({ ports }) => ports.http)));
    const media = { LIVEKIT_URL: proxy.url, LIVEKIT_API_KEY: apiKey, LIVEKIT_API_SECRET: apiSecret };
    const env = { ...media, REDIS_URL: `redis://${redis.address}`, ...more };
    const api = await begin(ServerProcess.start({ ...env, ROOMS_API_TOKEN: API_TOKEN, PORT: String(apiPort) }));
    const rooms = new RoomsUnderTest(redis, nodes, proxy, api, env);
    for (let count = 0; count < workers; count++) await begin(rooms.startWorker());
    return rooms;
  }

  /** The only node, or the first. */
  get media(): LiveKitServer {
    return this.nodes[0];
  }

  /** Index of the node that has this room. */
  nodeOf(room: string): number {
    return this.nodes.findIndex((_, index) => this.hasRoom(index, room));
  }

  /** Whether somebody took part in the room on that node. Only the node's log tells. */
  hasRoom(node: number, room: string): boolean {
    const lines = this.nodes[node].log().split('\n');
    return lines.some((line) => line.includes('participant active') && line.includes(`"room": "${room}"`));
  }

  /** Without those that a test has killed, or that have ended. */
  get runningWorkers(): RoomWorkerProcess[] {
    return this.workers.filter(({ isRunning }) => isRunning);
  }

  async startWorker(): Promise<RoomWorkerProcess> {
    const { http: healthPort } = await freePorts();
    const worker = await RoomWorkerProcess.start(this.env, healthPort);
    this.workers.push(worker);
    return worker;
  }

  /** A request of `/api/rooms` with the token that it needs. */
  request(path: string, { body, ...init }: Omit<RequestInit, 'body'> & { body?: unknown } = {}): Promise<Response> {
    return fetch(`${this.api.url}/api/rooms${path}`, {
      ...init,
      headers: { authorization: `Bearer ${API_TOKEN}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  }

  async access(body: JoinRoom): Promise<RoomAccess> {
    const response = await this.request('', { method: 'POST', body });
    if (!response.ok) throw new Error(`no access to the room: ${response.status} ${await response.text()}`);
    return (await response.json()) as RoomAccess;
  }

  /** A name that no other test uses. */
  newRoom(): string {
    return `room-${++this.#rooms}`;
  }

  /** Somebody joins as the page does: asks the API for a token, and connects with it. */
  async join(body: JoinRoom & { room: string }): Promise<TestPerson> {
    const { url, token } = await this.access(body);
    const person = await TestPerson.join({ url, token });
    this.#people.push(person);
    return person;
  }

  /** After each test. */
  async everybodyLeaves(): Promise<void> {
    for (const person of this.#people.splice(0)) await person.leave();
  }

  async stop(): Promise<void> {
    await this.everybodyLeaves();
    const stops = await Promise.allSettled([...this.workers.map((worker) => worker.stop()), this.api.stop()]);
    for (const node of this.nodes) await node.stop();
    await this.proxy.stop();
    await this.redis.stop();
    await endTestPeople();
    const failed = stops.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
  }
}
