import { ConversationClient, ServerProcess } from '@parley/testing/client';
import { allReleased } from './support/metrics';
import { frame, Opcode, RawClient, type UpgradeOptions, upgradeRequest } from './support/raw-client';

const RESETS = 16;

/** Upgrade requests with one mistake each. */
const BAD_UPGRADES: readonly (readonly [what: string, request: UpgradeOptions])[] = [
  ['a host that is an open bracket', { headers: { host: '[' } }],
  ['a host that is no address', { headers: { host: '[::1' } }],
  ['a host with a port that is none', { headers: { host: '127.0.0.1:port' } }],
  ['a host with a port out of range', { headers: { host: '127.0.0.1:99999' } }],
  ['a host with a path', { headers: { host: '127.0.0.1/ws' } }],
  ['a host with a user', { headers: { host: 'user@127.0.0.1' } }],
  ['a host with a percent sign', { headers: { host: '%' } }],
  ['a host of white space', { headers: { host: ' ' } }],
  ['a host of many brackets', { headers: { host: '['.repeat(4_000) } }],
  ['a host of other letters', { headers: { host: '\u00ff\u00fe' } }],
  ['no host', { headers: { host: null } }],
  ['a target that begins like another host', { path: '//[' }],
  ['a target that is another host', { path: '//evil.example/ws' }],
  ['a target of slashes', { path: '///' }],
  ['a target that is a bracket', { path: '/[' }],
  ['a target with a percent sign', { path: '/%' }],
  ['a target with a percent sign behind its path', { path: '/ws%' }],
  ['a target with a backslash', { path: '/\\[' }],
  ['a target that is a URL without a host', { path: 'http://' }],
  ['a target that is a URL of another host', { path: 'http://evil.example/ws' }],
  ['a target that is a URL with a broken host', { path: 'http://[/ws' }],
  ['a target that is a URL of another scheme', { path: 'gopher://127.0.0.1/ws' }],
  ['a target that is a star', { path: '*', method: 'OPTIONS' }],
  ['a target of seven thousand bytes', { path: `/${'a'.repeat(7_000)}` }],
  ['a path that is not there', { path: '/ws/nothing' }],
  ['another protocol', { headers: { upgrade: 'h2c' } }],
  ['a list of protocols', { headers: { upgrade: 'websocket, h2c' } }],
  ['another protocol at a path of the page', { path: '/', headers: { upgrade: 'TLS/1.0' } }],
  ['no key', { headers: { 'sec-websocket-key': null } }],
  ['a key that is too short', { headers: { 'sec-websocket-key': 'AAAA' } }],
  ['a key that is no base64', { headers: { 'sec-websocket-key': '!'.repeat(24) } }],
  ['no version', { headers: { 'sec-websocket-version': null } }],
  ['a version nobody knows', { headers: { 'sec-websocket-version': '99' } }],
  ['a version that is no number', { headers: { 'sec-websocket-version': '[' } }],
  ['a subprotocol that is none', { headers: { 'sec-websocket-protocol': '[,' } }],
  ['another method', { method: 'POST' }],
];

/** Raw requests that do not ask for an upgrade. */
const BAD_REQUESTS: readonly (readonly [what: string, request: string])[] = [
  ['a host that is an open bracket', 'GET / HTTP/1.1\r\nHost: [\r\n\r\n'],
  ['a target that begins like another host', 'GET //[ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n'],
  ['an API target with a bracket', 'GET /api/[ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n'],
  ['a target with a percent sign', 'GET /% HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n'],
  ['a target with a null byte', 'GET /%00 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n'],
  ['a target that climbs', 'GET /../../../../etc/passwd HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n'],
  ['a target that climbs in disguise', 'GET /..%2f..%2f..%2fetc%2fpasswd HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n'],
  ['a query that is none', 'GET /api/health?[=%&__proto__[x]=1 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n'],
  ['a target that is a URL with a broken host', 'GET http://[ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n'],
  ['a target that is a URL without a host', 'GET http:// HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n'],
  ['a tunnel', 'CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\n\r\n'],
  ['a tunnel to nowhere', 'CONNECT [ HTTP/1.1\r\nHost: [\r\n\r\n'],
  ['a star', 'OPTIONS * HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n'],
  ['no HTTP', 'hello\r\n\r\n'],
  ['a TLS greeting', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
  ['another version of HTTP', 'GET / HTTP/9.9\r\nHost: 127.0.0.1\r\n\r\n'],
  ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ['a header without a name', 'GET / HTTP/1.1\r\n: x\r\nHost: 127.0.0.1\r\n\r\n'],
  ['headers that are too long', `GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`],
  ['two lengths', 'POST /api/health HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab'],
  ['a length and chunks', 'POST /api/health HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\nzz'],
  ['chunks that are none', 'POST /api/health HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n'],
  [
    'a body that is no JSON',
    'POST /api/health HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 1\r\n\r\n[',
  ],
  ['an origin that is none', 'GET /api/config HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: [\r\n\r\n'],
];

/** Frames that a misbehaving client may send on an open WebSocket. */
const BAD_FRAMES: readonly (readonly [what: string, bytes: Uint8Array])[] = [
  ['a frame without a mask', frame({ opcode: Opcode.text, payload: Buffer.from('{}'), masked: false })],
  ['a compressed frame', frame({ opcode: Opcode.text, payload: Buffer.from('{}'), reserved: 4 })],
  ['a compressed ping', frame({ opcode: Opcode.ping, reserved: 4 })],
  ['the other reserved bits', frame({ opcode: Opcode.binary, payload: Buffer.alloc(2), reserved: 3 })],
  ['an opcode nobody knows', frame({ opcode: 0x3 })],
  ['a control opcode nobody knows', frame({ opcode: 0xf })],
  ['a continuation of nothing', frame({ opcode: Opcode.continuation, payload: Buffer.from('{}') })],
  ['a message in the midst of another', Buffer.concat([frame({ opcode: Opcode.text, fin: false }), frame({ opcode: Opcode.text })])],
  ['half a ping', frame({ opcode: Opcode.ping, fin: false })],
  ['a ping that is too long', frame({ opcode: Opcode.ping, payload: Buffer.alloc(126) })],
  ['text that is no UTF-8', frame({ opcode: Opcode.text, payload: Buffer.from([0xc0, 0x80, 0xff]) })],
  ['a close code of one byte', frame({ opcode: Opcode.close, payload: Buffer.alloc(1) })],
  ['a close code of 0', frame({ opcode: Opcode.close, payload: Buffer.from([0, 0]) })],
  ['a close code that is never sent', frame({ opcode: Opcode.close, payload: Buffer.from([0x03, 0xed]) })],
  ['a close code out of range', frame({ opcode: Opcode.close, payload: Buffer.from([0xff, 0xff]) })],
  ['a reason that is no UTF-8', frame({ opcode: Opcode.close, payload: Buffer.from([0x03, 0xe8, 0xff]) })],
  ['a length beyond all numbers', Buffer.from([0x82, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0])],
  ['a gigabyte that does not come', frame({ opcode: Opcode.binary, claimedLength: 2 ** 30 })],
  ['a frame that is not all there', frame({ opcode: Opcode.text, claimedLength: 500, payload: Buffer.alloc(20) })],
];

describe('The server survives bad requests and resets:', () => {
  let server: ServerProcess;
  beforeAll(async () => {
    server = await ServerProcess.start({ SIMULATOR_RECOGNISERS: '1' });
  });
  // Fails when the process has ended or its log shows an uncaught error.
  afterAll(() => server.stop());
  afterEach(async () => {
    const client = await ConversationClient.connect(server.url);
    await client.settled();
    await client.close();
  });

  const inOneOf = (requests: readonly Uint8Array[]) => (use: (client: RawClient, request: Uint8Array) => Promise<void>) =>
    Promise.all(
      requests.map(async (request) => {
        const client = await RawClient.connect(server);
        try {
          await use(client, request);
        } finally {
          client.destroy();
        }
      }),
    );

  it.each(BAD_UPGRADES)('an upgrade with %s is answered with a complete refusal', async (_what, request) => {
    const client = await RawClient.connect(server);
    client.read();
    client.write(upgradeRequest(server, request));
    const { status, headers, body } = await client.response();
    client.destroy();
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
    expect(headers.get('connection')?.toLowerCase()).toBe('close');
    expect(headers.get('content-length')).toBe(String(body.length));
  });

  it('bad upgrades of every kind may be reset as soon as they are sent, repeatedly', async () => {
    const requests = BAD_UPGRADES.map(([, request]) => upgradeRequest(server, request));
    for (let round = 0; round < RESETS; round++) {
      await inOneOf(requests)(async (client, request) => {
        client.write(request);
        if (round % 2 === 0) await new Promise((resolve) => setImmediate(resolve));
        client.reset();
      });
    }
  });

  it('bad upgrades of every kind may be followed by more bytes, by the end of the stream, or by a reset after the answer', async () => {
    const requests = BAD_UPGRADES.map(([, request]) => upgradeRequest(server, request));
    await inOneOf(requests)(async (client, request) => {
      client.read();
      client.write(Buffer.concat([request, Buffer.alloc(100_000, 'x')]));
      await client.ended();
    });
    await inOneOf(requests)(async (client, request) => {
      client.read();
      client.write(request);
      client.halfClose();
      await client.ended();
    });
    await inOneOf(requests)(async (client, request) => {
      client.read();
      client.write(request);
      await client.receives((text) => text.startsWith('HTTP/1.1 4'), 'the refusal');
      client.reset();
    });
  });

  it('valid upgrades may be reset, cut off and ended at every stage', async () => {
    const request = upgradeRequest(server);
    const bytes = Buffer.concat([request, frame({ opcode: Opcode.text, payload: Buffer.from('{"type":"start_conversation"}') })]);
    const stages = Array.from({ length: 30 }, (_stage, index) => bytes.subarray(0, Math.ceil((bytes.length * (index + 1)) / 30)));
    await inOneOf(stages)(async (client, part) => {
      client.write(part);
      client.reset();
    });
    await inOneOf(stages)(async (client, part) => {
      client.read();
      client.write(part);
      client.halfClose();
      await client.ended();
    });
  });

  it('a request may follow one that is still being answered, with a reset between them', async () => {
    const { host } = new URL(server.url);
    const first = Buffer.from(`GET /metrics HTTP/1.1\r\nHost: ${host}\r\n\r\n`.repeat(20));
    const requests = [...BAD_UPGRADES.map(([, request]) => request), {}].map((request) =>
      Buffer.concat([first, upgradeRequest(server, request)]),
    );
    for (let round = 0; round < RESETS; round++) {
      await inOneOf(requests)(async (client, request) => {
        client.write(request);
        if (round % 2 === 0) await new Promise((resolve) => setImmediate(resolve));
        client.reset();
      });
    }
  });

  it.each(BAD_REQUESTS)('%s, where no upgrade is asked for, is answered or refused, and may be reset', async (_what, request) => {
    const client = await RawClient.connect(server);
    client.read();
    client.write(Buffer.from(request, 'latin1'));
    client.halfClose();
    await client.ended();
    expect(client.received.toString('latin1')).toMatch(/^$|^HTTP\/1\.1 \d{3} /);
    expect(client.received.toString('latin1')).not.toMatch(/^HTTP\/1\.1 (5\d\d|101)|root:/);
    client.destroy();
    await inOneOf(Array<Buffer>(RESETS).fill(Buffer.from(request, 'latin1')))(async (other, bytes) => {
      other.write(bytes);
      await new Promise((resolve) => setImmediate(resolve));
      other.reset();
    });
  });

  it.each(BAD_FRAMES)('%s may be sent on /ws and on /ws/agent, and the connection reset', async (_what, bytes) => {
    for (const path of ['/ws', '/ws/agent']) {
      for (const end of ['wait', 'reset', 'half-close'] as const) {
        const client = await RawClient.upgraded(server, { path });
        client.write(bytes);
        if (end === 'half-close') client.halfClose();
        if (end === 'reset') await new Promise((resolve) => setImmediate(resolve));
        else if (!isUnfinished(bytes) || end === 'half-close') await client.ended();
        client.reset();
      }
    }
  });

  it('conversations still work afterwards on both endpoints', async () => {
    const client = await ConversationClient.connect(server.url, { playbackSpeed: 20 });
    await client.start();
    expect((await client.ask('what is seven plus five')).text).toContain('twelve');
    await client.close();
    const agent = await ConversationClient.connect(server.url, { path: '/ws/agent' });
    await agent.inbox.waitForMessage('conversation_started');
    await agent.close();
    await allReleased(server);
  });
});

/** Whether the server waits for the rest of these bytes. */
function isUnfinished(bytes: Uint8Array): boolean {
  return BAD_FRAMES.some(([what, known]) => known === bytes && what.includes('not all there'));
}
