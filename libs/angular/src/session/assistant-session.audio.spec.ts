import { CONVERSATION_STARTED, publicConfig, settled, speechMessage, startConversation } from '@parley/client/testing';
import { forEachTest, type SessionHarness } from '../testing/session-harness';

describe('AssistantSession', () => {
  let page: SessionHarness;
  forEachTest((fresh) => (page = fresh));

  describe('audio', () => {
    it('is sent once the conversation has started, from the moment at which the microphone was opened', async () => {
      await page.session.start();
      const deliver = () => page.worklet('parley-capture').port.deliver({ type: 'frame', pcm: new ArrayBuffer(640), levelDbfs: -20 });
      for (let frame = 0; frame < 20; frame++) deliver();
      expect(page.fakes.socket().audio).toEqual([]);
      startConversation(page.fakes.socket());
      deliver();
      deliver();
      expect(page.fakes.socket().audio.map((pcm) => pcm.byteLength)).toEqual([20 * 640, 640, 640]);
    });

    it('is played at the announced sample rate, and what was heard is reported', async () => {
      await page.live();
      page.fakes.socket().deliver(speechMessage(1));
      const playback = page.worklet('parley-playback');
      expect(playback.options.processorOptions).toEqual(expect.objectContaining({ sourceRateHz: 24_000 }));
      expect(playback.port.ofType('audio')).toEqual([{ type: 'audio', turn: 1, pcm: new Uint8Array(8), last: false }]);
      playback.port.deliver({ type: 'started', turn: 1, playedMs: 0 });
      playback.port.deliver({ type: 'progress', turn: 1, playedMs: 20 });
      playback.port.deliver({ type: 'ended', turn: 1, playedMs: 40 });
      expect(page.fakes.socket().ofType('playback')).toEqual([
        { type: 'playback', turn: 1, event: 'started', played_ms: 0 },
        { type: 'playback', turn: 1, event: 'ended', played_ms: 40 },
      ]);
    });

    it('is played when it arrives as JSON, and is ignored when it is not base64', async () => {
      await page.live();
      page.say(
        { type: 'audio_response', turn: 1, seq: 0, data: 'AQI=', is_final: false },
        { type: 'audio_response', turn: 1, seq: 1, data: '???', is_final: true },
      );
      expect(page.worklet('parley-playback').port.ofType('audio')).toEqual([
        { type: 'audio', turn: 1, pcm: new Uint8Array([1, 2]), last: false },
      ]);
    });

    it('of an interrupted turn is silenced, and its late frames are dropped', async () => {
      await page.live();
      page.fakes.socket().deliver(speechMessage(1));
      page.say({ type: 'interruption', turn: 1, reason: 'speech' });
      page.fakes.socket().deliver(speechMessage(1, { seq: 1 }));
      page.fakes.socket().deliver(speechMessage(2));
      const { port } = page.worklet('parley-playback');
      expect(port.posted.map((message) => message as { type: string; turn: number }).map(({ type, turn }) => `${type} ${turn}`)).toEqual([
        'audio 1',
        'flush 1',
        'audio 2',
      ]);
    });

    it('is played quietly while the visitor may be starting to speak', async () => {
      await page.live();
      page.say({ type: 'duck', turn: 1, active: true }, { type: 'duck', turn: 1, active: false });
      expect(page.worklet('parley-playback').port.posted).toEqual([
        { type: 'duck', turn: 1, active: true },
        { type: 'duck', turn: 1, active: false },
      ]);
    });

    it('is paused while the visitor may be interrupting', async () => {
      await page.live();
      page.say({ type: 'pause', turn: 1, active: true }, { type: 'pause', turn: 1, active: false });
      expect(page.worklet('parley-playback').port.posted).toEqual([
        { type: 'pause', turn: 1, active: true },
        { type: 'pause', turn: 1, active: false },
      ]);
    });

    it('is measured from the end of the speech to the first sound of the reply', async () => {
      await page.live();
      page.worklet('parley-capture').port.deliver({ type: 'frame', pcm: new ArrayBuffer(640), levelDbfs: -20 });
      jest.advanceTimersByTime(900);
      page.say({ type: 'state', state: 'AI_PROCESSING', turn: 1 });
      jest.advanceTimersByTime(150);
      page.worklet('parley-playback').port.deliver({ type: 'started', turn: 1, playedMs: 0 });
      expect(page.session.view.latencies.turns()).toEqual([
        expect.objectContaining({ turn: 1, firstSound: { fromMs: 'speech', durationMs: 1_050 } }),
      ]);
    });

    it('of an agent is measured from the words that it answers, and not when it speaks by itself', async () => {
      await page.session.start();
      page.fakes.socket().accept();
      page.say({ ...CONVERSATION_STARTED, engine: 'agent' }, { type: 'state', state: 'USER_SPEAKING', turn: 1 });
      await settled();
      const speak = (): void => page.worklet('parley-capture').port.deliver({ type: 'frame', pcm: new ArrayBuffer(640), levelDbfs: -20 });
      const sound = (turn: number): void => page.worklet('parley-playback').port.deliver({ type: 'started', turn, playedMs: 0 });
      speak();
      page.say({ type: 'state', state: 'AI_PROCESSING', turn: 1 }, { type: 'state', state: 'AI_SPEAKING', turn: 1 });
      sound(1);
      expect(page.session.view.latencies.turns()).toEqual([]);
      speak();
      jest.advanceTimersByTime(700);
      page.say({ type: 'state', state: 'AI_PROCESSING', turn: 2 }, { type: 'transcript', turn: 2, text: 'Hi.', is_final: true });
      jest.advanceTimersByTime(150);
      sound(2);
      expect(page.session.view.latencies.turns()).toEqual([
        expect.objectContaining({ turn: 2, firstSound: { fromMs: 'speech', durationMs: 850 } }),
      ]);
    });

    it('that arrives too late is counted as a gap in the playback', async () => {
      await page.live();
      page.worklet('parley-playback').port.deliver({ type: 'underrun', turn: 1 });
      expect(page.session.view.gaps()).toBe(1);
    });

    it('that the browser pauses is announced, and can be turned on again', async () => {
      await page.live();
      page.fakes.context().moveTo('suspended');
      expect(page.notices()).toEqual(['sound-paused']);
      page.session.act('sound');
      expect([page.fakes.context().state, page.notices()]).toEqual(['running', []]);
    });
  });

  describe('when the server has no voice', () => {
    beforeEach(async () => {
      page.fakes.config = publicConfig({ tts: { name: 'none', simulated: false, available: false } });
      await page.live();
      page.say(
        { type: 'state', state: 'AI_SPEAKING', turn: 1 },
        { type: 'text_response', turn: 1, text: 'Hello ', is_final: false },
        { type: 'text_response', turn: 1, text: 'there. Bye.', is_final: true, full_text: 'Hello there. Bye.' },
      );
      page.fakes.speech.spoken[0]?.onstart?.();
    });

    it('lets the browser read the final text aloud, reports the playback, and silences the microphone meanwhile', () => {
      const muted = (): unknown => page.worklet('parley-capture').port.ofType('mute').at(-1);
      expect(page.notices()).toEqual(['sound']);
      expect(muted()).toEqual({ type: 'mute', muted: true });
      page.fakes.speech.spoken[0]?.onend?.();
      page.fakes.speech.spoken[1]?.onend?.();
      expect(page.fakes.speech.spoken.map((utterance) => utterance.text)).toEqual(['Hello there.', 'Bye.']);
      expect(muted()).toEqual({ type: 'mute', muted: false });
      expect(
        page.fakes
          .socket()
          .ofType('playback')
          .map((message) => message['event']),
      ).toEqual(['started', 'ended']);
    });

    it('pauses and resumes the reading', () => {
      page.say({ type: 'pause', turn: 1, active: true });
      expect(page.fakes.speech.paused).toBe(true);
      page.say({ type: 'pause', turn: 1, active: false });
      expect(page.fakes.speech.paused).toBe(false);
    });

    it.each<[string, () => void]>([
      ['an interruption', () => page.say({ type: 'interruption', turn: 1, reason: 'text' })],
      ['Stop', () => page.session.stop()],
      ['a typed message', () => page.session.sendText('Wait')],
      ['a broken connection', () => page.fakes.socket().drop(1006)],
      ['End', () => page.session.end()],
    ])('stops the reading at %s', (_name, act) => {
      act();
      expect(page.fakes.speech.cancels).toBe(1);
      expect(page.fakes.speech.spoken).toHaveLength(1);
    });

    it('can be stopped while the browser is still reading after the server has finished', () => {
      page.say({ type: 'state', state: 'USER_SPEAKING', turn: 2 });
      expect(page.session.stoppable()).toBe(true);
      page.session.stop();
      expect(page.session.stoppable()).toBe(false);
      expect(page.worklet('parley-playback').port.ofType('flush')).toEqual([]);
    });
  });
});
