import { AgentScript } from '../testing/agent-script';
import { describeAgentEffect } from '../testing/describe-agent-effect';
import type { UntimedAgentTurnEvent } from './agent-turn-event';

const WORDS: UntimedAgentTurnEvent = { type: 'transcript_finished', text: 'Hello?' };
const ANSWER: UntimedAgentTurnEvent = { type: 'reply_text_produced', text: 'It is noon.' };
const LINE: UntimedAgentTurnEvent = {
  type: 'line_ready',
  line: 'greeting',
  text: 'Welcome.',
  speech: { audio: new Int16Array(1), durationMs: 500 },
};

/** A conversation in which the agent is connected and listening. */
function givenListening(): AgentScript {
  const talk = new AgentScript();
  talk.happens({ type: 'conversation_started' });
  talk.happens({ type: 'agent_connected' });
  return talk;
}

/** The user has said something in turn 1, and no answer has come yet. */
function givenAsked(): AgentScript {
  const talk = givenListening();
  talk.happens(WORDS);
  return talk;
}

/** The agent is answering in turn 1 and has sent one second of audio. */
function givenSpeaking(): AgentScript {
  const talk = givenAsked();
  talk.happens(ANSWER);
  talk.speaks(1_000);
  return talk;
}

/** Describes the effects of the events, without the timers. */
function effectsOf(talk: AgentScript, act: (talk: AgentScript) => void): string[] {
  const before = talk.steps.length;
  act(talk);
  const effects = talk.steps.slice(before).flatMap(({ decision }) => decision.effects);
  return effects.map(describeAgentEffect).filter((effect) => !/_timer /.test(effect));
}

type Row = [name: string, given: () => AgentScript, act: (talk: AgentScript) => void, expected: string[]];

const happens =
  (...events: UntimedAgentTurnEvent[]) =>
  (talk: AgentScript): void =>
    events.forEach((event) => talk.happens(event));

const OVER = ['state USER_SPEAKING 2'];
const ROWS: readonly Row[] = [
  ['the user speaks', givenListening, happens(WORDS), ['state AI_PROCESSING 1', 'transcript 1 "Hello?" final']],
  [
    'the user types',
    givenListening,
    happens({ type: 'text_received', text: 'Hello?' }),
    ['state AI_PROCESSING 1', 'transcript 1 "Hello?" final', 'send_text "Hello?"'],
  ],
  ['the agent echoes typed text back as a transcript', () => typed(), happens(WORDS), []],
  ['the agent answers with text', givenAsked, happens(ANSWER), ['state AI_SPEAKING 1', 'reply_text 1 "It is noon." final "It is noon."']],
  ['the agent answers with audio', givenAsked, (talk) => talk.speaks(300), ['state AI_SPEAKING 1', 'send_audio 1 300']],
  [
    'the agent speaks without being asked',
    givenListening,
    happens(ANSWER),
    ['state AI_PROCESSING 1', 'state AI_SPEAKING 1', 'reply_text 1 "It is noon." final "It is noon."'],
  ],
  [
    'the user has heard the whole answer',
    givenSpeaking,
    (talk) => talk.wait(2_000),
    ['cancel_audio 1', 'finish_audio 1', 'measured 1', ...OVER],
  ],
  [
    'no answer comes',
    givenAsked,
    (talk) => talk.wait(talk.policy.stallTimeoutMs),
    ['agent_failed 1 timeout', 'cancel_audio 1', 'measured 1', ...OVER],
  ],
  [
    'the agent interrupts its own answer',
    givenSpeaking,
    happens({ type: 'agent_interrupted' }),
    ['cancel_audio 1', 'interrupted 1 speech', 'measured 1 heard ""', ...OVER],
  ],
  ['the agent interrupts itself before it has spoken', givenAsked, happens({ type: 'agent_interrupted' }), []],
  [
    'the user presses the stop button',
    givenSpeaking,
    happens({ type: 'interrupt_requested' }),
    [
      'cancel_audio 1',
      'interrupted 1 button',
      'measured 1 heard ""',
      ...OVER,
      'update_context "The user has stopped you with a button and has heard nothing of your last answer."',
    ],
  ],
  ['more audio arrives for a reply that the stop button has stopped', () => stopped(), (talk) => talk.speaks(500), []],
  [
    'the agent starts a new reply after the stop button was pressed',
    () => stopped(),
    (talk) => {
      talk.happens(WORDS);
      talk.speaks(500);
    },
    ['state AI_PROCESSING 2', 'transcript 2 "Hello?" final', 'state AI_SPEAKING 2', 'send_audio 2 500'],
  ],
  [
    'the agent corrects the text of the interrupted reply',
    () => interrupted(),
    happens({ type: 'reply_corrected', original: 'It is noon.', text: 'It…' }),
    ['reply_text 1 "" final "It…"'],
  ],
  [
    'the agent corrects the text of some other reply',
    () => interrupted(),
    happens({ type: 'reply_corrected', original: 'Good day.', text: 'Good…' }),
    [],
  ],
  [
    'the connection is lost before the answer and is then restored',
    givenAsked,
    happens({ type: 'agent_lost', reason: 'connection_lost' }, { type: 'agent_connected' }),
    ['agent_failed 1 connection_lost', 'send_text "Hello?"'],
  ],
  [
    'the connection is lost in the middle of an answer',
    givenSpeaking,
    happens({ type: 'agent_lost', reason: 'connection_lost' }),
    ['finish_audio 1', 'agent_failed 1 connection_lost'],
  ],
  [
    'the agent cannot be reached, which is said aloud before the conversation ends',
    givenListening,
    (talk) => {
      talk.happens({ type: 'agent_failed', reason: 'quota' });
      talk.wait(3_000);
    },
    [
      'take_notice',
      'agent_failed 1 quota',
      'state AI_PROCESSING 1',
      'state AI_SPEAKING 1',
      'reply_text 1 "It cannot be reached." final "It cannot be reached."',
      'send_audio 1 700',
      'finish_audio 1',
      'cancel_audio 1',
      'state USER_SPEAKING 2',
      'agent_failed 2 quota fatal',
      'state IDLE 2',
      'end_session error',
    ],
  ],
  [
    'the agent hangs up while its last words are still playing',
    givenSpeaking,
    (talk) => {
      talk.happens({ type: 'agent_hung_up' });
      talk.wait(2_000);
    },
    ['finish_audio 1', 'cancel_audio 1', 'measured 1', ...OVER, 'state IDLE 2', 'end_session client'],
  ],
  [
    'the agent hangs up while nothing is playing',
    givenListening,
    happens({ type: 'agent_hung_up' }),
    ['state IDLE 1', 'end_session client'],
  ],
  [
    'the greeting is available from the cache',
    givenOpening,
    happens(LINE, { type: 'agent_connected' }),
    [
      'state AI_PROCESSING 1',
      'state AI_SPEAKING 1',
      'reply_text 1 "Welcome." final "Welcome."',
      'send_audio 1 500',
      'finish_audio 1',
      'update_context "You have greeted the user already, with these words: Welcome."',
    ],
  ],
  [
    'nobody says anything until the inactivity limit',
    givenListening,
    (talk) => talk.wait(talk.policy.inactivityTimeoutMs),
    ['state IDLE 1', 'end_session inactivity_timeout'],
  ],
  [
    'the conversation is ended in the middle of an answer',
    givenSpeaking,
    happens({ type: 'conversation_ended', reason: 'client' }),
    ['cancel_audio 1', 'measured 1 heard ""', 'state IDLE 1', 'end_session client'],
  ],
];

function givenOpening(): AgentScript {
  const talk = new AgentScript();
  talk.happens({ type: 'conversation_started' });
  return talk;
}

function typed(): AgentScript {
  const talk = givenListening();
  talk.happens({ type: 'text_received', text: 'Hello?' });
  return talk;
}

function stopped(): AgentScript {
  const talk = givenSpeaking();
  talk.happens({ type: 'interrupt_requested' });
  return talk;
}

function interrupted(): AgentScript {
  const talk = givenSpeaking();
  talk.happens({ type: 'agent_interrupted' });
  return talk;
}

describe('an agent conversation', () => {
  it.each(ROWS)('takes the right actions when %s', (_, given, act, expected) => {
    expect(effectsOf(given(), act)).toEqual(expected);
  });

  it('does nothing after it has ended', () => {
    const talk = givenSpeaking();
    talk.happens({ type: 'conversation_ended', reason: 'client' });
    expect(effectsOf(talk, happens(WORDS, ANSWER, LINE, { type: 'conversation_started' }))).toEqual([]);
  });
});

describe('a player that has stood still for a long time', () => {
  it('is sent new audio of the reply as soon as the audio arrives', () => {
    const talk = givenAsked();
    talk.happens({
      type: 'reply_text_produced',
      text: 'A very long answer, which takes its time and has a pause in the middle of it, as agents do.',
    });
    talk.speaks(500);
    talk.happens({ type: 'playback_reported', turn: 1, event: 'progress', playedMs: 500 });
    talk.nowMs += 3_000;
    expect(effectsOf(talk, () => talk.speaks(400))).toEqual(['send_audio 1 400']);
    expect(talk.state).toMatchObject({ phase: 'AI_SPEAKING', turn: 1 });
  });
});
