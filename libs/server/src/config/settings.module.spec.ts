import { Test } from '@nestjs/testing';
import { ParleyLogger } from '../telemetry/parley-logger';
import { printedBy } from '../testing/printed-by';
import { Secrets } from './secrets';
import { SETTINGS, type Settings } from './settings';
import { SettingsModule } from './settings.module';

const KEYS = ['sk-of-the-first-server', 'sk-of-the-second-server'] as const;

describe('SettingsModule', () => {
  const configured = process.env['OPENAI_API_KEY'];
  afterEach(() => {
    if (configured === undefined) delete process.env['OPENAI_API_KEY'];
    else process.env['OPENAI_API_KEY'] = configured;
  });

  /** The settings and the secrets of a server that is started with this key. */
  async function start(key: string): Promise<{ settings: Settings; secrets: Secrets }> {
    process.env['OPENAI_API_KEY'] = key;
    const secrets = new Secrets();
    const module = await Test.createTestingModule({ imports: [SettingsModule.for(secrets)] }).compile();
    const settings = module.get<Settings>(SETTINGS);
    await module.close();
    return { settings, secrets };
  }

  it('registers the keys of the environment as secrets, so that the log never shows them', async () => {
    const [key] = KEYS;
    const { settings, secrets } = await start(key);
    expect(settings.secrets).toContain(key);
    const line = printedBy(() => new ParleyLogger({ colors: false }, secrets).warn({ message: 'refused', key }, 'Providers'));
    expect(line).toContain('refused key=[secret]');
    expect(line).not.toContain(key);
  });

  it('keeps the secrets of two servers in one process apart', async () => {
    const servers = [await start(KEYS[0]), await start(KEYS[1])];
    const texts = servers.map(({ secrets }) => secrets.hide(KEYS.join(' ')));
    expect(texts).toEqual([`[secret] ${KEYS[1]}`, `${KEYS[0]} [secret]`]);
  });
});
