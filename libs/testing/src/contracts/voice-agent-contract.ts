import type { VoiceAgent, VoiceAgentEvent, VoiceAgentSession } from '@parley/providers';
import { abortListeners, activeTimers, eventually } from '../lib/leak-check';
import { FAILURE_CODES, type ContractFailure } from './contract-failures';

export interface VoiceAgentHarness {
  /** An agent without a greeting that answers everything with text and audio. */
  readonly agent: VoiceAgent;
  /** Connections kept open at the vendor. */
  readonly openConnections: number;
  /** Lets the user say something that is transcribed as `text`. */
  speak(session: VoiceAgentSession, text: string): void;
  close(): Promise<void>;
}

export interface VoiceAgentContractOptions {
  /** The failure happens in the first turn, or for `auth` and `rate_limited` when the session is opened. */
  makeHarness(failure?: ContractFailure): Promise<VoiceAgentHarness>;
  failures: readonly ContractFailure[];
}

const RATE_HZ = 24_000;

/** Tests that every `VoiceAgent` must pass, whatever its provider. */
export function describeVoiceAgentContract(name: string, { makeHarness, failures }: VoiceAgentContractOptions): void {
  describe(`VoiceAgent contract: ${name}`, () => {
    let harness: VoiceAgentHarness;
    let timersBefore = 0;
    let controller: AbortController;
    let events: VoiceAgentEvent[];

    beforeEach(() => {
      timersBefore = activeTimers();
      controller = new AbortController();
      events = [];
    });

    afterEach(async () => {
      controller.abort();
      harness.agent.close();
      await eventually(() => harness.openConnections === 0, 'nothing is open at the vendor');
      await harness.close();
      expect(abortListeners(controller.signal)).toBe(0);
      await eventually(() => activeTimers() <= timersBefore, 'no timer is left');
    });

    const open = () => harness.agent.open({ overrides: {}, outputSampleRateHz: RATE_HZ }, (event) => events.push(event), controller.signal);

    async function start(failure?: ContractFailure): Promise<VoiceAgentSession> {
      harness = await makeHarness(failure);
      const session = await open();
      if (!session) throw new Error('the session was given up');
      return session;
    }

    const of = <Type extends VoiceAgentEvent['type']>(type: Type) =>
      events.filter((event): event is Extract<VoiceAgentEvent, { type: Type }> => event.type === type);
    const audioMs = () => of('audio').reduce((ms, { pcm }) => ms + (pcm.length * 1000) / RATE_HZ, 0);

    it('answers a typed turn with text and then audio, none of it empty', async () => {
      const session = await start();
      session.sendText('repeat after me good morning');
      await eventually(() => audioMs() > 500, 'audio');
      expect(of('reply_text').map(({ text }) => text)).toEqual(['Good morning.']);
      const told = events.map(({ type }) => type).filter((type) => type === 'reply_text' || type === 'audio');
      expect(told[0]).toBe('reply_text');
      for (const { pcm } of of('audio')) expect(pcm.length).toBeGreaterThan(0);
    });

    it('transcribes a spoken turn and answers it', async () => {
      const session = await start();
      harness.speak(session, 'repeat after me good evening');
      await eventually(() => of('audio').length > 0, 'audio');
      const finals = of('user_transcript').filter(({ isFinal }) => isFinal);
      expect(finals).toHaveLength(1);
      expect(finals[0].text.toLowerCase()).toContain('good evening');
      expect(of('reply_text').map(({ text }) => text)).toEqual(['Good evening.']);
      expect(events.findIndex(({ type }) => type === 'user_transcript')).toBeLessThan(
        events.findIndex(({ type }) => type === 'reply_text'),
      );
    });

    it('takes context without answering it', async () => {
      const session = await start();
      session.contextualUpdate('It rains.');
      session.userActivity();
      session.sendText('repeat after me hello');
      await eventually(() => of('reply_text').length > 0, 'the answer');
      expect(of('reply_text').map(({ text }) => text)).toEqual(['Hello.']);
    });

    it.each(['close', 'abort'])('ends silently by %s, and ignores later calls', async (how) => {
      const session = await start();
      session.sendText('repeat after me good morning');
      await eventually(() => of('audio').length > 0, 'audio');
      const told = events.length;
      if (how === 'abort') controller.abort();
      const closing = session.close();
      await Promise.all([closing, session.close()]);
      session.pushAudio(new Int16Array(320));
      session.sendText('Hello?');
      session.contextualUpdate('');
      session.toolResult({ callId: 'x', result: '', isError: false });
      await new Promise((resolve) => setTimeout(resolve, 30));
      expect(events).toHaveLength(told);
    });

    it('is not opened when aborted before it is open', async () => {
      harness = await makeHarness();
      controller.abort();
      expect(await open()).toBeUndefined();
      expect(events).toEqual([]);
    });

    it('keeps two conversations apart', async () => {
      const first = await start();
      const others: VoiceAgentEvent[] = [];
      const second = await harness.agent.open(
        { overrides: {}, outputSampleRateHz: RATE_HZ },
        (event) => others.push(event),
        controller.signal,
      );
      first.sendText('repeat after me apples');
      second?.sendText('repeat after me pears');
      const texts = (list: readonly VoiceAgentEvent[]) => list.flatMap((event) => (event.type === 'reply_text' ? [event.text] : []));
      await eventually(() => texts(events).length > 0 && texts(others).length > 0, 'both answers');
      expect([texts(events), texts(others)]).toEqual([['Apples.'], ['Pears.']]);
    });

    it.each(failures.filter((failure) => failure === 'auth' || failure === 'rate_limited'))(
      'is not opened when %s happens',
      async (failure) => {
        harness = await makeHarness(failure);
        await expect(open()).rejects.toMatchObject({ name: 'ProviderError', code: FAILURE_CODES[failure] });
        expect(events).toEqual([]);
      },
    );

    it.each(failures.filter((failure) => failure !== 'auth' && failure !== 'rate_limited'))(
      'ends with an error when %s happens',
      async (failure) => {
        const session = await start(failure);
        session.sendText('repeat after me good morning');
        await eventually(() => of('ended').length > 0, 'the end');
        expect(events.at(-1)).toMatchObject({ type: 'ended', by: 'failure', error: { code: FAILURE_CODES[failure] } });
        session.sendText('Hello?');
        await session.close();
        expect(of('ended')).toHaveLength(1);
      },
    );
  });
}
