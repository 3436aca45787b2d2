import { Transcript } from './transcript';

/** The transcript in short: role, turn, text, and marks for what is open or was stopped. */
const lines = (transcript: Transcript): string[] =>
  transcript
    .entries()
    .map((entry) =>
      entry.kind === 'divider'
        ? `--- ${entry.text}`
        : `${entry.role} ${entry.turn ?? '?'}: ${entry.text}${entry.final ? '' : ' …'}${entry.interrupted ? ' [stopped]' : ''}`,
    );

describe('Transcript', () => {
  let transcript: Transcript;
  beforeEach(() => {
    transcript = new Transcript();
  });

  it('replaces partial transcripts and keeps the final one, in one line', () => {
    transcript.heard(1, 'where', false);
    const [first] = transcript.entries();
    transcript.heard(1, 'where is', false);
    expect(lines(transcript)).toEqual(['user 1: where is …']);
    transcript.heard(1, 'Where is it?', true);
    expect(lines(transcript)).toEqual(['user 1: Where is it?']);
    expect(transcript.entries()[0]?.id).toBe(first?.id);
  });

  it('shows nothing for an empty transcript, and takes words back that were none', () => {
    transcript.heard(1, '', false);
    expect(lines(transcript)).toEqual([]);
    transcript.heard(1, 'uh', false);
    transcript.heard(1, '', true);
    expect(lines(transcript)).toEqual([]);
  });

  it('joins the pieces of a reply, and lets the final one correct the whole', () => {
    transcript.replied(1, 'It ', false, undefined);
    transcript.replied(1, 'is ', false, undefined);
    expect(lines(transcript)).toEqual(['assistant 1: It is  …']);
    transcript.replied(1, 'here.', true, 'It is here.');
    expect(lines(transcript)).toEqual(['assistant 1: It is here.']);
  });

  it('joins a final piece that does not carry the whole', () => {
    transcript.replied(1, 'It is ', false, undefined);
    transcript.replied(1, 'here.', true, undefined);
    expect(lines(transcript)).toEqual(['assistant 1: It is here.']);
  });

  it('puts a late transcript before the reply to it', () => {
    transcript.replied(1, 'Yes.', true, undefined);
    transcript.heard(1, 'Is it?', true);
    expect(lines(transcript)).toEqual(['user 1: Is it?', 'assistant 1: Yes.']);
  });

  it('marks a stopped reply and adds nothing to it, nor to one that had not begun', () => {
    transcript.replied(1, 'It is', false, undefined);
    transcript.stopped(1);
    transcript.replied(1, ' here.', true, 'It is here.');
    transcript.stopped(2);
    transcript.replied(2, 'Never shown', false, undefined);
    transcript.replied(3, 'Shown', false, undefined);
    expect(lines(transcript)).toEqual(['assistant 1: It is [stopped]', 'assistant 3: Shown …']);
  });

  it('keeps a stopped reply as it is when the whole of it comes late', () => {
    transcript.replied(1, 'It is', false, undefined);
    transcript.stopped(1);
    transcript.replied(1, '', true, 'It is');
    transcript.replied(1, ' n', false, undefined);
    expect(lines(transcript)).toEqual(['assistant 1: It is [stopped]']);
  });

  it('puts what was heard of a stopped reply in its place, also where that is longer by its dots', () => {
    transcript.replied(1, 'Hi. It is sunny.', true, 'Hi. It is sunny.');
    transcript.stopped(1);
    transcript.heard(2, 'Wait.', true);
    transcript.replied(1, '', true, 'Hi. It is sunn…');
    transcript.replied(1, '', true, 'Hi. It is sunny. And …');
    expect(lines(transcript)).toEqual(['assistant 1: Hi. It is sunny. And … [stopped]', 'user 2: Wait.']);
  });

  it('keeps the words of a stopped reply of which nothing was heard, as unheard', () => {
    transcript.replied(1, 'It is sunny.', true, undefined);
    transcript.stopped(1);
    transcript.replied(1, '', true, '');
    expect(transcript.entries()).toEqual([expect.objectContaining({ text: 'It is sunny.', heardLength: 0, interrupted: true })]);
  });

  it('shows a reply that goes on after a final text as one', () => {
    transcript.replied(1, 'Let me look.', true, 'Let me look.');
    transcript.replied(1, 'It is', false, undefined);
    expect(lines(transcript)).toEqual(['assistant 1: Let me look. It is …']);
    transcript.replied(1, ' noon.', true, 'Let me look. It is noon.');
    expect(lines(transcript)).toEqual(['assistant 1: Let me look. It is noon.']);
    transcript.replied(1, ' Bye.', true, 'Let me look. It is noon. Bye.');
    expect(lines(transcript)).toEqual(['assistant 1: Let me look. It is noon. Bye.']);
  });

  it('knows how much of a reply was heard, until it is corrected', () => {
    const heard = (): (number | undefined)[] =>
      transcript.entries().map((entry) => (entry.kind === 'line' ? entry.heardLength : undefined));
    transcript.replied(1, 'It is sunny.', true, undefined);
    transcript.stopped(1);
    expect(heard()).toEqual([undefined]);
    transcript.heardOf(1, 'it is');
    transcript.heardOf(2, 'Nobody said this');
    expect(heard()).toEqual([5]);
    transcript.replied(1, '', true, 'It is');
    expect(heard()).toEqual([undefined]);
  });

  it('takes a final transcript that is corrected later', () => {
    transcript.heard(1, 'Where is it', true);
    transcript.heard(1, 'Where is he?', true);
    expect(lines(transcript)).toEqual(['user 1: Where is he?']);
  });

  it('takes back what was half heard of a stopped turn when it will be heard again, and leaves the rest', () => {
    transcript.heard(1, 'Where is it?', true);
    transcript.stopped(1, true);
    transcript.heard(2, 'what is', false);
    transcript.stopped(2, true);
    transcript.heard(2, 'what is the', false);
    transcript.heard(3, 'What is the time?', true);
    expect(lines(transcript)).toEqual(['user 1: Where is it?', 'user 3: What is the time?']);
  });

  it('closes what was half heard of a stopped turn when it will not be heard again', () => {
    transcript.heard(1, 'what is', false);
    transcript.stopped(1);
    expect(lines(transcript)).toEqual(['user 1: what is']);
  });

  it('gives a turn only to the typed text that it is about, where that is known', () => {
    transcript.typed('Hello');
    transcript.turnBegan(1, 'What time is it?');
    expect(lines(transcript)).toEqual(['user ?: Hello']);
    transcript.turnBegan(2, 'Hello');
    expect(lines(transcript)).toEqual(['user 2: Hello']);
  });

  it('gives typed text its turn when the server takes it up', () => {
    transcript.typed('Hello');
    expect(lines(transcript)).toEqual(['user ?: Hello']);
    transcript.turnBegan(4);
    expect(lines(transcript)).toEqual(['user 4: Hello']);
  });

  it('shows typed text once when the server repeats it as a transcript, before or after the turn began', () => {
    transcript.typed('Hello');
    transcript.heard(1, 'Hello', true);
    transcript.turnBegan(1);
    transcript.typed('Again');
    transcript.turnBegan(2);
    transcript.heard(2, 'Again', true);
    expect(lines(transcript)).toEqual(['user 1: Hello', 'user 2: Again']);
  });

  it('puts typed text in the place of words half heard in the same turn', () => {
    transcript.heard(1, 'where is the', false);
    transcript.typed('Hello');
    transcript.turnBegan(1);
    expect(lines(transcript)).toEqual(['user 1: Hello']);
  });

  it('leaves waiting text alone when a spoken turn begins', () => {
    transcript.heard(1, 'Spoken.', true);
    transcript.typed('Typed');
    transcript.turnBegan(1);
    expect(lines(transcript)).toEqual(['user 1: Spoken.', 'user ?: Typed']);
    transcript.turnBegan(2);
    expect(lines(transcript)).toEqual(['user 1: Spoken.', 'user 2: Typed']);
  });

  it('takes up two typed texts in the order they were sent', () => {
    transcript.typed('one');
    transcript.typed('two');
    transcript.turnBegan(1);
    transcript.turnBegan(2);
    expect(lines(transcript)).toEqual(['user 1: one', 'user 2: two']);
  });

  it('keeps conversations apart, whose turns have the same numbers', () => {
    transcript.divide('Nothing above yet');
    transcript.replied(1, 'First', false, undefined);
    transcript.stopped(1);
    transcript.divide('New');
    transcript.divide('Newer');
    transcript.replied(1, 'Second', true, undefined);
    expect(lines(transcript)).toEqual(['assistant 1: First [stopped]', '--- New', 'assistant 1: Second']);
  });

  it('closes open lines when the conversation is over', () => {
    transcript.heard(1, 'where', false);
    transcript.replied(1, 'It', false, undefined);
    transcript.settle();
    expect(lines(transcript)).toEqual(['user 1: where', 'assistant 1: It [stopped]']);
  });

  it('lets old entries go', () => {
    for (let turn = 1; turn <= 600; turn++) transcript.heard(turn, `turn ${turn}`, true);
    expect(lines(transcript)).toHaveLength(500);
    expect(lines(transcript).at(-1)).toBe('user 600: turn 600');
  });

  it('is empty after clear', () => {
    transcript.heard(1, 'a', true);
    transcript.clear();
    expect(transcript.entries()).toEqual([]);
  });
});
