import { Transcript } from './transcript';

/** A summary of the transcript: role, turn and text of each line, with marks for lines that are unfinished or were interrupted. */
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

  it('replaces partial transcripts by the final one in a single line', () => {
    transcript.heard(1, 'where', false);
    const [first] = transcript.entries();
    transcript.heard(1, 'where is', false);
    expect(lines(transcript)).toEqual(['user 1: where is …']);
    transcript.heard(1, 'Where is it?', true);
    expect(lines(transcript)).toEqual(['user 1: Where is it?']);
    expect(transcript.entries()[0]?.id).toBe(first?.id);
  });

  it('shows nothing for an empty transcript, and removes partial words when the final transcript is empty', () => {
    transcript.heard(1, '', false);
    expect(lines(transcript)).toEqual([]);
    transcript.heard(1, 'uh', false);
    transcript.heard(1, '', true);
    expect(lines(transcript)).toEqual([]);
  });

  it('joins the pieces of a reply, and lets the final piece correct the whole text', () => {
    transcript.replied(1, 'It ', false, undefined);
    transcript.replied(1, 'is ', false, undefined);
    expect(lines(transcript)).toEqual(['assistant 1: It is  …']);
    transcript.replied(1, 'here.', true, 'It is here.');
    expect(lines(transcript)).toEqual(['assistant 1: It is here.']);
  });

  it('appends a final piece that does not contain the whole text', () => {
    transcript.replied(1, 'It is ', false, undefined);
    transcript.replied(1, 'here.', true, undefined);
    expect(lines(transcript)).toEqual(['assistant 1: It is here.']);
  });

  it('puts a late transcript before the reply to it', () => {
    transcript.replied(1, 'Yes.', true, undefined);
    transcript.heard(1, 'Is it?', true);
    expect(lines(transcript)).toEqual(['user 1: Is it?', 'assistant 1: Yes.']);
  });

  it('marks an interrupted reply and adds nothing to it, nor to an interrupted reply that had not begun', () => {
    transcript.replied(1, 'It is', false, undefined);
    transcript.stopped(1);
    transcript.replied(1, ' here.', true, 'It is here.');
    transcript.stopped(2);
    transcript.replied(2, 'Never shown', false, undefined);
    transcript.replied(3, 'Shown', false, undefined);
    expect(lines(transcript)).toEqual(['assistant 1: It is [stopped]', 'assistant 3: Shown …']);
  });

  it('keeps an interrupted reply unchanged when its complete text arrives late', () => {
    transcript.replied(1, 'It is', false, undefined);
    transcript.stopped(1);
    transcript.replied(1, '', true, 'It is');
    transcript.replied(1, ' n', false, undefined);
    expect(lines(transcript)).toEqual(['assistant 1: It is [stopped]']);
  });

  it('replaces an interrupted reply by the part that was heard, even when the ellipsis makes that longer', () => {
    transcript.replied(1, 'Hi. It is sunny.', true, 'Hi. It is sunny.');
    transcript.stopped(1);
    transcript.heard(2, 'Wait.', true);
    transcript.replied(1, '', true, 'Hi. It is sunn…');
    transcript.replied(1, '', true, 'Hi. It is sunny. And …');
    expect(lines(transcript)).toEqual(['assistant 1: Hi. It is sunny. And … [stopped]', 'user 2: Wait.']);
  });

  it('keeps the words of an interrupted reply of which nothing was heard, and marks them as unheard', () => {
    transcript.replied(1, 'It is sunny.', true, undefined);
    transcript.stopped(1);
    transcript.replied(1, '', true, '');
    expect(transcript.entries()).toEqual([expect.objectContaining({ text: 'It is sunny.', heardLength: 0, interrupted: true })]);
  });

  it('shows a reply that continues after a final text as one reply', () => {
    transcript.replied(1, 'Let me look.', true, 'Let me look.');
    transcript.replied(1, 'It is', false, undefined);
    expect(lines(transcript)).toEqual(['assistant 1: Let me look. It is …']);
    transcript.replied(1, ' noon.', true, 'Let me look. It is noon.');
    expect(lines(transcript)).toEqual(['assistant 1: Let me look. It is noon.']);
    transcript.replied(1, ' Bye.', true, 'Let me look. It is noon. Bye.');
    expect(lines(transcript)).toEqual(['assistant 1: Let me look. It is noon. Bye.']);
  });

  it('records how much of a reply was heard until its text is corrected', () => {
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

  it('accepts a later correction of a final transcript', () => {
    transcript.heard(1, 'Where is it', true);
    transcript.heard(1, 'Where is he?', true);
    expect(lines(transcript)).toEqual(['user 1: Where is he?']);
  });

  it('removes the partial transcript of an interrupted turn that will be transcribed again, and keeps the other lines', () => {
    transcript.heard(1, 'Where is it?', true);
    transcript.stopped(1, true);
    transcript.heard(2, 'what is', false);
    transcript.stopped(2, true);
    transcript.heard(2, 'what is the', false);
    transcript.heard(3, 'What is the time?', true);
    expect(lines(transcript)).toEqual(['user 1: Where is it?', 'user 3: What is the time?']);
  });

  it('completes the partial transcript of an interrupted turn that will not be transcribed again', () => {
    transcript.heard(1, 'what is', false);
    transcript.stopped(1);
    expect(lines(transcript)).toEqual(['user 1: what is']);
  });

  it('assigns a turn only to the typed text that it answers, when that text is known', () => {
    transcript.typed('Hello');
    transcript.turnBegan(1, 'What time is it?');
    expect(lines(transcript)).toEqual(['user ?: Hello']);
    transcript.turnBegan(2, 'Hello');
    expect(lines(transcript)).toEqual(['user 2: Hello']);
  });

  it('assigns a turn to typed text when the server starts to answer it', () => {
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

  it('replaces the partial transcript of a turn by the text that was typed in the same turn', () => {
    transcript.heard(1, 'where is the', false);
    transcript.typed('Hello');
    transcript.turnBegan(1);
    expect(lines(transcript)).toEqual(['user 1: Hello']);
  });

  it('leaves waiting typed text unchanged when a spoken turn begins', () => {
    transcript.heard(1, 'Spoken.', true);
    transcript.typed('Typed');
    transcript.turnBegan(1);
    expect(lines(transcript)).toEqual(['user 1: Spoken.', 'user ?: Typed']);
    transcript.turnBegan(2);
    expect(lines(transcript)).toEqual(['user 1: Spoken.', 'user 2: Typed']);
  });

  it('assigns turns to two typed texts in the order in which they were sent', () => {
    transcript.typed('one');
    transcript.typed('two');
    transcript.turnBegan(1);
    transcript.turnBegan(2);
    expect(lines(transcript)).toEqual(['user 1: one', 'user 2: two']);
  });

  it('keeps conversations apart although their turns have the same numbers', () => {
    transcript.divide('Nothing above yet');
    transcript.replied(1, 'First', false, undefined);
    transcript.stopped(1);
    transcript.divide('New');
    transcript.divide('Newer');
    transcript.replied(1, 'Second', true, undefined);
    expect(lines(transcript)).toEqual(['assistant 1: First [stopped]', '--- New', 'assistant 1: Second']);
  });

  it('completes unfinished lines when the conversation ends', () => {
    transcript.heard(1, 'where', false);
    transcript.replied(1, 'It', false, undefined);
    transcript.settle();
    expect(lines(transcript)).toEqual(['user 1: where', 'assistant 1: It [stopped]']);
  });

  it('removes the oldest entries when there are too many', () => {
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
