import { liveKitConfigText } from './livekit-config';

const config = { ports: { http: 7880, media: 7882 }, apiKey: 'key', apiSecret: 'secret' };
const parsed = (more: Partial<Parameters<typeof liveKitConfigText>[0]> = {}) =>
  JSON.parse(liveKitConfigText({ ...config, ...more })) as Record<string, Record<string, unknown>>;

describe('the configuration of a LiveKit server for this machine', () => {
  it('listens on the loopback addresses only, and offers no others', () => {
    const { bind_addresses, rtc } = parsed();
    expect(bind_addresses).toEqual(['127.0.0.1']);
    // Any other TCP port for media would be open on all addresses.
    expect(rtc).toMatchObject({ tcp_port: 0, node_ip: '127.0.0.1', use_external_ip: false, interfaces: { includes: ['lo'] } });
    expect(rtc['stun_servers']).toEqual([expect.stringContaining('127.0.0.1')]);
  });

  it('has the ports and keys that it is given', () => {
    expect(parsed()).toMatchObject({ port: 7880, rtc: { udp_port: 7882 }, keys: { key: 'secret' } });
  });

  it('names webhooks and Redis only where there are some', () => {
    expect(Object.keys(parsed())).not.toEqual(expect.arrayContaining(['webhook']));
    expect(Object.keys(parsed())).not.toEqual(expect.arrayContaining(['redis']));
    const full = parsed({ webhookUrls: ['http://127.0.0.1:3000/hook'], redisAddress: '127.0.0.1:6379' });
    expect(full).toMatchObject({ webhook: { api_key: 'key', urls: ['http://127.0.0.1:3000/hook'] }, redis: { address: '127.0.0.1:6379' } });
  });
});
