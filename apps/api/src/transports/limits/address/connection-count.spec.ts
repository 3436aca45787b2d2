import { testSettings } from '@parley/server/testing';
import { ConnectionCount } from './connection-count';

describe('ConnectionCount', () => {
  const counting = (limit: number): ConnectionCount => new ConnectionCount(testSettings({ MAX_CONNECTIONS_PER_ADDRESS: String(limit) }));

  it('refuses an address that has as many connections as it may, until one of them closes', () => {
    const connections = counting(2);
    const close = connections.open('192.0.2.1');
    connections.open('192.0.2.1');
    expect(connections.open('192.0.2.1')).toBeUndefined();
    close?.();
    expect(connections.open('192.0.2.1')).toBeDefined();
  });

  it('counts each address for itself', () => {
    const connections = counting(1);
    connections.open('192.0.2.1');
    expect(connections.open('192.0.2.2')).toBeDefined();
  });

  it('counts a connection that is reported as closed twice only once', () => {
    const connections = counting(2);
    const close = connections.open('192.0.2.1');
    connections.open('192.0.2.1');
    close?.();
    close?.();
    connections.open('192.0.2.1');
    expect(connections.open('192.0.2.1')).toBeUndefined();
  });

  it('keeps nothing of an address without connections', () => {
    const connections = counting(2);
    const closings = ['a', 'b', 'a'].map((address) => connections.open(address));
    for (const close of closings) close?.();
    expect(connections.size).toBe(0);
  });
});
