import { APIError } from 'openai';
import { collect } from '../testing/collect';
import { chatEvents } from './chat-events';

const encoder = new TextEncoder();

/** Returns a response whose body arrives in these pieces. */
function answer(pieces: readonly (string | Uint8Array)[]): Response {
  const chunks = pieces.map((piece) => (typeof piece === 'string' ? encoder.encode(piece) : piece));
  return new Response(
    new ReadableStream<Uint8Array>({
      start(controller) {
        for (const chunk of chunks) controller.enqueue(chunk);
        controller.close();
      },
    }),
  );
}

const read = (...pieces: (string | Uint8Array)[]) => collect(chatEvents(answer(pieces)));
const inBytes = (text: string): Uint8Array[] => [...encoder.encode(text)].map((byte) => Uint8Array.of(byte));

describe('chatEvents', () => {
  const TWO = [{ id: 1, text: 'नमस्ते' }, { id: 2 }, 'done'];

  it.each([
    ['line feeds between lines', 'data: {"id":1,"text":"नमस्ते"}\n\ndata: {"id":2}\n\ndata: [DONE]\n\n'],
    ['carriage returns and line feeds between lines', 'data: {"id":1,"text":"नमस्ते"}\r\n\r\ndata: {"id":2}\r\n\r\ndata: [DONE]\r\n\r\n'],
    ['carriage returns between lines', 'data: {"id":1,"text":"नमस्ते"}\r\rdata: {"id":2}\r\rdata: [DONE]\r\r'],
    ['comments', ': hello\n\ndata: {"id":1,"text":"नमस्ते"}\n: keep-alive\n\n\n: x\ndata: {"id":2}\n\ndata: [DONE]\n\n'],
    ['empty data', 'data:\n\ndata: \n\ndata: {"id":1,"text":"नमस्ते"}\n\ndata:\n\ndata: {"id":2}\n\ndata: [DONE]\n\n'],
    ['no space after the colon', 'data:{"id":1,"text":"नमस्ते"}\n\ndata:{"id":2}\n\ndata:[DONE]\n\n'],
    [
      'other fields between the data',
      'event: message\nid: 7\ndata: {"id":1,"text":"नमस्ते"}\n\nretry: 10\ndata: {"id":2}\n\ndata: [DONE]\n\n',
    ],
    ['data spread over several lines', 'data: {"id":1,\ndata: "text":"नमस्ते"}\n\ndata: {"id":2}\n\ndata: [DONE]\n\n'],
    ['no blank lines between events', 'data: {"id":1,"text":"नमस्ते"}\ndata: {"id":2}\ndata: [DONE]\n'],
    ['no line break after the last line', 'data: {"id":1,"text":"नमस्ते"}\n\ndata: {"id":2}\n\ndata: [DONE]'],
    [
      'data that is not an object',
      'data: null\n\ndata: {"id":1,"text":"नमस्ते"}\n\ndata: 3\n\ndata: {"id":2}\n\ndata: "x"\n\ndata: [DONE]\n\n',
    ],
    ['a byte order mark', '\ufeffdata: {"id":1,"text":"नमस्ते"}\n\ndata: {"id":2}\n\ndata: [DONE]\n\n'],
  ])('reads a stream with %s, whether it arrives at once or byte by byte', async (_name, text) => {
    expect(await read(text)).toEqual(TWO);
    expect(await read(...inBytes(text))).toEqual(TWO);
  });

  it('ends at the server’s end marker and ignores what follows', async () => {
    expect(await read('data: [DONE]\n\ndata: {"id":1}\n\n')).toEqual(['done']);
  });

  it('reports no end marker if the server sent none', async () => {
    expect(await read('data: {"id":1}\n\n')).toEqual([{ id: 1 }]);
    expect(await read()).toEqual([]);
  });

  it('yields one event if the server does not stream', async () => {
    const text = ' \n{"choices":[{"message":{"content":"नमस्ते"}}]}\n';
    const events = [{ choices: [{ message: { content: 'नमस्ते' } }] }, 'done'];
    expect(await read(text)).toEqual(events);
    expect(await read(...inBytes(text))).toEqual(events);
  });

  it.each([
    ['an event of the stream', 'data: {"id":\n\n'],
    ['an answer that is not streamed', '{"id":'],
  ])('throws if it receives invalid JSON as %s', async (_name, text) => {
    await expect(read(text)).rejects.toThrow(SyntaxError);
  });

  it.each([
    ['an object in the field error', 'data: {"error":{"message":"m","code":400}}\n\ndata: [DONE]\n\n', { message: 'm', code: 400 }],
    ['a string in the field error', 'data: {"error":"m"}\n\n', { message: 'm' }],
    [
      'an event that is an error object',
      'data: {"object":"error","message":"m","code":400}\n\n',
      { object: 'error', message: 'm', code: 400 },
    ],
    ['an event named error', 'event: error\ndata: {"message":"m"}\n\n', { message: 'm' }],
    ['the field detail', 'data: {"detail":"m"}\n\n', { detail: 'm' }],
    ['an error object beside choices', 'data: {"choices":[],"error":{"message":"m"}}\n\n', { message: 'm' }],
    ['an error object in an answer that is not streamed', '{"error":{"message":"m"}}', { message: 'm' }],
  ])('throws an error that the server sends as %s', async (_name, text, error) => {
    const thrown = await read(text).catch((caught: unknown) => caught);
    expect(thrown).toBeInstanceOf(APIError);
    expect(thrown).toMatchObject({ status: undefined, error });
  });

  it.each(['null', 'false', '""'])('treats an event whose error is %s as no error', async (error) => {
    expect(await read(`data: {"id":1,"error":${error}}\n\n`)).toHaveLength(1);
  });
});
