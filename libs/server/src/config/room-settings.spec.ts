import { parseEnvironment } from './parse-environment';
import { type Settings, settingsFrom } from './settings';

const SERVER = { LIVEKIT_URL: 'http://127.0.0.1:7880', LIVEKIT_API_KEY: 'key-of-livekit', LIVEKIT_API_SECRET: 'secret-of-livekit' };
const TOKEN = { ROOMS_API_TOKEN: 'token-of-the-rooms' };

const settings = (raw: Record<string, string> = {}): Settings => settingsFrom(parseEnvironment(raw));
const rooms = (raw: Record<string, string> = {}): Settings['rooms'] => settings({ ...SERVER, ...raw }).rooms;

describe('the settings of rooms', () => {
  it('are there as soon as the address, the key and the secret of a server are', () => {
    expect(rooms()).toEqual({
      url: 'http://127.0.0.1:7880',
      publicUrl: 'ws://127.0.0.1:7880',
      apiKey: 'key-of-livekit',
      apiSecret: 'secret-of-livekit',
      apiToken: undefined,
      isOpen: true,
      isLocal: true,
      agentName: 'parley',
      assistantName: 'Parley',
      recording: { allowed: false, dir: undefined },
      ingressAllowed: false,
      workerSlots: 16,
      workerHealthPort: undefined,
      redisUrl: undefined,
    });
    expect(settings(SERVER).missingForRooms).toEqual([]);
  });

  it.each(Object.keys(SERVER))('are not there without %s, which is named', (missing) => {
    const { rooms: none, missingForRooms } = settings({ ...SERVER, [missing]: '' });
    expect([none, missingForRooms]).toEqual([undefined, [missing]]);
  });

  it('pass each value on to the setting that it configures', () => {
    expect(
      rooms({
        ...TOKEN,
        LIVEKIT_PUBLIC_URL: 'https://rooms.example',
        ROOMS_AGENT_NAME: 'parley-blue',
        ROOMS_ASSISTANT_NAME: 'Ada',
        ROOMS_RECORDING: 'true',
        ROOMS_RECORDING_DIR: '/out',
        ROOMS_INGRESS: 'true',
        ROOM_WORKER_SLOTS: '8',
        ROOM_WORKER_HEALTH_PORT: '8081',
        REDIS_URL: 'redis://cache.example',
      }),
    ).toMatchObject({
      publicUrl: 'wss://rooms.example',
      apiToken: 'token-of-the-rooms',
      agentName: 'parley-blue',
      assistantName: 'Ada',
      recording: { allowed: true, dir: '/out' },
      ingressAllowed: true,
      workerSlots: 8,
      workerHealthPort: 8081,
      redisUrl: 'redis://cache.example',
    });
  });

  it.each<[environment: Record<string, string>, isOpen: boolean, isLocal: boolean]>([
    [{}, true, true],
    [{ HOST: 'localhost' }, true, true],
    [{ HOST: '::1' }, true, true],
    [{ HOST: '0.0.0.0' }, false, false],
    [{ HOST: '127.0.0.1.example' }, false, false],
    [{ ALLOWED_HOSTS: 'parley.example' }, false, false],
    [{ TRUST_PROXY: 'true' }, false, false],
    [{ TRUST_PROXY: '10.0.0.0/8' }, false, false],
    [{ TRUST_PROXY: '0' }, true, true],
    [{ ROOMS_OPEN: 'true', HOST: '0.0.0.0' }, true, false],
    [{ ...TOKEN }, false, false],
    [{ ...TOKEN, HOST: '0.0.0.0' }, false, false],
    [{ ...TOKEN, ROOMS_OPEN: 'true' }, true, false],
  ])('with %j, whether anybody may join is %s, and whether nothing needs a token %s', (environment, isOpen, isLocal) => {
    expect(rooms(environment)).toMatchObject({ isOpen, isLocal });
  });

  it('hide the key, the secret and the token in logs', () => {
    expect(settings({ ...SERVER, ...TOKEN }).secrets).toEqual(
      expect.arrayContaining(['key-of-livekit', 'secret-of-livekit', 'token-of-the-rooms']),
    );
  });
});
