import { parseEnvironment } from './parse-environment';
import { settingsFrom } from './settings';

const settings = (environment: Record<string, string> = {}) => settingsFrom(parseEnvironment(environment));
const choices = (environment: Record<string, string>): string[] => [...settings(environment).access.clientMayChoose];

describe('the settings of access', () => {
  it('need no tokens and open no port of their own when nothing is set', () => {
    expect(settings().access).toMatchObject({
      sessionTokens: { secret: undefined, ttlS: 60, issuerToken: undefined, redisUrl: undefined },
      metricsToken: undefined,
      operationsPort: undefined,
      isProduction: false,
    });
  });

  it('let clients choose everything, and strangers in production neither the prompt nor a voice that is not offered', () => {
    expect(choices({})).toEqual(['prompt', 'voice', 'any_voice', 'language', 'engine', 'model']);
    expect(choices({ NODE_ENV: 'test' })).toEqual(choices({}));
    expect(choices({ NODE_ENV: 'production' })).toEqual(['voice', 'language', 'engine', 'model']);
  });

  it('let clients choose exactly what is listed, in production too', () => {
    for (const NODE_ENV of ['development', 'production']) {
      expect(choices({ NODE_ENV, CLIENT_MAY_CHOOSE: 'prompt, language' })).toEqual(['prompt', 'language']);
      expect(choices({ NODE_ENV, CLIENT_MAY_CHOOSE: 'none' })).toEqual([]);
    }
  });

  it('hide the secret and the tokens in logs', () => {
    const secrets = {
      SESSION_TOKEN_SECRET: 'the-secret-that-signs-the-tokens-of-sessions',
      SESSION_TOKEN_ISSUER_TOKEN: 'token-of-the-issuer',
      METRICS_TOKEN: 'token-of-the-metrics',
    };
    expect(settings(secrets).secrets).toEqual(expect.arrayContaining(Object.values(secrets)));
  });
});
