import * as fc from 'fast-check';
import { ReplyText } from './reply-text';

function read(pieces: readonly string[], startsInThought = false): string {
  const reply = new ReplyText(startsInThought);
  return pieces.map((piece) => reply.push(piece)).join('') + reply.end();
}

const CASES: readonly (readonly [name: string, text: string, spoken: string])[] = [
  ['reasoning before the reply', '<think>\nThe user wants the sum.\n</think>\n\nIt is twelve.', 'It is twelve.'],
  ['empty reasoning', '<think></think>It is twelve.', 'It is twelve.'],
  ['empty reasoning on lines of its own', '<think>\n\n</think>\n\nIt is twelve.', 'It is twelve.'],
  ['reasoning only', '<think>The user', ''],
  ['reasoning in the middle of a sentence', 'It is <think>seven and five</think> twelve.', 'It is twelve.'],
  ['reasoning between sentences', 'Let me see.<think>seven and five</think>It is twelve.', 'Let me see. It is twelve.'],
  ['reasoning before a full stop', 'It is twelve<think>yes</think>.', 'It is twelve.'],
  ['reasoning whose tag is not closed', 'It is twelve.<think>Or is it', 'It is twelve.'],
  ['reasoning on a new line whose tag is not closed', 'It is twelve.\n<think>\nOr is it', 'It is twelve.\n'],
  ['reasoning after white space', ' \n<think>seven and five</think>\nIt is twelve.', 'It is twelve.'],
  ['white space only', ' \n ', ' \n '],
  ['several pieces of reasoning', '<think>a</think>It <think>b</think>is <think>c</think>twelve.', 'It is twelve.'],
  ['reasoning that contains a quotation', '<think>He said "seven"</think>It is twelve.', 'It is twelve.'],
  ['reasoning that mentions its own tag', '<think>Is <think> meant?</think>It is twelve.', 'It is twelve.'],
  ['tags with other names', '<thinking>a</thinking>It <reasoning>b</reasoning>is <thought>c</thought>twelve.', 'It is twelve.'],
  ['a tag with a namespace', '<seed:think>a</seed:think>It is twelve.', 'It is twelve.'],
  ['tags in square brackets', '[THINK]seven[/THINK]It is twelve.', 'It is twelve.'],
  ['tags in triangles', '◁think▷seven◁/think▷It is twelve.', 'It is twelve.'],
  [
    'reasoning between control tokens',
    '<|START_THINKING|>a<|END_THINKING|><|START_RESPONSE|>It is twelve.<|END_RESPONSE|>',
    'It is twelve.',
  ],
  [
    'several channels',
    '<|channel|>analysis<|message|>Seven and five.<|end|><|start|>assistant<|channel|>final<|message|>It is twelve.<|return|>',
    'It is twelve.',
  ],
  ['a channel for reasoning', '<|channel>thought\nSeven and five.<channel|>It is twelve.', 'It is twelve.'],
  ['a token that ends a message', 'It is twelve.<|im_end|>', 'It is twelve.'],
  ['another token that ends a message', 'It is twelve.<|eot_id|>', 'It is twelve.'],
  ['a token with wide bars', 'It is twelve.<｜end▁of▁sentence｜>', 'It is twelve.'],
  ['a short end tag', 'It is twelve.</s>', 'It is twelve.'],
  ['a token that ends a turn', 'It is twelve.<end_of_turn>\n', 'It is twelve.\n'],
  ['a control token in the middle of a sentence', 'It is<|im_end|> twelve.', 'It is twelve.'],
  ['a control token after a quotation', 'She said "twelve"<|im_end|>', 'She said "twelve"'],
  ['the header of a message', '<|im_start|>assistant\nIt is twelve.<|im_end|>', 'It is twelve.'],
  ['the header of a message in three tokens', '<|start_header_id|>assistant<|end_header_id|>\n\nIt is twelve.<|eot_id|>', 'It is twelve.'],
  ['a token for the role', '<|assistant|>\nIt is twelve.<|end|>', 'It is twelve.'],
  [
    'an invented next message of the user',
    'It is twelve.<|im_end|>\n<|im_start|>user\nAnd six?<|im_end|>\n<|im_start|>assistant\nOne',
    'It is twelve.\n',
  ],
  ['an invented next turn of the user', 'It is twelve.<end_of_turn>\n<start_of_turn>user\nAnd six?', 'It is twelve.\n'],
  ['a token for the user’s role', 'It is twelve.<｜User｜>And six?', 'It is twelve.'],
  ['an incomplete tag', 'Write <think and close it.', 'Write <think and close it.'],
  ['an incomplete tag at the end', 'Write <think', 'Write <think'],
  ['comparison signs', 'x < y, x <y and 2 <3 > 1', 'x < y, x <y and 2 <3 > 1'],
  ['tags with another meaning', 'git clone <repository>, <b>now</b>', 'git clone <repository>, <b>now</b>'],
  ['pipe characters', 'a <| b |> c, P(A|B)', 'a <| b |> c, P(A|B)'],
  ['words in square brackets', '[T] is [THIS] and [INSERT name]', '[T] is [THIS] and [INSERT name]'],
  ['tags in code', 'Models write `<think>` and `</think>` around it.', 'Models write `<think>` and `</think>` around it.'],
  ['a control token in quotation marks', 'It ends with "<|im_end|>" then.', 'It ends with "<|im_end|>" then.'],
  ['a tag that the text talks about', 'Use the <think> tag for it.', 'Use the <think> tag for it.'],
  ['text in strikethrough tags', 'It is <s>ten</s> twelve.', 'It is <s>ten</s> twelve.'],
  ['white space that belongs to the text', ' It is\n\ntwelve. ', ' It is\n\ntwelve. '],
];

describe('ReplyText', () => {
  it.each(CASES)('finds the text of a reply with %s', (_name, text, spoken) => {
    expect(read([text])).toBe(spoken);
  });

  it.each(CASES)('finds the text of a reply that arrives character by character with %s', (_name, text, spoken) => {
    expect(read([...text])).toBe(spoken);
  });

  it('finds the same text however the reply is cut into pieces', () => {
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

  it('passes on all of a text that contains no tags, however it is cut into pieces', () => {
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

  it('passes on at once any text that cannot be part of a tag', () => {
    const reply = new ReplyText(false);
    expect(reply.push('It is <')).toBe('It is ');
    expect(reply.push('b')).toBe('<b');
    expect(reply.push(' or <thin')).toBe(' or ');
    expect(reply.push('g')).toBe('<thing');
  });

  it('ends where the model begins to write the user’s next message', () => {
    const reply = new ReplyText(false);
    reply.push('It is twelve.<|im_start|>assistant');
    expect(reply.isOver).toBe(false);
    reply.push('\n<|im_start|>user\n');
    expect(reply.isOver).toBe(true);
  });

  describe('with a server that leaves out the tag that opens the reasoning', () => {
    it('recognises such a server by the closing tag', () => {
      const reply = new ReplyText(false);
      expect(reply.push('Seven and five.\n</think>\n\nIt is twelve.')).toBe('Seven and five.\nIt is twelve.');
      expect(reply.endedUnopened).toBe(true);
    });

    it.each([
      ['when the opening tag is missing', 'Seven and five.\n</think>\n\nIt is twelve.', 'It is twelve.'],
      ['when the opening tag is there after all', '<think>Seven and five.</think>It is twelve.', 'It is twelve.'],
      ['when there is no reasoning', 'It is <b>twelve</b>.', 'It is <b>twelve</b>.'],
    ])('passes on only the text after the reasoning %s', (_name, text, spoken) => {
      expect(read([text], true)).toBe(spoken);
      expect(read([...text], true)).toBe(spoken);
    });
  });
});
