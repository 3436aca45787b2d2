import { EventEmitter } from 'node:events';
import type { HttpResponse } from './http-exchange';
import { sendEvents, type VersionedEvent } from './send-events';

/** A client that takes what it is sent only when the test says so. */
class SlowResponse extends EventEmitter {
  readonly req = { method: 'GET' };
  readonly written: string[] = [];
  isEnded = false;
  isFull = false;
  writableNeedDrain = false;

  status(): this {
    return this;
  }

  set(): this {
    return this;
  }

  write(text: string): boolean {
    this.written.push(text);
    this.emit('written');
    return !this.isFull;
  }

  end(): void {
    this.isEnded = true;
  }
}

const event = (version: number): VersionedEvent => ({ version, event: { type: 'state', state: 'rendering' } });
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('server-sent events', () => {
  function start(signal = new AbortController().signal) {
    const response = new SlowResponse();
    let asked = 0;
    const events = async function* () {
      for (let version = 1; version <= 3; version++) {
        asked++;
        yield event(version);
      }
    };
    const sent = (): Promise<void> => sendEvents(response as unknown as HttpResponse, events(), signal);
    return { response, sent, asked: () => asked };
  }

  it('are sent with their type and version', async () => {
    const { response, sent } = start();
    await sent();
    expect(response.written.slice(1)).toEqual(
      [1, 2, 3].map((version) => `id: ${version}\nevent: state\ndata: {"type":"state","state":"rendering"}\n\n`),
    );
    expect(response.isEnded).toBe(true);
  });

  it('are not asked for while the client has not read those before', async () => {
    const { response, sent, asked } = start();
    response.isFull = true;
    const all = sent();
    await turn();
    expect(asked()).toBe(1);
    response.emit('drain');
    await turn();
    expect(asked()).toBe(2);
    response.isFull = false;
    response.emit('drain');
    await all;
    expect(asked()).toBe(3);
  });

  it('end when the client goes while it does not read', async () => {
    const abort = new AbortController();
    const { response, sent, asked } = start(abort.signal);
    response.isFull = true;
    const all = sent();
    await turn();
    abort.abort();
    await all;
    expect([asked(), response.isEnded]).toEqual([1, true]);
  });
});
