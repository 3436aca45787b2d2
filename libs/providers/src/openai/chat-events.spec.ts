import { APIError } from 'openai';
import { collect } from '../testing/collect';
import { chatEvents } from './chat-events';

const encoder = new TextEncoder();

/** An answer whose body comes in these pieces. */
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

describe('the events of a chat answer', () => {
  const TWO = [{ id: 1, text: 'नमस्ते' }, { id: 2 }, 'done'];

  it.each([
    ['line feeds', 'data: {"id":1,"text":"नमस्ते"}\n\ndata: {"id":2}\n\ndata: [DONE]\n\n'],
    ['carriage returns and line feeds', 'data: {"id":1,"text":"नमस्ते"}\r\n\r\ndata: {"id":2}\r\n\r\ndata: [DONE]\r\n\r\n'],
    ['carriage returns', 'data: {"id":1,"text":"नमस्ते"}\r\rdata: {"id":2}\r\rdata: [DONE]\r\r'],
    ['comments', ': hello\n\ndata: {"id":1,"text":"नमस्ते"}\n: keep-alive\n\n\n: x\ndata: {"id":2}\n\ndata: [DONE]\n\n'],
    ['empty data', 'data:\n\ndata: \n\ndata: {"id":1,"text":"नमस्ते"}\n\ndata:\n\ndata: {"id":2}\n\ndata: [DONE]\n\n'],
    ['no space behind the colon', 'data:{"id":1,"text":"नमस्ते"}\n\ndata:{"id":2}\n\ndata:[DONE]\n\n'],
    ['other fields', 'event: message\nid: 7\ndata: {"id":1,"text":"नमस्ते"}\n\nretry: 10\ndata: {"id":2}\n\ndata: [DONE]\n\n'],
    ['data in several lines', 'data: {"id":1,\ndata: "text":"नमस्ते"}\n\ndata: {"id":2}\n\ndata: [DONE]\n\n'],
    ['no blank lines', 'data: {"id":1,"text":"नमस्ते"}\ndata: {"id":2}\ndata: [DONE]\n'],
    ['no end of the last line', 'data: {"id":1,"text":"नमस्ते"}\n\ndata: {"id":2}\n\ndata: [DONE]'],
    ['data that is no object', 'data: null\n\ndata: {"id":1,"text":"नमस्ते"}\n\ndata: 3\n\ndata: {"id":2}\n\ndata: "x"\n\ndata: [DONE]\n\n'],
    ['a mark of the byte order', '\ufeffdata: {"id":1,"text":"नमस्ते"}\n\ndata: {"id":2}\n\ndata: [DONE]\n\n'],
  ])('are read with %s, at once and byte by byte', async (_name, text) => {
    expect(await read(text)).toEqual(TWO);
    expect(await read(...inBytes(text))).toEqual(TWO);
  });

  it('end with the server’s word for it, whatever follows', async () => {
    expect(await read('data: [DONE]\n\ndata: {"id":1}\n\n')).toEqual(['done']);
  });

  it('have no such word where the server left it out', async () => {
    expect(await read('data: {"id":1}\n\n')).toEqual([{ id: 1 }]);
    expect(await read()).toEqual([]);
  });

  it('are one where the server does not stream', async () => {
    const text = ' \n{"choices":[{"message":{"content":"नमस्ते"}}]}\n';
    const events = [{ choices: [{ message: { content: 'नमस्ते' } }] }, 'done'];
    expect(await read(text)).toEqual(events);
    expect(await read(...inBytes(text))).toEqual(events);
  });

  it.each([
    ['an event', 'data: {"id":\n\n'],
    ['a whole answer', '{"id":'],
  ])('that are not JSON: %s', async (_name, text) => {
    await expect(read(text)).rejects.toThrow(SyntaxError);
  });

  it.each([
    ['an object', 'data: {"error":{"message":"m","code":400}}\n\ndata: [DONE]\n\n', { message: 'm', code: 400 }],
    ['a text', 'data: {"error":"m"}\n\n', { message: 'm' }],
    ['the event itself', 'data: {"object":"error","message":"m","code":400}\n\n', { object: 'error', message: 'm', code: 400 }],
    ['the event’s name', 'event: error\ndata: {"message":"m"}\n\n', { message: 'm' }],
    ['a detail', 'data: {"detail":"m"}\n\n', { detail: 'm' }],
    ['beside choices', 'data: {"choices":[],"error":{"message":"m"}}\n\n', { message: 'm' }],
    ['in a whole answer', '{"error":{"message":"m"}}', { message: 'm' }],
  ])('that are errors, in %s, are thrown', async (_name, text, error) => {
    const thrown = await read(text).catch((caught: unknown) => caught);
    expect(thrown).toBeInstanceOf(APIError);
    expect(thrown).toMatchObject({ status: undefined, error });
  });

  it.each(['null', 'false', '""'])('that have an error of %s are none', async (error) => {
    expect(await read(`data: {"id":1,"error":${error}}\n\n`)).toHaveLength(1);
  });
});
