import { webmRecording } from '@parley/testing/client';
import * as fc from 'fast-check';
import { BlobSource, EncodedPacketSink, Input, WEBM } from 'mediabunny';
import {
  BEGUN,
  blockBody,
  claiming,
  element,
  endless,
  HEADER,
  OPUS,
  opusHead,
  SILENT_PACKET,
  simpleBlock,
  timestamp,
  track,
  tracks,
  uint,
} from '../../../testing/webm-bytes';
import { Id, RecordingError } from './ebml';
import { WebmDemuxer } from './webm-demuxer';

const join = (...parts: Uint8Array[]): Buffer => Buffer.concat(parts);
const packetsOf = (...chunks: Uint8Array[]): string[] => {
  const demuxer = new WebmDemuxer();
  return chunks.flatMap((chunk) => demuxer.push(chunk)).map(({ bytes }) => Buffer.from(bytes).toString('hex'));
};
/** A packet of 20 ms that can be recognised by its second byte. */
const packetOf = (mark: number): Buffer => Buffer.of(0xf8, mark, 0xfe);
const hexOf = (mark: number): string => packetOf(mark).toString('hex');

/** The packets that a chunk yields; none when it is refused. */
function pushed(demuxer: WebmDemuxer, chunk: Uint8Array): string[] {
  try {
    return demuxer.push(chunk).map(({ bytes }) => Buffer.from(bytes).toString('hex'));
  } catch (error) {
    expect(error).toBeInstanceOf(RecordingError);
    return [];
  }
}

const SILENCE = Buffer.from(SILENT_PACKET).toString('hex');
const segment = (...body: Uint8Array[]): Buffer => join(HEADER, endless(Id.segment, ...body));
const CHUNKS = webmRecording('clean-time');
const WHOLE = join(...CHUNKS);

/** The recording with all blocks in a single cluster, as a recorder writes it that does not know that it is read in chunks. */
function inOneCluster(chunks: readonly Uint8Array[]): { packets: string[]; chunks: Buffer[] } {
  const demuxer = new WebmDemuxer();
  let ticks = -60;
  const packets: string[] = [];
  const blocks = chunks.map((chunk) =>
    join(
      ...demuxer.push(chunk).map(({ bytes }) => {
        packets.push(Buffer.from(bytes).toString('hex'));
        return simpleBlock(bytes, (ticks += 60));
      }),
    ),
  );
  return { packets, chunks: [BEGUN, ...blocks] };
}

/** The packets as found by a library that reads the complete recording. */
async function packetsByLibrary(recording: Uint8Array<ArrayBuffer>): Promise<string[]> {
  const input = new Input({ source: new BlobSource(new Blob([recording])), formats: [WEBM] });
  const audio = await input.getPrimaryAudioTrack();
  if (!audio) throw new Error('the recording holds no audio');
  const packets: string[] = [];
  for await (const { data } of new EncodedPacketSink(audio).packets()) packets.push(Buffer.from(data).toString('hex'));
  return packets;
}

describe('WebmDemuxer', () => {
  it('finds the same packets in a browser’s recording as an independent library', async () => {
    const expected = await packetsByLibrary(new Uint8Array(WHOLE));
    expect(expected).toHaveLength(50);
    expect(packetsOf(...CHUNKS)).toEqual(expected);
  });

  it('finds the same packets however the recording is cut into chunks', () => {
    const expected = packetsOf(WHOLE);
    expect(packetsOf(...Array.from(WHOLE, (byte) => Uint8Array.of(byte)))).toEqual(expected);
    fc.assert(
      fc.property(fc.array(fc.nat(WHOLE.length), { maxLength: 40 }), (cuts) => {
        const places = [0, ...cuts.sort((a, b) => a - b), WHOLE.length];
        expect(packetsOf(...places.slice(1).map((end, index) => WHOLE.subarray(places[index], end)))).toEqual(expected);
      }),
      { numRuns: 200, seed: 3 },
    );
  });

  it('returns each packet with the chunk that completes it, in one cluster or in many', () => {
    for (const chunks of [CHUNKS, inOneCluster(CHUNKS).chunks]) {
      const demuxer = new WebmDemuxer();
      const counts = chunks.map((chunk) => demuxer.push(chunk).length);
      expect(demuxer.isComplete).toBe(true);
      // A chunk of 100 ms completes one or two packets of 60 ms.
      expect(counts.slice(1, -1).every((count) => count === 1 || count === 2)).toBe(true);
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(50);
    }
    const { packets, chunks } = inOneCluster(CHUNKS);
    expect(packetsOf(...chunks)).toEqual(packets);
  });

  it('reads packets from clusters and segments of known size and from block groups, and skips elements that it does not need', () => {
    const group = element(
      Id.blockGroup,
      element(0x9b, uint(20)),
      element(Id.block, blockBody(SILENT_PACKET, 20)),
      element(0x75a2, uint(1)),
    );
    const cluster = element(
      Id.cluster,
      element(Id.crc32, Buffer.alloc(4)),
      timestamp(0),
      element(Id.position, uint(9)),
      element(Id.prevSize, uint(9)),
      simpleBlock(SILENT_PACKET, 0),
      group,
      element(Id.void, Buffer.alloc(3_000)),
    );
    const info = element(Id.info, Buffer.alloc(40));
    const body = join(element(Id.seekHead, Buffer.alloc(20)), info, OPUS, cluster, element(Id.cues, Buffer.alloc(30)), cluster);
    expect(packetsOf(join(HEADER, element(Id.segment, body)))).toEqual([SILENCE, SILENCE, SILENCE, SILENCE]);
    const later = element(Id.cluster, timestamp(40), simpleBlock(SILENT_PACKET, -5), simpleBlock(SILENT_PACKET, 20));
    const ordered = join(
      info,
      OPUS,
      element(Id.void),
      cluster,
      element(Id.cues, Buffer.alloc(30)),
      later,
      element(Id.tags, Buffer.alloc(9)),
    );
    expect(packetsOf(join(HEADER, element(Id.void), element(Id.segment, ordered)))).toEqual([SILENCE, SILENCE, SILENCE, SILENCE]);
  });

  it('reads only the first track with Opus', () => {
    const two = tracks(track({ number: 1, codec: 'V_VP8', type: 1 }), track({ number: 2, head: opusHead({ preSkip: 312, channels: 2 }) }));
    const demuxer = new WebmDemuxer();
    const picture = simpleBlock(Buffer.alloc(500), 0, { trackNumber: 1 });
    const packets = demuxer.push(
      join(HEADER, endless(Id.segment, two, endless(Id.cluster, timestamp(0), picture, simpleBlock(SILENT_PACKET, 0, { trackNumber: 2 })))),
    );
    expect(packets).toEqual([{ bytes: Buffer.from(SILENT_PACKET), durationMs: 20, track: demuxer.track }]);
    expect(demuxer.track).toEqual({ number: 2, preSkip48k: 312 });
  });

  it('knows whether a recording ends in the middle of an element', () => {
    const demuxer = new WebmDemuxer();
    const complete = [demuxer.isComplete];
    for (const chunk of [HEADER, BEGUN.subarray(HEADER.length), simpleBlock(SILENT_PACKET), simpleBlock(SILENT_PACKET).subarray(0, 5)]) {
      demuxer.push(chunk);
      complete.push(demuxer.isComplete);
    }
    expect(complete).toEqual([false, false, true, true, false]);
  });

  const refused: [what: string, bytes: Uint8Array, code: string][] = [
    ['another kind of file', Buffer.from('RIFF, or so'), 'invalid_audio'],
    ['zero bytes', Buffer.alloc(50), 'invalid_audio'],
    ['a recording without its beginning', CHUNKS[3], 'invalid_audio'],
    ['an EBML document of another type', join(element(Id.ebml, element(Id.docType, Buffer.from('mp4?')))), 'unsupported_format'],
    ['a header that is far too long', claiming(Id.ebml, 2_000), 'invalid_audio'],
    ['a header of unknown size', endless(Id.ebml), 'invalid_audio'],
    ['tracks that are far too long', segment(claiming(Id.tracks, 20_000)), 'invalid_audio'],
    ['tracks of unknown size', segment(endless(Id.tracks)), 'invalid_audio'],
    ['tracks that appear twice', segment(OPUS, OPUS), 'invalid_audio'],
    ['a recording without an Opus track', segment(tracks(track({ codec: 'A_VORBIS' }))), 'unsupported_format'],
    ['a recording without tracks', segment(element(Id.tracks)), 'unsupported_format'],
    ['an Opus track without a header', segment(tracks(track())), 'unsupported_format'],
    ['an Opus track with six channels', segment(tracks(track({ head: opusHead({ channels: 6, family: 1 }) }))), 'unsupported_format'],
    ['an encrypted track', segment(tracks(track({ head: opusHead(), extra: element(Id.contentEncodings) }))), 'unsupported_format'],
    ['a cluster before the tracks', segment(endless(Id.cluster)), 'invalid_audio'],
    ['a cluster of an absurd size', segment(OPUS, claiming(Id.cluster, 2 ** 50)), 'invalid_audio'],
    ['a block outside a cluster', segment(OPUS, simpleBlock(SILENT_PACKET)), 'invalid_audio'],
    ['a block longer than its cluster', segment(OPUS, claiming(Id.cluster, 12, timestamp(0), simpleBlock(SILENT_PACKET))), 'invalid_audio'],
    [
      'a cluster longer than its segment',
      join(HEADER, claiming(Id.segment, OPUS.length + 20, OPUS, element(Id.cluster, Buffer.alloc(9)))),
      'invalid_audio',
    ],
    ['data after the end of the segment', join(HEADER, element(Id.segment, OPUS), element(Id.cues)), 'invalid_audio'],
    ['a block that is far too long', join(BEGUN, claiming(Id.simpleBlock, 8_000)), 'invalid_audio'],
    ['a block of unknown size', join(BEGUN, endless(Id.simpleBlock)), 'invalid_audio'],
    [
      'a block that does not fit into its group',
      join(BEGUN, element(Id.blockGroup, claiming(Id.block, 90, Buffer.alloc(3)))),
      'invalid_audio',
    ],
    ['a void element of unknown size', join(BEGUN, endless(Id.void)), 'invalid_audio'],
    ['a void element of a terabyte', join(BEGUN, claiming(Id.void, 2 ** 40)), 'invalid_audio'],
    ['an unknown element', join(BEGUN, element(0x4abc, Buffer.alloc(3))), 'invalid_audio'],
    ['thousands of empty elements', join(BEGUN, ...new Array<Uint8Array>(2_000).fill(Uint8Array.of(Id.void, 0x80))), 'invalid_audio'],
    [
      'thousands of empty elements in groups',
      join(BEGUN, ...new Array<Uint8Array>(3).fill(element(Id.blockGroup, Buffer.from('ec80'.repeat(700), 'hex')))),
      'invalid_audio',
    ],
    ['an element without a size', join(BEGUN, Uint8Array.of(Id.void, 0)), 'invalid_audio'],
  ];
  it.each(refused)('refuses %s', (_what, bytes, code) => {
    let thrown: unknown;
    try {
      packetsOf(bytes);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(RecordingError);
    expect(thrown).toMatchObject({ code, message: expect.stringMatching(/\w/) });
  });

  it('notices that chunks arrive in the wrong order, and returns no packet twice', () => {
    const said = packetsOf(WHOLE);
    for (let index = 1; index < CHUNKS.length - 1; index++) {
      const swapped = [...CHUNKS];
      [swapped[index], swapped[index + 1]] = [swapped[index + 1], swapped[index]];
      const demuxer = new WebmDemuxer();
      const heard = swapped.flatMap((chunk) => pushed(demuxer, chunk));
      expect(demuxer.disorders + demuxer.damages).toBeGreaterThan(0);
      expect(heard.length).toBeLessThanOrEqual(said.length);
      expect(said).toEqual(expect.arrayContaining(heard));
    }
  });

  describe('returns packets in the order in which they arrive, with', () => {
    const at = (ticks: number, mark: number) => simpleBlock(packetOf(mark), ticks);
    const cluster = (ticks: number, ...body: Uint8Array[]) => endless(Id.cluster, timestamp(ticks), ...body);

    it.each<[string, Buffer, disorders: number]>([
      ['a time that is 1 ms before the previous one', join(BEGUN, at(20, 1), at(19, 2), at(40, 3)), 0],
      ['times that go back a long way', join(BEGUN, at(500, 1), at(20, 2), at(40, 3)), 1],
      ['gaps between the times', join(BEGUN, at(0, 1), at(20_000, 2), at(30_000, 3)), 0],
      ['clusters that go back in time', segment(OPUS, cluster(9_000, at(0, 1)), cluster(0, at(0, 2)), cluster(100, at(0, 3))), 1],
      ['clusters without a time', segment(OPUS, endless(Id.cluster, at(0, 1), at(20, 2), at(40, 3))), 0],
      ['void elements in between', join(BEGUN, at(0, 1), element(Id.void, Buffer.alloc(9)), at(20, 2), element(Id.void), at(40, 3)), 0],
    ])('%s', (_what, bytes, disorders) => {
      const demuxer = new WebmDemuxer();
      expect(pushed(demuxer, bytes)).toEqual([1, 2, 3].map(hexOf));
      expect(demuxer.disorders).toBe(disorders);
    });
  });

  describe('reads blocks of several packets with', () => {
    const [short, long] = [packetOf(1), Buffer.concat([packetOf(2), Buffer.alloc(300, 7)])];
    const laced = (flags: number, ...body: Uint8Array[]) => join(BEGUN, simpleBlock(Buffer.concat(body), 0, { flags }));
    const hex = (packet: Uint8Array) => Buffer.from(packet).toString('hex');

    it.each<[string, Buffer, Uint8Array[]]>([
      ['Xiph lacing', laced(0x82, Buffer.from([2, 255, 48, 3]), long, short, short), [long, short, short]],
      ['EBML lacing', laced(0x86, Buffer.from([2, 0x83, 0x61, 0x2b]), short, long, short), [short, long, short]],
      ['fixed-size lacing', laced(0x84, Buffer.from([2]), short, short, short), [short, short, short]],
    ])('%s', (_what, bytes, packets) => {
      expect(packetsOf(bytes)).toEqual(packets.map(hex));
    });
  });

  describe('leaves out only', () => {
    const framed = (bad: Uint8Array) => join(BEGUN, simpleBlock(packetOf(1)), bad, simpleBlock(packetOf(2), 20));

    it.each<[string, Uint8Array]>([
      ['a block without content', element(Id.simpleBlock)],
      ['a block without its packet', simpleBlock(new Uint8Array(0))],
      ['a block with an incomplete header', element(Id.simpleBlock, Buffer.from([0x81, 0]))],
      ['a packet that is not Opus', simpleBlock(Uint8Array.of(0xff))],
      ['a packet that is too long for the decoder', simpleBlock(Buffer.concat([Uint8Array.of(0xfb, 4), Buffer.alloc(4 * 962)]))],
      ['lacing without packets', simpleBlock(new Uint8Array(0), 0, { flags: 0x82 })],
      ['lacing that claims more bytes than the block has', simpleBlock(Uint8Array.of(3, 200, 200, 200), 0, { flags: 0x82 })],
      ['lacing with negative sizes', simpleBlock(Uint8Array.of(2, 0x81, 0x80, 0), 0, { flags: 0x86 })],
      ['fixed-size lacing whose size does not divide the block', simpleBlock(Uint8Array.of(2, 1, 2), 0, { flags: 0x84 })],
    ])('%s', (_what, bad) => {
      const demuxer = new WebmDemuxer();
      const packets = demuxer.push(framed(bad)).map(({ bytes }) => Buffer.from(bytes).toString('hex'));
      expect(packets).toEqual([hexOf(1), hexOf(2)]);
      expect(demuxer.damages).toBe(1);
    });

    it.each<[string, Uint8Array]>([
      ['bytes that are not an element', Buffer.from('damage')],
      ['a block that is far too long', claiming(Id.simpleBlock, 8_000)],
      ['a void element of a terabyte', claiming(Id.void, 2 ** 40)],
    ])('everything up to the next cluster after %s', (_what, bad) => {
      const next = endless(Id.cluster, timestamp(60), simpleBlock(packetOf(3)));
      const bytes = join(framed(bad), next);
      expect(packetsOf(bytes)).toEqual([hexOf(1), hexOf(3)]);
      const demuxer = new WebmDemuxer();
      expect([...bytes].flatMap((byte) => pushed(demuxer, Uint8Array.of(byte)))).toEqual([hexOf(1), hexOf(3)]);
    });
  });

  describe('continues with', () => {
    const second = tracks(track({ head: opusHead({ preSkip: 312 }) }));
    const body = (opus: Uint8Array, mark: number) => [opus, element(Id.cluster, timestamp(0), simpleBlock(packetOf(mark)))];

    it.each<[string, Buffer]>([
      ['another recording', join(BEGUN, simpleBlock(packetOf(1)), HEADER, endless(Id.segment, ...body(second, 2)))],
      [
        'another recording after a segment of known size',
        join(HEADER, element(Id.segment, ...body(OPUS, 1)), HEADER, element(Id.segment, ...body(second, 2))),
      ],
      ['another segment', join(HEADER, element(Id.segment, ...body(OPUS, 1)), element(Id.segment, ...body(second, 2)))],
      [
        'another segment after one of unknown size',
        join(HEADER, endless(Id.segment, ...body(OPUS, 1)), endless(Id.segment, ...body(second, 2))),
      ],
    ])('%s', (_what, bytes) => {
      const packets = new WebmDemuxer().push(bytes);
      expect(packets.map(({ bytes: packet }) => Buffer.from(packet).toString('hex'))).toEqual([hexOf(1), hexOf(2)]);
      expect(packets.map(({ track: { preSkip48k } }) => preSkip48k)).toEqual([0, 312]);
      expect(packetsOf(...Array.from(bytes, (byte) => Uint8Array.of(byte)))).toEqual([hexOf(1), hexOf(2)]);
    });
  });

  it('survives any damage without buffering more than its limit', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(WHOLE.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 }), fc.nat(500), (damage, cut) => {
        const bytes = Buffer.from(WHOLE);
        for (const [at, value] of damage) bytes[at] = value;
        const demuxer = new WebmDemuxer();
        let mostKept = 0;
        try {
          for (let at = 0; at < bytes.length; at += cut + 1) {
            demuxer.push(bytes.subarray(at, at + cut + 1));
            mostKept = Math.max(mostKept, demuxer.keptBytes);
          }
        } catch (error) {
          expect(error).toBeInstanceOf(RecordingError);
        }
        expect(mostKept).toBeLessThan(16_400);
      }),
      { numRuns: 500, seed: 5 },
    );
  });
});
