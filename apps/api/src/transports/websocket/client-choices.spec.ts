import { FakeProviders, settle } from '@parley/engine/testing';
import { RecordingLogger, testSettings } from '@parley/server/testing';
import { FakeNarration } from '@parley/testing';
import { ClientChoices } from './client-choices';

type Message = Parameters<ClientChoices['refusalOf']>[0];

describe('ClientChoices', () => {
  let logger: RecordingLogger;
  beforeEach(() => (logger = RecordingLogger.install()));
  afterEach(() => logger.restore());

  async function choices(environment: Record<string, string>, narration = new FakeNarration()): Promise<ClientChoices> {
    const providers = new FakeProviders().asProviders();
    const made = new ClientChoices(testSettings(environment), providers, { port: narration, available: true });
    made.onApplicationBootstrap();
    await settle();
    return made;
  }
  const production = { NODE_ENV: 'production' };
  const all: Message = { engine: 'agent', language: 'en-IN', system_prompt: 'Be rude.', voice_id: 'stranger', model: 'dear' };

  it('let a client choose everything in development', async () => {
    expect((await choices({})).refusalOf(all)).toBeUndefined();
  });

  it.each<[environment: Record<string, string>, message: Message, field: string | undefined]>([
    [production, { system_prompt: 'Be rude.' }, 'system_prompt'],
    [production, { system_prompt: '' }, 'system_prompt'],
    [production, { voice_id: 'stranger' }, 'voice_id'],
    [production, { voice_id: 'fake-voice' }, undefined],
    [production, { voice_id: 'anna' }, undefined],
    [production, { engine: 'agent', language: 'en-IN', model: 'dear' }, undefined],
    [production, {}, undefined],
    [{ CLIENT_MAY_CHOOSE: 'none' }, { engine: 'pipeline' }, undefined],
    [{ CLIENT_MAY_CHOOSE: 'none' }, { engine: 'agent' }, 'engine'],
    [{ CLIENT_MAY_CHOOSE: 'none' }, { language: 'en-IN' }, 'language'],
    [{ CLIENT_MAY_CHOOSE: 'none' }, { model: 'dear' }, 'model'],
    [{ CLIENT_MAY_CHOOSE: 'none' }, { voice_id: 'fake-voice' }, 'voice_id'],
    [{ CLIENT_MAY_CHOOSE: 'none' }, { type: 'set_voice', voice_id: 'anna' }, 'voice_id'],
    [{ CLIENT_MAY_CHOOSE: 'any_voice' }, { voice_id: 'stranger' }, undefined],
    [{ ...production, CLIENT_MAY_CHOOSE: 'prompt,any_voice' }, { system_prompt: 'Be kind.', voice_id: 'stranger' }, undefined],
    [{ CLIENT_MAY_CHOOSE: 'voice' }, { system_prompt: 'Be rude.', voice_id: 'fake-voice' }, 'system_prompt'],
  ])('with %j, of %j refuse %s', async (environment, message, field) => {
    const refusal = (await choices(environment)).refusalOf(message);
    expect(refusal && { code: refusal.code, field: refusal.message.split(' ')[0] }).toEqual(field && { code: 'not_allowed', field });
    expect(refusal?.message ?? '').not.toMatch(/rude|stranger/);
  });

  it('offer no foreign voice when the voices cannot be listed, tell of it, and ask again later', async () => {
    const narration = new FakeNarration();
    const list = jest.spyOn(narration, 'voices').mockRejectedValueOnce(new Error('away'));
    const now = jest.spyOn(performance, 'now').mockReturnValue(0);
    const made = await choices(production, narration);
    expect(made.refusalOf({ voice_id: 'anna' })).toMatchObject({ code: 'not_allowed' });
    expect(logger.faults).toHaveLength(1);
    now.mockReturnValue(60_000);
    expect(made.refusalOf({ voice_id: 'anna' })).toMatchObject({ code: 'not_allowed' });
    expect(made.refusalOf({ voice_id: 'anna' })).toMatchObject({ code: 'not_allowed' });
    await settle();
    expect(made.refusalOf({ voice_id: 'anna' })).toBeUndefined();
    expect(list).toHaveBeenCalledTimes(2);
    now.mockRestore();
  });
});
