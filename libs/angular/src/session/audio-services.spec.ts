import { TestBed } from '@angular/core/testing';
import { SILENCE_DBFS } from '@parley/client';
import { settled } from '@parley/client/testing';
import { forEachTest, type SessionHarness } from '../testing/session-harness';
import { MicrophoneService } from './microphone-service';
import { PlaybackService } from './playback-service';

describe('the audio services that a session uses', () => {
  let page: SessionHarness;
  forEachTest((fresh) => (page = fresh));

  describe('MicrophoneService', () => {
    it('opens the microphone for a conversation, reports its level, and closes it at the end of the conversation', async () => {
      await page.live();
      const microphone = TestBed.inject(MicrophoneService);
      page.worklet('parley-capture').port.deliver({ type: 'frame', pcm: new ArrayBuffer(640), levelDbfs: -23 });
      expect([microphone.hearing(), microphone.chosen(), microphone.inputDbfs()]).toEqual([true, 'built-in', -23]);
      page.session.end();
      expect([microphone.hearing(), microphone.inputDbfs()]).toEqual([false, SILENCE_DBFS]);
    });

    it('mutes the capture worklet of the running conversation', async () => {
      await page.live();
      TestBed.inject(MicrophoneService).setMuted(true);
      expect(page.session.muted()).toBe(true);
      expect(page.worklet('parley-capture').port.ofType('mute').at(-1)).toEqual({ type: 'mute', muted: true });
    });

    it('keeps the list of microphones up to date, even without a conversation', async () => {
      page.open();
      await settled();
      page.fakes.devices.devices = [{ kind: 'audioinput', deviceId: 'desk', label: 'Desk' }];
      page.fakes.devices.dispatchEvent(new Event('devicechange'));
      await settled();
      expect(TestBed.inject(MicrophoneService).choices()).toEqual([{ id: 'desk', label: 'Desk' }]);
    });
  });

  describe('PlaybackService', () => {
    it('reports the level at the speaker during a conversation', async () => {
      await page.live();
      const playback = TestBed.inject(PlaybackService);
      for (const analyser of page.fakes.context().analysers) analyser.level = 0.1;
      expect(playback.outputDbfs()).toBeCloseTo(-20);
      page.session.end();
      expect(playback.outputDbfs()).toBe(SILENCE_DBFS);
    });

    it('detects that the browser paused the sound, and can resume it', async () => {
      await page.live();
      const playback = TestBed.inject(PlaybackService);
      page.fakes.context().moveTo('suspended');
      expect([playback.sounding(), page.notices()]).toEqual([false, ['sound-paused']]);
      playback.resume();
      expect([playback.sounding(), page.notices()]).toEqual([true, []]);
    });

    it('forgets at the end of the conversation that the sound was paused', async () => {
      await page.live();
      page.fakes.context().moveTo('suspended');
      page.session.end();
      expect([TestBed.inject(PlaybackService).sounding(), page.notices()]).toEqual([true, []]);
    });
  });
});
