import { BEN, ME, PARLEY } from '@parley/client/testing';
import type { RoomServerMessage } from '@parley/protocol';
import { RoomConversation } from './room-conversation';

const MEMBERS = [ME, BEN, PARLEY];

describe('RoomConversation', () => {
  let conversation: RoomConversation;
  const say = (...messages: RoomServerMessage[]): void => messages.forEach((message) => conversation.apply(message, MEMBERS));
  const spoken = (turn: number, text: string, identity = BEN.identity): RoomServerMessage => ({
    type: 'transcript',
    turn,
    text,
    is_final: true,
    identity,
  });
  const reply = (turn: number, text: string): RoomServerMessage => ({ type: 'text_response', turn, text, is_final: true, full_text: text });
  const write = (text: string, isMe = false): void => {
    const { identity, name } = isMe ? ME : BEN;
    conversation.chat({ identity, name, isMe, text }, performance.now());
  };
  const lines = (): string[] =>
    conversation.transcript
      .entries()
      .map((entry) => (entry.kind === 'line' ? `${entry.speaker?.isMe ? 'me' : (entry.speaker?.name ?? '-')}: ${entry.text}` : '---'));

  beforeEach(() => {
    conversation = new RoomConversation();
    conversation.seated(MEMBERS);
  });

  it('shows who said what', () => {
    say(spoken(1, 'What time is it?'), reply(1, 'It is noon.'), spoken(2, 'Thanks.', ME.identity), reply(2, 'Gladly.'));
    expect(lines()).toEqual(['Ben: What time is it?', 'Parley: It is noon.', 'me: Thanks.', 'Parley: Gladly.']);
  });

  it('shows the words of somebody who has left by the identity, and words of nobody known', () => {
    say(spoken(1, 'Bye.', 'carl-1'), { type: 'transcript', turn: 2, text: 'Hm.', is_final: true });
    expect(lines()).toEqual(['carl-1: Bye.', '-: Hm.']);
  });

  it('shows what is written once, whichever of the message and its transcript comes first', () => {
    write('Good morning.', true);
    say(spoken(1, 'Good morning.', ME.identity), reply(1, 'Hello Asha.'));
    say(spoken(2, 'Tell us a joke.'));
    write('Tell us a joke.');
    say(reply(2, 'No.'));
    expect(lines()).toEqual(['me: Good morning.', 'Parley: Hello Asha.', 'Ben: Tell us a joke.', 'Parley: No.']);
  });

  it('shows the same words again when they are written again', () => {
    write('Hello?', true);
    say(spoken(1, 'Hello?', ME.identity));
    write('Hello?', true);
    write('Hello?');
    expect(lines()).toEqual(['me: Hello?', 'me: Hello?', 'Ben: Hello?']);
  });

  it('shows what people write to each other without any assistant', () => {
    write('Is it here?');
    write('Not yet.', true);
    expect(lines()).toEqual(['Ben: Is it here?', 'me: Not yet.']);
  });

  it('marks a reply that was interrupted, and what of it was heard', () => {
    say(spoken(1, 'Tell a story.'), reply(1, 'Once upon a time.'), { type: 'interruption', turn: 1, reason: 'speech' });
    say({ type: 'turn_metrics', turn: 1, marks: { turn_end: 900 }, speculative: false, heard_text: 'Once upon' });
    const line = conversation.transcript.entries().at(-1);
    expect(line).toMatchObject({ interrupted: true, heardLength: 9 });
    expect(conversation.latencies.turns()).toMatchObject([{ turn: 1, marks: { turn_end: 900 } }]);
  });

  it('goes on below when an assistant that remembers takes over', () => {
    say(spoken(1, 'Hello.'), reply(1, 'Hello Ben.'));
    conversation.seated([ME, BEN, { ...PARLEY, identity: 'agent-2' }]);
    say(spoken(2, 'Go on.'), reply(2, 'Gladly.'));
    expect(lines()).toEqual(['Ben: Hello.', 'Parley: Hello Ben.', 'Ben: Go on.', 'Parley: Gladly.']);
  });

  it('keeps the only turn that was said before another assistant that counts from the start', () => {
    say(spoken(1, 'Hello.'), reply(1, 'Hello Ben.'));
    conversation.seated([ME, BEN, { ...PARLEY, identity: 'agent-2' }]);
    say({ type: 'state', state: 'USER_SPEAKING', turn: 0 }, spoken(1, 'And now?'), reply(1, 'Who is there?'));
    expect(lines()).toEqual(['Ben: Hello.', 'Parley: Hello Ben.', '---', 'Ben: And now?', 'Parley: Who is there?']);
  });

  it('keeps what was said before another assistant that counts from the start', () => {
    say(spoken(1, 'Hello.'), reply(1, 'Hello Ben.'), spoken(2, 'Go on.'));
    conversation.seated([ME, BEN]);
    conversation.seated([ME, BEN, { ...PARLEY, identity: 'agent-2' }]);
    say(spoken(1, 'And now?'), reply(1, 'Who is there?'));
    expect(lines()).toEqual(['Ben: Hello.', 'Parley: Hello Ben.', 'Ben: Go on.', '---', 'Ben: And now?', 'Parley: Who is there?']);
  });
});
