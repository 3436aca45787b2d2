/** An audio file being written: under its name only after `commit`. */
export interface SoundFile {
  write(pcm: Int16Array): Promise<void>;
  /** Ends the file and gives it its name. Resolves with its size in bytes. */
  commit(): Promise<number>;
  /** Deletes what was written, unless it was committed. */
  discard(): Promise<void>;
}

/** Writes one stream to several files. None of them gets its name when reading or writing fails. Resolves with their sizes in bytes. */
export async function writeSoundFiles(audio: AsyncIterable<Int16Array>, files: readonly SoundFile[]): Promise<number[]> {
  try {
    for await (const pcm of audio) for (const file of files) await file.write(pcm);
    const sizes: number[] = [];
    for (const file of files) sizes.push(await file.commit());
    return sizes;
  } catch (error) {
    await Promise.all(files.map((file) => file.discard()));
    throw error;
  }
}
