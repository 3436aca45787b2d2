import { randomUUID } from 'node:crypto';
import { constants, createReadStream, createWriteStream } from 'node:fs';
import { access, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { CommandLineError, type Output } from './command-line';

/** Finds out before anything is paid for whether the files can be written. Throws `CommandLineError`. */
export async function checkWritable(outputs: readonly Output[]): Promise<void> {
  for (const { path } of outputs) {
    const folder = dirname(path);
    await access(folder, constants.W_OK).catch(() => {
      throw new CommandLineError(`${path} cannot be written: the folder ${folder} does not exist or is protected`);
    });
    const found = await stat(path).catch(() => undefined);
    if (found?.isDirectory()) throw new CommandLineError(`${path} is a folder`);
  }
}

/** Copies what a file holds, not its protection. Under its new name the file is always complete. */
export async function copyWhole(from: string, to: string): Promise<void> {
  const pending = `${to}.${randomUUID()}.part`;
  try {
    await pipeline(createReadStream(from), createWriteStream(pending, { flags: 'wx', flush: true }));
    await rename(pending, to);
  } catch (error) {
    await rm(pending, { force: true });
    throw error;
  }
}
