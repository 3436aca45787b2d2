import { TestBed } from '@angular/core/testing';
import type { SessionTokenSource } from '@parley/client/access';
import { type BrowserFakes, installBrowserFakes, publicConfig, settled } from '@parley/client/testing';
import { provideEndpoints } from '../endpoints';
import { TEST_ENDPOINTS } from '../testing';
import { provideSessionTokens, SESSION_TOKENS } from './session-tokens';
import { socketAddress } from './socket-address';

describe('session tokens of a page', () => {
  let fakes: BrowserFakes;
  let issued: string[];
  beforeEach(() => {
    fakes = installBrowserFakes();
    issued = [];
    const { fetch: fetchOfFakes } = globalThis;
    globalThis.fetch = (async (address: string, init: RequestInit) => {
      if (address !== '/api/session-tokens') return await fetchOfFakes(address, init);
      issued.push(String(init.body));
      return { ok: true, status: 201, json: async () => ({ token: `t${issued.length}` }) };
    }) as typeof fetch;
  });
  afterEach(() => {
    TestBed.resetTestingModule();
    fakes.restore();
  });

  async function source(given?: SessionTokenSource): Promise<SessionTokenSource> {
    TestBed.configureTestingModule({ providers: [provideEndpoints(() => TEST_ENDPOINTS), provideSessionTokens(given)] });
    const tokens = TestBed.inject(SESSION_TOKENS);
    await settled();
    return tokens;
  }

  it.each([publicConfig(), { ...publicConfig(), session_token: false }])(
    'are not asked for where the server needs none',
    async (config) => {
      fakes.config = config;
      expect((await source())('conversation')).toBeUndefined();
      expect(issued).toEqual([]);
    },
  );

  it('are asked for anew each time where the server needs them', async () => {
    fakes.config = { ...publicConfig(), session_token: true };
    const address = socketAddress('ws://test/ws', await source(), 'conversation');
    const urls = typeof address === 'string' ? [] : [await address(), await address()];
    expect(urls).toEqual(['ws://test/ws?token=t1', 'ws://test/ws?token=t2']);
    expect(issued).toEqual(['{"purpose":"conversation"}', '{"purpose":"conversation"}']);
  });

  it('are asked for when the server has not said whether it needs them', async () => {
    fakes.config = undefined;
    expect(await (await source())('narration')).toBe('t1');
  });

  it('come from where the application says', async () => {
    fakes.config = { ...publicConfig(), session_token: true };
    const tokens = await source((purpose) => `own-${purpose}`);
    const address = socketAddress('ws://test/ws', tokens, 'conversation');
    expect(typeof address === 'string' ? address : address()).toBe('ws://test/ws?token=own-conversation');
    expect(issued).toEqual([]);
  });
});
