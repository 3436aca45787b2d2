import { BACKLOG_FRAMES, RESUME_TIMEOUT_MS, RETRY_DELAYS_MS } from '@parley/client';
import {
  FakeAudioContext,
  FakeAudioWorkletNode,
  FakeWebSocket,
  publicConfig,
  settled,
  showPage,
  speechMessage,
  startConversation,
} from '@parley/client/testing';
import { SessionHarness } from '../testing/session-harness';
import { CONFIG_RETRY_DELAYS_MS } from '../server/server-config';
import { PROMPT_TIMEOUT_MS } from './microphone-service';

describe('AssistantSession', () => {
  let page: SessionHarness;

  beforeEach(() => {
    jest.useFakeTimers();
    page = new SessionHarness();
  });
  afterEach(() => {
    page.leave();
    jest.useRealTimers();
  });

  describe('at a busy server', () => {
    const refuse = (): void => {
      page.fakes.socket().accept();
      page.say(
        { type: 'connection_established', message: '', protocol: 1 },
        { type: 'error', code: 'server_busy', message: 'Later.', fatal: true, retry_after_ms: 5_000 },
      );
    };

    it('says so in one sentence, tries again after the time that the server names, and takes the sentence away again', async () => {
      await page.session.start(false);
      refuse();
      expect([page.session.phase(), page.notices()]).toEqual(['starting', ['connection']]);
      expect(page.session.view.notices()[0]?.text).toMatch(/no room.*Trying again/);
      const refused = page.fakes.socket();
      jest.advanceTimersByTime(4_999);
      expect(page.fakes.socket()).toBe(refused);
      jest.advanceTimersByTime(2_000);
      startConversation(page.fakes.socket());
      await settled();
      expect([page.session.phase(), page.notices()]).toEqual(['live', []]);
    });

    it('lets the visitor end the attempts', async () => {
      await page.session.start(false);
      refuse();
      page.session.end();
      jest.advanceTimersByTime(60_000);
      expect([page.session.phase(), page.notices(), page.fakes.socket().readyState]).toEqual(['idle', [], 3]);
    });
  });

  describe('without a microphone', () => {
    it('uses typed text when the visitor chooses that', async () => {
      await page.live(false);
      expect([page.fakes.devices.asked, page.session.hearing(), page.session.phase(), page.notices()]).toEqual([[], false, 'live', []]);
      expect(page.session.sendText('Hello')).toBe(true);
    });

    it.each([
      ['NotAllowedError', 'not allowed'],
      ['NotFoundError', 'No microphone was found'],
      ['NotReadableError', 'another program'],
    ])('uses typed text after the error %s, and explains why', async (name, words) => {
      page.fakes.devices.answer = () => new DOMException('', name);
      await page.live();
      expect([page.session.phase(), page.session.hearing(), page.notices()]).toEqual(['live', false, ['microphone']]);
      expect(page.session.view.notices()[0]?.text).toContain(words);
      expect(page.session.sendText('Hello')).toBe(true);
    });

    it('uses the microphone when it is allowed later', async () => {
      page.fakes.devices.answer = () => new DOMException('', 'NotAllowedError');
      await page.live();
      page.fakes.devices.answer = () => undefined;
      page.session.act('microphone');
      await settled();
      expect([page.session.hearing(), page.notices()]).toEqual([true, []]);
    });

    it('continues with typed text when the microphone is unplugged, and with speech when another one is connected', async () => {
      await page.live();
      page.fakes.devices.tracks[0]?.unplug();
      expect([page.session.phase(), page.session.hearing(), page.notices()]).toEqual(['live', false, ['microphone']]);
      expect(page.session.view.notices()[0]?.text).toContain('unplugged');
      page.session.chooseMicrophone('headset');
      await settled();
      expect([page.session.hearing(), page.notices()]).toEqual([true, []]);
    });

    it('works on an insecure page with typed text and with the voice of the browser', async () => {
      Object.defineProperty(navigator, 'mediaDevices', { value: undefined, configurable: true });
      FakeAudioContext.hasWorklets = false;
      await page.live();
      expect([page.session.phase(), page.notices()]).toEqual(['live', ['sound']]);
      expect(page.session.view.notices()[0]?.text).toMatch(/https.*type/);
      page.fakes.socket().deliver(speechMessage(1));
      page.say({ type: 'text_response', turn: 1, text: 'Hello.', is_final: true, full_text: 'Hello.' });
      expect(page.fakes.speech.spoken.map((utterance) => utterance.text)).toEqual(['Hello.']);
    });

    it('explains that the browser offers no microphones', async () => {
      Object.defineProperty(navigator, 'mediaDevices', { value: undefined, configurable: true });
      await page.live();
      expect([page.session.phase(), page.notices()]).toEqual(['live', ['microphone']]);
      expect(page.session.view.notices()[0]?.text).toContain('https');
    });

    it('uses typed text when the audio modules cannot be loaded', async () => {
      FakeAudioContext.loading = Promise.reject(new Error('404'));
      await page.live();
      expect([page.fakes.devices.asked, page.session.phase(), page.notices()]).toEqual([[], 'live', ['sound']]);
      expect(page.session.view.notices()[0]?.text).toContain('did not load');
    });

    it.each<[string, () => void, string]>([
      ['there is no Web Audio', () => Reflect.deleteProperty(globalThis, 'AudioContext'), 'no Web Audio'],
      ['there are no worklets', () => Reflect.deleteProperty(globalThis, 'AudioWorkletNode'), 'no Web Audio'],
    ])('uses typed text when %s, and can be ended', async (_name, take, words) => {
      take();
      await page.live();
      expect([page.session.phase(), page.notices(), page.session.hearing()]).toEqual(['live', ['sound'], false]);
      expect(page.session.view.notices()[0]?.text).toContain(words);
      page.fakes.socket().deliver(speechMessage(1));
      page.say({ type: 'text_response', turn: 1, text: 'Hello.', is_final: true, full_text: 'Hello.' });
      expect(page.fakes.speech.spoken.map((utterance) => utterance.text)).toEqual(['Hello.']);
      page.session.end();
      expect(page.session.phase()).toBe('idle');
      page.expectReleased();
    });

    it('starts with typed text while the permission prompt is unanswered, and uses the microphone once it is allowed', async () => {
      let allow = (): void => undefined;
      page.fakes.devices.prompt = new Promise((resolve) => (allow = resolve));
      void page.session.start();
      await settled();
      expect([FakeWebSocket.made.length, page.notices()]).toEqual([0, []]);
      jest.advanceTimersByTime(PROMPT_TIMEOUT_MS);
      await settled();
      startConversation(page.fakes.socket());
      expect([page.session.phase(), page.session.hearing(), page.notices()]).toEqual(['live', false, ['microphone']]);
      expect(page.session.view.notices()[0]?.text).toContain('is asking');
      expect(page.session.sendText('Hello')).toBe(true);
      allow();
      await settled();
      expect([page.session.hearing(), page.notices(), FakeWebSocket.made.length]).toEqual([true, [], 1]);
    });

    it('explains that the microphone was not allowed when the permission is refused late', async () => {
      let answer = (): void => undefined;
      page.fakes.devices.prompt = new Promise((resolve) => (answer = resolve));
      page.fakes.devices.answer = () => new DOMException('', 'NotAllowedError');
      void page.session.start();
      await settled();
      jest.advanceTimersByTime(PROMPT_TIMEOUT_MS);
      await settled();
      answer();
      await settled();
      expect([page.notices(), page.session.view.notices()[0]?.text]).toEqual([['microphone'], expect.stringContaining('not allowed')]);
    });

    it('releases a microphone that is allowed only after End', async () => {
      let allow = (): void => undefined;
      page.fakes.devices.prompt = new Promise((resolve) => (allow = resolve));
      void page.session.start();
      await settled();
      jest.advanceTimersByTime(PROMPT_TIMEOUT_MS);
      await settled();
      page.session.end();
      allow();
      await settled();
      expect([page.session.phase(), page.notices(), page.fakes.devices.tracks.map((track) => track.stopped)]).toEqual(['idle', [], [true]]);
    });

    it('does not report a microphone as unplugged when its permission was withdrawn', async () => {
      await page.live();
      Object.defineProperty(navigator, 'permissions', { value: { query: async () => ({ state: 'denied' }) }, configurable: true });
      page.fakes.devices.tracks[0]?.unplug();
      await settled();
      Reflect.deleteProperty(navigator, 'permissions');
      expect([page.notices(), page.session.view.notices()[0]?.text]).toEqual([['microphone'], expect.stringContaining('not allowed')]);
    });

    it('explains that the microphone did not start when its worklet fails', async () => {
      FakeAudioWorkletNode.fails = true;
      await page.live();
      expect([page.session.phase(), page.session.view.notices()[0]?.text]).toEqual(['live', expect.stringContaining('did not start')]);
    });

    it('does not ask for the microphone when the server cannot recognise speech', async () => {
      page.fakes.config = publicConfig({
        stt: { name: 'none', simulated: false, available: false, detail: 'No recogniser is installed.' },
      });
      await page.live();
      expect([page.fakes.devices.asked, page.session.phase(), page.notices()]).toEqual([[], 'live', ['microphone']]);
      expect(page.session.view.notices()[0]?.text).toMatch(/not available.*Type.*No recogniser is installed/);
    });
  });

  describe('when the browser does not allow the sound', () => {
    it('announces it, and does not play old replies when the sound is turned on', async () => {
      FakeAudioContext.mayRun = false;
      await page.live();
      expect([page.session.sounding(), page.notices()]).toEqual([true, []]);
      jest.advanceTimersByTime(RESUME_TIMEOUT_MS);
      expect([page.session.sounding(), page.notices()]).toEqual([false, ['sound-paused']]);
      page.say({ type: 'state', state: 'AI_SPEAKING', turn: 1 });
      page.fakes.socket().deliver(speechMessage(1));
      page.say({ type: 'state', state: 'USER_SPEAKING', turn: 2 });
      expect(page.worklet('parley-playback').port.ofType('flush')).toEqual([{ type: 'flush', turn: 1 }]);
      FakeAudioContext.mayRun = true;
      page.session.act('sound');
      expect([page.session.sounding(), page.notices()]).toEqual([true, []]);
    });

    it('lets the browser read the replies when the playback fails', async () => {
      await page.live();
      page.worklet('parley-playback').onprocessorerror?.();
      expect(page.notices()).toEqual(['sound']);
      page.say({ type: 'text_response', turn: 1, text: 'Hello.', is_final: true, full_text: 'Hello.' });
      expect(page.fakes.speech.spoken.map((utterance) => utterance.text)).toEqual(['Hello.']);
    });
  });

  describe('the connection', () => {
    it('is restored automatically with the same microphone and a new conversation, without playing anything of the old one', async () => {
      await page.live();
      page.say({ type: 'state', state: 'AI_SPEAKING', turn: 3 }, { type: 'text_response', turn: 3, text: 'Half', is_final: false });
      page.say({ type: 'interruption', turn: 3, reason: 'speech' });
      const old = page.worklet('parley-playback');
      page.fakes.socket().drop(1006);
      expect([page.session.phase(), page.session.view.state(), page.notices()]).toEqual(['reconnecting', 'IDLE', ['connection']]);
      expect(old.port.ofType('stop')).toHaveLength(1);
      expect(page.session.sendText('lost')).toBe(false);
      jest.advanceTimersByTime(RETRY_DELAYS_MS[0] ?? NaN);
      startConversation(page.fakes.socket());
      await settled();
      page.fakes.socket().deliver(speechMessage(1));
      expect([page.session.phase(), page.notices(), page.fakes.devices.tracks.length]).toEqual(['live', [], 1]);
      expect(page.worklet('parley-playback').port.ofType('audio')).toHaveLength(1);
      expect(page.session.view.transcript.entries().map((entry) => entry.kind)).toEqual(['line', 'divider']);
    });

    it('releases all resources after the last attempt, and is restored by Reconnect', async () => {
      await page.live();
      page.say({ type: 'transcript', turn: 1, text: 'Hi', is_final: true });
      page.failToConnect();
      expect([page.session.phase(), page.notices()]).toEqual(['disconnected', ['connection']]);
      page.expectReleased();
      page.session.reconnect();
      await settled();
      startConversation(page.fakes.socket());
      expect([page.session.phase(), page.session.hearing(), page.notices()]).toEqual(['live', true, []]);
      expect(page.session.view.transcript.entries().map((entry) => entry.text)).toEqual([
        'Hi',
        expect.stringContaining('does not remember'),
      ]);
    });

    it('delivers what was said while it was interrupted, and reports when the beginning of that was lost', async () => {
      await page.live();
      const capture = (frames: number): void => {
        for (let i = 0; i < frames; i++)
          page.worklet('parley-capture').port.deliver({ type: 'frame', pcm: new ArrayBuffer(640), levelDbfs: -20 });
      };
      page.fakes.socket().drop(1006);
      capture(40);
      expect(page.notices()).toEqual(['connection']);
      capture(BACKLOG_FRAMES);
      expect(page.notices()).toEqual(['connection', 'audio-dropped']);
      jest.advanceTimersByTime(RETRY_DELAYS_MS[0] ?? NaN);
      startConversation(page.fakes.socket());
      expect(page.fakes.socket().audio.reduce((bytes, pcm) => bytes + pcm.byteLength, 0)).toBe(BACKLOG_FRAMES * 640);
      expect(page.notices()).toEqual(['audio-dropped']);
    });

    it('does not report lost speech when nobody spoke while it was interrupted', async () => {
      await page.live();
      page.fakes.socket().drop(1006);
      for (let i = 0; i < 2 * BACKLOG_FRAMES; i++)
        page.worklet('parley-capture').port.deliver({ type: 'frame', pcm: new ArrayBuffer(640), levelDbfs: -60 });
      expect(page.notices()).toEqual(['connection']);
    });

    it('marks the reply that was cut off when it broke, even when all of its text had arrived', async () => {
      await page.live();
      page.say(
        { type: 'state', state: 'AI_SPEAKING', turn: 1 },
        { type: 'text_response', turn: 1, text: 'A story.', is_final: true, full_text: 'A story.' },
      );
      page.fakes.socket().drop(1006);
      expect(page.session.view.transcript.entries()[0]).toMatchObject({ text: 'A story.', final: true, interrupted: true });
    });

    it('leaves the transcript in place when it breaks, and the visitor may clear it', async () => {
      await page.live(false);
      page.say({ type: 'transcript', turn: 1, text: 'Hi', is_final: true });
      page.session.clear();
      expect(page.texts()).toEqual(['Hi']);
      page.fakes.socket().drop(1008);
      expect([page.session.phase(), page.texts()]).toEqual(['disconnected', ['Hi']]);
      page.session.clear();
      expect([page.session.phase(), page.texts(), page.notices()]).toEqual(['idle', [], []]);
    });

    it('is restored with or without a microphone, as before', async () => {
      await page.live(false);
      page.fakes.socket().drop(1008);
      page.session.reconnect();
      await settled();
      expect([page.session.phase(), page.fakes.devices.asked]).toEqual(['starting', []]);
    });

    it('is not attempted any more when the visitor presses End, and the transcript stays', async () => {
      await page.live();
      page.say({ type: 'transcript', turn: 1, text: 'Hi', is_final: true });
      page.fakes.socket().drop(1006);
      page.session.end();
      expect([page.session.phase(), page.notices(), page.texts()]).toEqual(['idle', [], ['Hi']]);
      page.expectReleased();
      window.dispatchEvent(new Event('online'));
      jest.advanceTimersByTime(600_000);
      expect(FakeWebSocket.made).toHaveLength(1);
    });

    it('is reported as lost only once, however many attempts fail', async () => {
      await page.live();
      page.fakes.socket().drop(1006);
      page.session.view.dismiss('connection');
      jest.advanceTimersByTime(RETRY_DELAYS_MS[0] ?? NaN);
      page.fakes.socket().drop(1006);
      expect([page.session.phase(), page.notices()]).toEqual(['reconnecting', []]);
      jest.advanceTimersByTime(RETRY_DELAYS_MS[1] ?? NaN);
      startConversation(page.fakes.socket());
      page.fakes.socket().drop(1006);
      expect(page.notices()).toEqual(['connection']);
    });

    it('is attempted at once when the page becomes visible again', async () => {
      await page.live();
      page.fakes.socket().drop(1006);
      showPage(true);
      expect(FakeWebSocket.made).toHaveLength(2);
    });

    it('that was never established is reported as such, and does not appear as a break in the transcript', async () => {
      await page.session.start();
      page.fakes.socket().drop(1006);
      expect([page.session.phase(), page.session.view.notices().map((notice) => notice.text)]).toEqual([
        'starting',
        [expect.stringContaining('The server cannot be reached. Trying again')],
      ]);
      page.session.act('reconnect');
      page.fakes.socket().drop(1006);
      jest.advanceTimersByTime(RETRY_DELAYS_MS[0] ?? NaN);
      startConversation(page.fakes.socket());
      page.say({ type: 'transcript', turn: 1, text: 'Hi', is_final: true });
      expect([page.session.phase(), page.notices(), page.texts()]).toEqual(['live', [], ['Hi']]);
    });

    it('that can never be established is finally given up, and all resources are released', async () => {
      await page.session.start();
      page.failToConnect();
      expect([page.session.phase(), page.session.view.notices().map((notice) => notice.text)]).toEqual([
        'disconnected',
        ['The server cannot be reached. Check your network, or try again later.'],
      ]);
      page.expectReleased();
    });

    it('to a server of another version is not used, and the page offers to reload itself', async () => {
      await page.session.start();
      page.fakes.socket().accept();
      page.say({ type: 'connection_established', message: '', protocol: 2 });
      expect([page.session.phase(), page.notices()]).toEqual(['disconnected', ['version']]);
      page.expectReleased();
      page.session.act('reload');
      expect(page.reload).toHaveBeenCalledTimes(1);
    });

    it('that the server refuses is reported as refused', async () => {
      await page.session.start();
      page.fakes.socket().drop(1008);
      expect([page.session.phase(), page.session.view.notices()[0]?.text]).toEqual(['disconnected', expect.stringContaining('refused')]);
      page.expectReleased();
    });

    it('stays lost when the page is hidden and shown again', async () => {
      await page.live();
      page.fakes.socket().drop(1008);
      window.dispatchEvent(new Event('pagehide'));
      expect(page.session.phase()).toBe('disconnected');
    });

    it('is attempted at once when Reconnect is pressed between attempts', async () => {
      await page.live();
      page.fakes.socket().drop(1006);
      page.session.act('reconnect');
      expect(FakeWebSocket.made).toHaveLength(2);
    });

    it('is restored when the server has restarted, with a note that the assistant does not remember the conversation', async () => {
      await page.live();
      page.say({ type: 'transcript', turn: 1, text: 'Hi', is_final: true });
      page.fakes.socket().drop(1001);
      expect([page.session.phase(), page.notices(), FakeWebSocket.made.length]).toEqual(['reconnecting', ['connection'], 1]);
      expect(page.session.view.notices()[0]?.text).toContain('shutting down');
      jest.advanceTimersByTime(RETRY_DELAYS_MS[0] ?? NaN);
      page.fakes.socket().drop(1006);
      jest.advanceTimersByTime(RETRY_DELAYS_MS[1] ?? NaN);
      startConversation(page.fakes.socket());
      page.say({ type: 'transcript', turn: 1, text: 'Hi again', is_final: true });
      expect([page.session.phase(), page.notices(), page.fakes.devices.tracks.length]).toEqual(['live', [], 1]);
      expect(page.texts()).toEqual(['Hi', expect.stringMatching(/server was restarted.*does not remember/), 'Hi again']);
    });

    it('is reported once as ended by the server, even when the server announced that before', async () => {
      await page.live();
      page.say({ type: 'notice', code: 'server_closing', message: 'The server is being restarted.' });
      expect(page.notices()).toEqual(['notice-server_closing']);
      page.say({ type: 'conversation_ended', reason: 'server_shutdown' });
      expect([page.session.phase(), page.notices()]).toEqual(['reconnecting', ['connection']]);
    });

    it('is shown as lost when a problem on the server ended the conversation', async () => {
      await page.live();
      page.say({ type: 'conversation_ended', reason: 'error' });
      expect([page.session.phase(), page.session.view.notices().map((notice) => notice.text)]).toEqual([
        'disconnected',
        ['A problem on the server ended the conversation.'],
      ]);
      page.expectReleased();
    });

    it('releases all resources when the server ends the conversation for inactivity', async () => {
      await page.live();
      page.say({ type: 'conversation_ended', reason: 'inactivity_timeout' });
      expect([page.session.phase(), page.notices()]).toEqual(['idle', ['ended']]);
      page.expectReleased();
    });
  });

  describe('the engine', () => {
    afterEach(() => sessionStorage.clear());
    const offerBoth = (): void => {
      page.fakes.config = { ...publicConfig(), engines: ['pipeline', 'agent'] };
    };

    it('is the chosen one, even after a broken connection and on the next visit to the page', async () => {
      offerBoth();
      page.open();
      await settled();
      page.session.chooseEngine('agent');
      await page.live();
      page.fakes.socket().drop(1006);
      jest.advanceTimersByTime(RETRY_DELAYS_MS[0] ?? NaN);
      startConversation(page.fakes.socket());
      expect(FakeWebSocket.made.map((socket) => socket.messages[0])).toEqual([
        { type: 'start_conversation', engine: 'agent', audio_transport: 'binary' },
        { type: 'start_conversation', engine: 'agent', audio_transport: 'binary' },
      ]);
      page.leave();
      page = new SessionHarness();
      offerBoth();
      page.open();
      await settled();
      expect(page.session.engine()).toBe('agent');
    });

    it('is always one that the server offers', async () => {
      sessionStorage.setItem('parley.engine', 'agent');
      await page.live();
      expect([page.session.engine(), page.fakes.socket().messages[0]?.['engine']]).toEqual(['pipeline', 'pipeline']);
    });

    it('stays the same during a conversation, whatever the page learns about the server meanwhile', async () => {
      sessionStorage.setItem('parley.engine', 'agent');
      page.fakes.config = undefined;
      await page.live();
      offerBoth();
      jest.advanceTimersByTime(CONFIG_RETRY_DELAYS_MS[0] ?? NaN);
      await settled();
      expect(page.session.engine()).toBe('pipeline');
      page.session.end();
      expect(page.session.engine()).toBe('agent');
    });

    it.each([false, true])('that the server refuses is reported, and another one can be started at once (fatal: %s)', async (fatal) => {
      offerBoth();
      page.open();
      await settled();
      page.session.chooseEngine('agent');
      await page.session.start();
      page.fakes.socket().accept();
      page.say({ type: 'connection_established', message: '', protocol: 1 });
      page.say({ type: 'error', code: 'agent_failed', message: 'The agent is not available on this server.', fatal });
      expect([page.session.phase(), page.session.view.notices().map((notice) => notice.text)]).toEqual([
        'idle',
        ['The agent is not available on this server.'],
      ]);
      page.expectReleased();
      page.session.chooseEngine('pipeline');
      await page.live();
      expect([page.session.phase(), page.notices(), FakeWebSocket.made.length]).toEqual(['live', [], 2]);
    });

    it('that the server refuses after a broken connection leaves the transcript in place, and can be started again', async () => {
      await page.live();
      page.say({ type: 'transcript', turn: 1, text: 'Hi', is_final: true });
      page.fakes.socket().drop(1006);
      jest.advanceTimersByTime(RETRY_DELAYS_MS[0] ?? NaN);
      page.fakes.socket().accept();
      page.say({ type: 'error', code: 'agent_failed', message: 'No agent.', fatal: false });
      expect([page.session.phase(), page.session.view.notices().map((notice) => notice.text)]).toEqual(['disconnected', ['No agent.']]);
      page.expectReleased();
      page.session.reconnect();
      await settled();
      startConversation(page.fakes.socket());
      expect([page.session.phase(), page.notices()]).toEqual(['live', []]);
    });

    it('needs no speech recognition or voice of the server when it is the vendor’s agent', async () => {
      const missing = { name: 'none', simulated: false, available: false };
      page.fakes.config = { ...publicConfig({ stt: missing, tts: missing }), engines: ['agent'] };
      await page.live();
      page.say({ type: 'text_response', turn: 1, text: 'Hello.', is_final: true, full_text: 'Hello.' });
      expect([page.notices(), page.session.hearing(), page.fakes.speech.spoken]).toEqual([[], true, []]);
    });
  });

  describe('the configuration of the server', () => {
    it('is awaited briefly at Start, and everything is assumed to be available when it does not arrive', async () => {
      page.fakes.config = 'never';
      const starting = page.session.start();
      await settled();
      expect(FakeWebSocket.made).toHaveLength(0);
      jest.advanceTimersByTime(1_000);
      await starting;
      startConversation(page.fakes.socket());
      expect([page.session.phase(), page.session.hearing(), page.notices()]).toEqual(['live', true, []]);
    });

    it('is not awaited while no request for it is in progress', async () => {
      page.fakes.config = undefined;
      page.open();
      await settled();
      await page.live();
      expect(page.session.phase()).toBe('live');
    });

    it('is applied even when it arrives late: the browser reads the replies, and the visitor is informed', async () => {
      page.fakes.config = undefined;
      await page.live();
      const missing = { name: 'none', simulated: false, available: false };
      page.fakes.config = publicConfig({ tts: missing, stt: missing });
      jest.advanceTimersByTime(CONFIG_RETRY_DELAYS_MS[0] ?? NaN);
      await settled();
      page.say({ type: 'text_response', turn: 1, text: 'Hello.', is_final: true, full_text: 'Hello.' });
      expect(page.notices()).toEqual(['sound', 'microphone']);
      expect(page.fakes.speech.spoken.map((utterance) => utterance.text)).toEqual(['Hello.']);
    });
  });
});
