import { TestBed } from '@angular/core/testing';
import { CONVERSATION_STARTED, FakeAudioContext, FakeWebSocket, settled, speechMessage, startConversation } from '@parley/client/testing';
import { forEachTest, type SessionHarness } from '../testing/session-harness';

describe('AssistantSession', () => {
  let page: SessionHarness;
  forEachTest((fresh) => (page = fresh));

  describe('start', () => {
    it('is preceded by no use of the microphone, the speaker or the server', async () => {
      page.open();
      await settled();
      expect([page.fakes.devices.asked, FakeAudioContext.made, FakeWebSocket.made]).toEqual([[], [], []]);
      expect(page.session.phase()).toBe('idle');
    });

    it('creates the audio context within the click', () => {
      void page.session.start();
      expect(FakeAudioContext.made).toHaveLength(1);
    });

    it('leads to a live conversation with microphone and binary audio', async () => {
      await page.live();
      expect(page.fakes.socket().url).toBe('ws://localhost/ws');
      expect(page.fakes.socket().messages).toEqual([{ type: 'start_conversation', engine: 'pipeline', audio_transport: 'binary' }]);
      expect([page.session.phase(), page.session.hearing(), page.session.view.state()]).toEqual(['live', true, 'USER_SPEAKING']);
      expect(page.session.microphone()).toBe('built-in');
    });

    it('makes the session live when the first state arrives, not before', async () => {
      await page.session.start();
      page.fakes.socket().accept();
      page.say(CONVERSATION_STARTED);
      expect([page.session.phase(), page.session.view.state()]).toEqual(['starting', 'IDLE']);
      page.say({ type: 'state', state: 'USER_SPEAKING', turn: 1 });
      expect([page.session.phase(), page.session.view.state()]).toEqual(['live', 'USER_SPEAKING']);
    });

    it('ignores messages that only newer servers send', async () => {
      await page.live();
      for (const type of ['something_new', 'toString']) page.fakes.socket().deliver(JSON.stringify({ type, turn: 1, active: true }));
      page.say({ type: 'state', state: 'AI_SPEAKING', turn: 1 });
      expect([page.session.phase(), page.session.view.state(), page.notices()]).toEqual(['live', 'AI_SPEAKING', []]);
    });

    it('begins one conversation, however often it is pressed', async () => {
      await Promise.all([page.session.start(), page.session.start()]);
      expect([FakeAudioContext.made.length, FakeWebSocket.made.length]).toEqual([1, 1]);
    });

    it('does not connect when End is pressed while the browser is still asking for the microphone', async () => {
      let allow = (): void => undefined;
      page.fakes.devices.prompt = new Promise((resolve) => (allow = resolve));
      const starting = page.session.start();
      await settled();
      page.session.end();
      allow();
      await starting;
      expect(FakeWebSocket.made).toEqual([]);
      expect(page.session.phase()).toBe('idle');
    });
  });

  describe('on an action of the visitor', () => {
    it('sends typed text and shows it once', async () => {
      await page.live();
      expect(page.session.sendText('Hello')).toBe(true);
      page.say({ type: 'state', state: 'AI_PROCESSING', turn: 1 }, { type: 'transcript', turn: 1, text: 'Hello', is_final: true });
      expect(page.fakes.socket().ofType('text_message')).toEqual([{ type: 'text_message', text: 'Hello' }]);
      expect(page.session.view.transcript.entries()).toEqual([expect.objectContaining({ role: 'user', turn: 1, text: 'Hello' })]);
    });

    it('sends no text without a connection', async () => {
      expect(page.session.sendText('Hello')).toBe(false);
      expect(page.session.view.transcript.entries()).toEqual([]);
    });

    it('stops the reply at once on the page and informs the server', async () => {
      await page.live();
      expect(page.session.stoppable()).toBe(false);
      page.say({ type: 'state', state: 'AI_SPEAKING', turn: 1 });
      expect(page.session.stoppable()).toBe(true);
      page.session.stop();
      page.fakes.socket().deliver(speechMessage(1));
      expect(page.worklet('parley-playback').port.posted).toEqual([{ type: 'flush', turn: 1 }]);
      expect(page.fakes.socket().ofType('interrupt')).toHaveLength(1);
    });

    it('mutes in the worklet, and stays muted in the next conversation', async () => {
      await page.live();
      page.session.setMuted(true);
      expect(page.worklet('parley-capture').port.ofType('mute').at(-1)).toEqual({ type: 'mute', muted: true });
      page.session.end();
      await page.session.start();
      expect(page.worklet('parley-capture').port.ofType('mute').at(-1)).toEqual({ type: 'mute', muted: true });
    });

    it('changes the microphone during a conversation', async () => {
      await page.live();
      page.session.chooseMicrophone('headset');
      await settled();
      expect(page.fakes.devices.tracks.map((track) => [track.deviceId, track.stopped])).toEqual([
        ['built-in', true],
        ['headset', false],
      ]);
      expect(page.session.microphone()).toBe('headset');
    });

    it('keeps the current microphone when another one cannot be opened', async () => {
      await page.live();
      page.fakes.devices.answer = () => new DOMException('', 'NotReadableError');
      page.session.chooseMicrophone('headset');
      await settled();
      expect([page.session.microphone(), page.session.hearing(), page.notices()]).toEqual(['built-in', true, ['microphone']]);
    });

    it('changes the microphone even before the server has answered', async () => {
      await page.session.start();
      page.session.chooseMicrophone('headset');
      await settled();
      expect(page.fakes.devices.tracks.map((track) => [track.deviceId, track.stopped])).toEqual([
        ['built-in', true],
        ['headset', false],
      ]);
    });

    it('uses a microphone chosen before the start', async () => {
      page.session.chooseMicrophone('headset');
      expect(page.fakes.devices.asked).toEqual([]);
      await page.session.start();
      expect(page.fakes.devices.tracks.map((track) => track.deviceId)).toEqual(['headset']);
    });

    it('updates the list of microphones when devices are connected or removed', async () => {
      page.open();
      await settled();
      expect(page.session.microphones().map((microphone) => microphone.id)).toEqual(['built-in', 'headset']);
      page.fakes.devices.devices = [];
      page.fakes.devices.dispatchEvent(new Event('devicechange'));
      await settled();
      expect(page.session.microphones()).toEqual([]);
    });
  });

  describe('the end of a conversation', () => {
    it('is announced to the server and releases all resources', async () => {
      await page.live();
      page.session.end();
      expect(page.fakes.socket().ofType('end_conversation')).toHaveLength(1);
      expect([page.session.phase(), page.session.hearing(), page.session.view.state()]).toEqual(['idle', false, 'IDLE']);
      page.expectReleased();
    });

    it('keeps the transcript, even after the next start, and notes that the assistant does not remember it', async () => {
      await page.live();
      page.say({ type: 'transcript', turn: 1, text: 'Hi', is_final: true });
      page.session.end();
      expect(page.texts()).toEqual(['Hi']);
      await page.session.start();
      expect(page.texts()).toEqual(['Hi']);
      startConversation(page.fakes.socket());
      page.say({ type: 'transcript', turn: 1, text: 'Hi again', is_final: true });
      expect(page.texts()).toEqual(['Hi', expect.stringContaining('does not remember'), 'Hi again']);
      page.session.end();
      page.session.clear();
      expect(page.texts()).toEqual([]);
    });

    it('comes when the visitor leaves the page', async () => {
      await page.live();
      window.dispatchEvent(new Event('pagehide'));
      page.expectReleased();
      expect(page.session.phase()).toBe('idle');
    });

    it('comes when the visitor leaves the route', async () => {
      await page.live();
      TestBed.resetTestingModule();
      page.expectReleased();
      const known = page.session.microphones();
      page.fakes.devices.devices = [];
      page.fakes.devices.dispatchEvent(new Event('devicechange'));
      await settled();
      expect(page.session.microphones()).toBe(known);
    });
  });
});
