import type { JsonObject } from '../../server/json';
import { bodyOf } from '../../testing/agent-caller';
import { AgentTestSetup } from '../../testing/agent-test-setup';
import { RawSocket } from '../../testing/raw-socket';
import { DEFAULT_AGENT_ID } from './simulated-agent';

const PRIVATE = { id: 'secret', public: false, firstMessage: '' };

describe('access to an agent', () => {
  let setup: AgentTestSetup;

  beforeEach(() => start());
  afterEach(() => setup.close());

  async function start(options: Parameters<typeof AgentTestSetup.start>[0] = {}): Promise<void> {
    setup = await AgentTestSetup.start({ agents: [PRIVATE], ...options });
  }

  async function signedUrl(query = 'agent_id=secret', key = 'good'): Promise<string> {
    const response = await setup.get(`get-signed-url?${query}`, key);
    const { signed_url: url } = (await response.json()) as { signed_url: string };
    return url;
  }

  const forbidden = { status: 403, body: { detail: { status: 'invalid_signature' } } };

  it('signs a URL that opens one conversation with a private agent', async () => {
    const url = await signedUrl();
    expect(url).toMatch(/^ws:\/\/127\.0\.0\.1:\d+\/v1\/convai\/conversation\?agent_id=secret&conversation_signature=cvtkn_\w{32}$/);
    const caller = await setup.open(url);
    expect(await caller.socket.next()).toMatchObject({ type: 'conversation_initiation_metadata' });
    expect(await RawSocket.refused(url)).toMatchObject(forbidden);
    expect(setup.counters).toMatchObject({ grants: 1, requests: 1, upgradesRefused: 1, byEndpoint: { 'agent-signed-url': 1 } });
  });

  it('lets a signed URL expire', async () => {
    await setup.close();
    await start({ limits: { agentSignedUrlMs: 0 } });
    expect(await RawSocket.refused(await signedUrl())).toMatchObject(forbidden);
  });

  it('accepts a signature only for the agent it was issued for', async () => {
    const url = await signedUrl(`agent_id=${DEFAULT_AGENT_ID}`);
    expect(await RawSocket.refused(url.replace(DEFAULT_AGENT_ID, 'secret'))).toMatchObject(forbidden);
  });

  it('keeps a signed URL valid when the upgrade failed at the vendor', async () => {
    setup.simulator.faults.inject({ vendor: 'elevenlabs', fault: { kind: 'refuse', status: 503 }, endpoint: 'agent-conversation' });
    const url = await signedUrl();
    expect((await RawSocket.refused(url)).status).toBe(503);
    expect(await (await setup.open(url)).socket.next()).toMatchObject({ type: 'conversation_initiation_metadata' });
  });

  it('returns the conversation id together with the URL when asked', async () => {
    const response = await setup.get('get-signed-url?agent_id=secret&include_conversation_id=true&branch_id=main');
    const { signed_url: url, conversation_id: id } = (await response.json()) as JsonObject;
    expect(url).toContain('branch_id=main');
    const metadata = bodyOf(await (await setup.open(String(url))).socket.next());
    expect(metadata['conversation_id']).toBe(id);
  });

  it('accepts a token as a subprotocol instead of a signature', async () => {
    const response = await setup.get('token?agent_id=secret');
    const { token } = (await response.json()) as { token: string };
    const url = `${setup.origin}/v1/convai/conversation?agent_id=secret`;
    const caller = await setup.open(url, {}, [`bearer.${token}`, 'convai']);
    expect(caller.socket.ws.protocol).toBe('convai');
    expect(await caller.socket.next()).toMatchObject({ type: 'conversation_initiation_metadata' });
  });

  it.each([
    [['convai'], 'convai'],
    [['other', 'convai'], 'convai'],
    [[], ''],
  ])('answers the offered subprotocols %j with the right one', async (offered, echoed) => {
    const caller = await setup.open(`${setup.origin}/v1/convai/conversation?agent_id=quiet`, {}, offered);
    expect(caller.socket.ws.protocol).toBe(echoed);
  });

  it.each([
    ['agent_id=secret', 403, 'authorization_required'],
    ['agent_id=nobody', 404, 'document_not_found'],
    ['', 404, 'document_not_found'],
    ['agent_id=quiet&conversation_signature=made-up', 403, 'invalid_signature'],
  ])('refuses the upgrade to ?%s', async (query, status, code) => {
    expect(await RawSocket.refused(`${setup.origin}/v1/convai/conversation?${query}`)).toMatchObject({
      status,
      body: { detail: { status: code } },
    });
  });

  it.each([
    ['get-signed-url?agent_id=secret', 'bad', 401, { status: 'invalid_api_key' }],
    ['get-signed-url?agent_id=secret', '', 401, { status: 'invalid_api_key' }],
    ['get-signed-url?agent_id=secret', 'rate', 429, { status: 'too_many_concurrent_requests' }],
    ['get-signed-url?agent_id=nobody', 'good', 404, { status: 'document_not_found' }],
    ['get-signed-url', 'good', 422, [{ loc: ['query', 'agent_id'] }]],
    ['token?agent_id=nobody', 'good', 404, { status: 'document_not_found' }],
  ])('answers %s for the key "%s" with %d', async (path, key, status, detail) => {
    const response = await setup.get(path, key);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ detail });
  });

  it('refuses to sign a URL when a fault says so', async () => {
    setup.simulator.faults.inject({ vendor: 'elevenlabs', endpoint: 'agent-signed-url', fault: { kind: 'refuse', status: 500 } });
    expect((await setup.get('get-signed-url?agent_id=secret')).status).toBe(500);
    expect((await setup.get('get-signed-url?agent_id=secret')).status).toBe(200);
  });

  it('refuses every other socket path', async () => {
    expect((await RawSocket.refused(`${setup.origin}/v1/convai/other?agent_id=quiet`)).status).toBe(404);
  });
});
