import * as fc from 'fast-check';
import { ReplyText } from './reply-text';

function read(pieces: readonly string[], startsInThought = false): string {
  const reply = new ReplyText(startsInThought);
  return pieces.map((piece) => reply.push(piece)).join('') + reply.end();
}

const CASES: readonly (readonly [name: string, text: string, spoken: string])[] = [
  ['a thought before the reply', '<think>\nThe user wants the sum.\n</think>\n\nIt is twelve.', 'It is twelve.'],
  ['an empty thought', '<think></think>It is twelve.', 'It is twelve.'],
  ['an empty thought on lines of its own', '<think>\n\n</think>\n\nIt is twelve.', 'It is twelve.'],
  ['thoughts only', '<think>The user', ''],
  ['a thought in the middle', 'It is <think>seven and five</think> twelve.', 'It is twelve.'],
  ['a thought between sentences', 'Let me see.<think>seven and five</think>It is twelve.', 'Let me see. It is twelve.'],
  ['a thought before a full stop', 'It is twelve<think>yes</think>.', 'It is twelve.'],
  ['a thought that is not closed', 'It is twelve.<think>Or is it', 'It is twelve.'],
  ['a thought on a new line that is not closed', 'It is twelve.\n<think>\nOr is it', 'It is twelve.\n'],
  ['a thought behind white space', ' \n<think>seven and five</think>\nIt is twelve.', 'It is twelve.'],
  ['white space only', ' \n ', ' \n '],
  ['several thoughts', '<think>a</think>It <think>b</think>is <think>c</think>twelve.', 'It is twelve.'],
  ['a thought that quotes', '<think>He said "seven"</think>It is twelve.', 'It is twelve.'],
  ['a thought that names its own mark', '<think>Is <think> meant?</think>It is twelve.', 'It is twelve.'],
  ['other names', '<thinking>a</thinking>It <reasoning>b</reasoning>is <thought>c</thought>twelve.', 'It is twelve.'],
  ['a namespace', '<seed:think>a</seed:think>It is twelve.', 'It is twelve.'],
  ['brackets', '[THINK]seven[/THINK]It is twelve.', 'It is twelve.'],
  ['triangles', '◁think▷seven◁/think▷It is twelve.', 'It is twelve.'],
  [
    'thoughts between control tokens',
    '<|START_THINKING|>a<|END_THINKING|><|START_RESPONSE|>It is twelve.<|END_RESPONSE|>',
    'It is twelve.',
  ],
  [
    'channels',
    '<|channel|>analysis<|message|>Seven and five.<|end|><|start|>assistant<|channel|>final<|message|>It is twelve.<|return|>',
    'It is twelve.',
  ],
  ['a channel for thoughts', '<|channel>thought\nSeven and five.<channel|>It is twelve.', 'It is twelve.'],
  ['the end of a message', 'It is twelve.<|im_end|>', 'It is twelve.'],
  ['another end of a message', 'It is twelve.<|eot_id|>', 'It is twelve.'],
  ['wide bars', 'It is twelve.<｜end▁of▁sentence｜>', 'It is twelve.'],
  ['a short end', 'It is twelve.</s>', 'It is twelve.'],
  ['a turn’s end', 'It is twelve.<end_of_turn>\n', 'It is twelve.\n'],
  ['a token in the middle', 'It is<|im_end|> twelve.', 'It is twelve.'],
  ['a token behind a quotation', 'She said "twelve"<|im_end|>', 'She said "twelve"'],
  ['the head of the message', '<|im_start|>assistant\nIt is twelve.<|im_end|>', 'It is twelve.'],
  ['the head of the message in three tokens', '<|start_header_id|>assistant<|end_header_id|>\n\nIt is twelve.<|eot_id|>', 'It is twelve.'],
  ['a role', '<|assistant|>\nIt is twelve.<|end|>', 'It is twelve.'],
  [
    'the user’s next message',
    'It is twelve.<|im_end|>\n<|im_start|>user\nAnd six?<|im_end|>\n<|im_start|>assistant\nOne',
    'It is twelve.\n',
  ],
  ['the user’s next turn', 'It is twelve.<end_of_turn>\n<start_of_turn>user\nAnd six?', 'It is twelve.\n'],
  ['the user’s role', 'It is twelve.<｜User｜>And six?', 'It is twelve.'],
  ['a beginning of a tag', 'Write <think and close it.', 'Write <think and close it.'],
  ['a beginning of a tag at the end', 'Write <think', 'Write <think'],
  ['signs of order', 'x < y, x <y and 2 <3 > 1', 'x < y, x <y and 2 <3 > 1'],
  ['another tag', 'git clone <repository>, <b>now</b>', 'git clone <repository>, <b>now</b>'],
  ['pipes', 'a <| b |> c, P(A|B)', 'a <| b |> c, P(A|B)'],
  ['brackets with words', '[T] is [THIS] and [INSERT name]', '[T] is [THIS] and [INSERT name]'],
  ['a tag in code', 'Models write `<think>` and `</think>` around it.', 'Models write `<think>` and `</think>` around it.'],
  ['a token in quotes', 'It ends with "<|im_end|>" then.', 'It ends with "<|im_end|>" then.'],
  ['a tag that is spoken of', 'Use the <think> tag for it.', 'Use the <think> tag for it.'],
  ['struck-out text', 'It is <s>ten</s> twelve.', 'It is <s>ten</s> twelve.'],
  ['white space of its own', ' It is\n\ntwelve. ', ' It is\n\ntwelve. '],
];

describe('the text of a reply', () => {
  it.each(CASES)('is known: %s', (_name, text, spoken) => {
    expect(read([text])).toBe(spoken);
  });

  it.each(CASES)('is known in single characters: %s', (_name, text, spoken) => {
    expect(read([...text])).toBe(spoken);
  });

  it('does not depend on how it was cut', () => {
    fc.assert(
      fc.property(fc.constantFrom(...CASES), fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }), ([, text, spoken], lengths) => {
        const pieces: string[] = [];
        for (let from = 0, index = 0; from < text.length; index += 1) {
          const to = from + (lengths[index % lengths.length] ?? 1);
          pieces.push(text.slice(from, to));
          from = to;
        }
        expect(read(pieces)).toBe(spoken);
      }),
      { seed: 20_261_130, numRuns: 400 },
    );
  });

  it('is all of any text without marks, whatever it is cut into', () => {
    const text = fc.string({
      unit: fc.oneof(fc.constantFrom('<', '>', '|', '/', '[', ']', 't', 's', ' ', '\n'), fc.constantFrom(...'थिπ中')),
    });
    fc.assert(
      fc.property(fc.array(text), (pieces) => {
        const whole = pieces.join('');
        fc.pre(!/<[|｜][^\s<>|｜]+[|｜]>|<\/s>\s*$/u.test(whole));
        expect(read(pieces)).toBe(whole);
      }),
      { seed: 20_261_130, numRuns: 500 },
    );
  });

  it('passes on what cannot be a mark at once', () => {
    const reply = new ReplyText(false);
    expect(reply.push('It is <')).toBe('It is ');
    expect(reply.push('b')).toBe('<b');
    expect(reply.push(' or <thin')).toBe(' or ');
    expect(reply.push('g')).toBe('<thing');
  });

  it('ends where the model begins to play the user', () => {
    const reply = new ReplyText(false);
    reply.push('It is twelve.<|im_start|>assistant');
    expect(reply.isOver).toBe(false);
    reply.push('\n<|im_start|>user\n');
    expect(reply.isOver).toBe(true);
  });

  describe('from a server that leaves out the mark that opens the thoughts', () => {
    it('is known by the end of the thoughts', () => {
      const reply = new ReplyText(false);
      expect(reply.push('Seven and five.\n</think>\n\nIt is twelve.')).toBe('Seven and five.\nIt is twelve.');
      expect(reply.endedUnopened).toBe(true);
    });

    it.each([
      ['from then on', 'Seven and five.\n</think>\n\nIt is twelve.', 'It is twelve.'],
      ['where the mark is there after all', '<think>Seven and five.</think>It is twelve.', 'It is twelve.'],
      ['where there are no thoughts', 'It is <b>twelve</b>.', 'It is <b>twelve</b>.'],
    ])('is the rest, %s', (_name, text, spoken) => {
      expect(read([text], true)).toBe(spoken);
      expect(read([...text], true)).toBe(spoken);
    });
  });
});
