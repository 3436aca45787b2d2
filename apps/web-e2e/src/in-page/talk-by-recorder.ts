/** The result of a conversation held by a page without the product's own code. */
export interface RecordedTalk {
  /** The MIME type that the recorder reports. */
  mimeType: string;
  /** The sizes of the chunks in bytes, in the order they were sent. */
  chunkBytes: number[];
  closeCode: number;
}

/**
 * Runs in the page, by itself: a conversation over a plain WebSocket, its microphone recorded by MediaRecorder in chunks of 100 ms of WebM.
 * Where the endpoint starts it by itself, it is not asked for. Ends the conversation when what was said has been answered in full; resolves
 * when the server has closed the connection.
 */
export async function talkByRecorder({ url, startsItself }: { url: string; startsItself: boolean }): Promise<RecordedTalk> {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  const recorder = new MediaRecorder(stream, { mimeType: 'audio/webm;codecs=opus' });
  const socket = new WebSocket(url);
  const chunkBytes: number[] = [];

  const sendChunk = async (blob: Blob): Promise<void> => {
    const bytes = new Uint8Array(await blob.arrayBuffer());
    if (bytes.length === 0 || socket.readyState !== WebSocket.OPEN) return;
    chunkBytes.push(bytes.length);
    socket.send(JSON.stringify({ type: 'audio_chunk', format: recorder.mimeType, data: btoa(String.fromCharCode(...bytes)) }));
  };
  let sent = Promise.resolve();
  // One after the other, because reading a blob takes time.
  recorder.ondataavailable = ({ data }) => (sent = sent.then(() => sendChunk(data)));

  if (!startsItself) socket.onopen = () => socket.send(JSON.stringify({ type: 'start_conversation', audio_transport: 'json' }));
  let wasHeard = false;
  let hasAnswer = false;
  socket.onmessage = ({ data }) => {
    const message = JSON.parse(String(data)) as { type: string; is_final?: boolean };
    if (message.type === 'conversation_started') recorder.start(100);
    wasHeard ||= message.type === 'transcript' && message.is_final === true;
    hasAnswer ||= wasHeard && message.type === 'text_response' && message.is_final === true;
    if (hasAnswer && message.type === 'audio_response' && message.is_final) socket.send(JSON.stringify({ type: 'end_conversation' }));
  };
  const closeCode = await new Promise<number>((resolve) => (socket.onclose = ({ code }) => resolve(code)));
  if (recorder.state !== 'inactive') recorder.stop();
  for (const track of stream.getTracks()) track.stop();
  return { mimeType: recorder.mimeType, chunkBytes, closeCode };
}
