import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endTestPeople, LiveKitServer, roomToken, TestPerson, until } from '@parley/rooms/testing';
import { AgentDispatchClient } from 'livekit-server-sdk';

const PROGRAM = join(__dirname, '../../../../dist/apps/room-worker/main.js');

/** The built worker in a process of its own, without keys of vendors. */
class WorkerProgram {
  output = '';
  private readonly folder = mkdtempSync(join(tmpdir(), 'parley-worker-'));
  private readonly child: ChildProcess;
  private readonly exit: Promise<unknown>;

  constructor(environment: Record<string, string>) {
    // Not in the checkout, whose .env is of no concern here.
    this.child = spawn(process.execPath, [PROGRAM], {
      cwd: this.folder,
      env: { PATH: process.env['PATH'], NO_COLOR: '1', LOCAL_MODEL_PROBE: 'false', SIMULATOR_RECOGNISERS: '1', ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.child.stdout, this.child.stderr]) stream?.on('data', (text: Buffer) => (this.output += text.toString()));
    this.exit = once(this.child, 'exit');
  }

  get code(): number | null {
    return this.child.exitCode;
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  async exited(): Promise<number | null> {
    await this.exit;
    return this.code;
  }

  async end(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.exit;
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Of the probes' server, which says where it listens. */
  async get(path: string): Promise<Response> {
    await until(() => /port=\d+/.test(this.output), 'the port of the probes', 60_000);
    const port = /port=(\d+)/.exec(this.output)?.[1];
    return fetch(`http://127.0.0.1:${port}${path}`);
  }

  async untilReady(): Promise<void> {
    await until(async () => (await this.get('/ready')).ok, 'a worker that is ready', 60_000);
  }
}

describe('the room worker as a program', () => {
  let server: LiveKitServer;
  let dispatch: AgentDispatchClient;
  const programs: WorkerProgram[] = [];
  const people: TestPerson[] = [];

  beforeAll(async () => {
    server = await LiveKitServer.start();
    dispatch = new AgentDispatchClient(server.httpUrl, server.apiKey, server.apiSecret);
  });
  afterEach(async () => {
    for (const person of people.splice(0)) await person.leave();
    for (const program of programs.splice(0)) await program.end();
  });
  afterAll(async () => {
    await server.stop();
    await endTestPeople();
  });

  function start(environment: Record<string, string> = {}): WorkerProgram {
    const { url, apiKey, apiSecret } = server;
    const program = new WorkerProgram({
      ...{ LIVEKIT_URL: url, LIVEKIT_API_KEY: apiKey, LIVEKIT_API_SECRET: apiSecret },
      ...{ ROOM_WORKER_HEALTH_PORT: '0', ROOM_WORKER_SLOTS: '2' },
      ...environment,
    });
    programs.push(program);
    return program;
  }

  async function enter(room: string): Promise<TestPerson> {
    const token = await roomToken(server, { room, identity: 'asha' });
    const person = await TestPerson.join({ url: server.url, token, microphone: false });
    people.push(person);
    await dispatch.createDispatch(room, 'parley');
    await until(() => person.inbox.states().some(({ state }) => state === 'listening'), 'an assistant that listens', 60_000);
    return person;
  }

  /** What the assistant says to a typed message is heard. */
  async function converse(person: TestPerson): Promise<void> {
    const askedAt = performance.now();
    await person.chat('What time is it?');
    await until(() => (person.voice()?.soundMs(askedAt) ?? 0) > 300, 'the spoken answer', 60_000);
  }

  const metricOf = async (program: WorkerProgram, name: string): Promise<number> => {
    const text = await (await program.get('/metrics')).text();
    return Number(new RegExp(`^${name} (.+)$`, 'm').exec(text)?.[1]);
  };

  it('talks in a room, tells probes and metrics of it, and writes no line but its own', async () => {
    const program = start({ LOG_LEVEL: 'debug' });
    await program.untilReady();
    const person = await enter('talk');
    await converse(person);
    expect([(await program.get('/live')).status, (await program.get('/nothing')).status]).toEqual([200, 404]);
    expect(await metricOf(program, 'parley_rooms')).toBe(1);
    expect(await metricOf(program, 'parley_room_worker_load')).toBeCloseTo(0.345, 3);
    await person.leave();
    await until(async () => (await metricOf(program, 'parley_rooms')) === 0, 'an empty room left', 60_000);
    expect(program.output).not.toMatch(/lk-rtc|^\{/m);
    expect(program.output).not.toMatch(/eyJ|secret_secret/);
  });

  it('finishes its calls after SIGTERM, takes no new room, and then ends', async () => {
    const program = start();
    await program.untilReady();
    const person = await enter('long');
    program.signal('SIGTERM');
    await until(async () => (await program.get('/ready')).status === 503, 'a worker that drains');
    await dispatch.createDispatch('another', 'parley');
    await converse(person);
    expect(await metricOf(program, 'parley_rooms')).toBe(1);
    await person.send({ type: 'end_conversation' });
    expect(await program.exited()).toBe(0);
  });

  it('leaves its rooms at a second SIGTERM', async () => {
    const program = start();
    await program.untilReady();
    const person = await enter('short');
    program.signal('SIGTERM');
    await until(async () => (await program.get('/ready')).status === 503, 'a worker that drains');
    program.signal('SIGTERM');
    expect(await program.exited()).toBe(0);
    await until(() => person.others.length === 0, 'an empty room');
  });

  it.each([
    ['there is no media server', { LIVEKIT_API_SECRET: '' }, /^A room worker needs a LiveKit server, and LIVEKIT_API_SECRET is not set\./],
    ['Redis does not answer', { REDIS_URL: 'redis://127.0.0.1:9' }, /^The Redis of REDIS_URL, .* does not answer\.$/m],
    ['a setting makes no sense', { ROOM_WORKER_SLOTS: '-1' }, /ROOM_WORKER_SLOTS/],
  ])('says plainly that %s, and ends', async (_, environment, expected) => {
    const program = start(environment as Record<string, string>);
    expect(await program.exited()).toBe(1);
    expect(program.output).toMatch(expected);
    expect(program.output).not.toMatch(/^\s+at /m);
  });
});
