import type { TurnDetector } from '../ports';
import { TestConversation } from '../testing/test-conversation';
import { pass, startVirtualTime } from '../testing/virtual-time';

/** A detector that always requests the same silence, and records what it is given. */
class PatientDetector implements TurnDetector {
  readonly name = 'patient';
  readonly questions: string[] = [];
  samplesHeard = 0;

  requiredSilenceMs(transcript: string, _silenceMs: number, { unfinishedMs }: { unfinishedMs: number }): number {
    this.questions.push(transcript);
    return unfinishedMs;
  }

  pushAudio(pcm: Int16Array): void {
    this.samplesHeard += pcm.length;
  }
}

describe('PipelineConversation: the detector of the end of a turn', () => {
  beforeEach(() => startVirtualTime());
  afterEach(() => jest.useRealTimers());

  const stt = () => ({ text: 'what time is it', wordMs: 100 });

  it('decides how much silence ends the turn, and receives all audio of the microphone', async () => {
    const turnDetector = new PatientDetector();
    const { mic, sink, session } = await TestConversation.start({ turns: { turnTaking: 'adaptive' }, stt, turnDetector });
    await mic.speak(1_000);
    await mic.hush(1_400);
    expect(sink.state).toBe('USER_SPEAKING');
    expect(turnDetector.questions).toContain('what time is it');
    await mic.hush(200);
    await pass(0);
    expect(sink.state).toBe('AI_SPEAKING');
    expect(turnDetector.samplesHeard).toBe(2_600 * 16);
    session.end('client');
  });

  it('is not asked when the required silence is fixed', async () => {
    const turnDetector = new PatientDetector();
    const { mic, sink, session } = await TestConversation.start({ turns: { turnTaking: 'fixed' }, stt, turnDetector });
    await mic.saySomething();
    await pass(0);
    expect(sink.state).toBe('AI_SPEAKING');
    expect(turnDetector.questions).toEqual([]);
    session.end('client');
  });
});
