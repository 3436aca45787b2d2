import { FRAME_SAMPLES } from '@parley/protocol';

/** The caller and sequence number that a frame of the bench carries in its first two samples. */
export interface FrameMark {
  caller: number;
  seq: number;
}

/** Sequence numbers start again here: they must fit into a sample. */
export const MARKS = 20_000;

/** A frame of 20 ms, silent except for its mark. */
export function markedFrame({ caller, seq }: FrameMark): Buffer {
  const frame = Buffer.alloc(FRAME_SAMPLES * 2);
  frame.writeInt16LE(caller, 0);
  frame.writeInt16LE(seq, 2);
  return frame;
}

/** The mark of a frame; `undefined` for silence that nobody marked. */
export function markOf(frame: Buffer): FrameMark | undefined {
  const [caller, seq] = [frame.readInt16LE(0), frame.readInt16LE(2)];
  return caller === 0 ? undefined : { caller, seq };
}
