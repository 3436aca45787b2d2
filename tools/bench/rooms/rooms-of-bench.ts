import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { RoomsUnderTest } from '@parley/rooms/testing';
import { PinnedProcess, PINNABLE } from '../capacity/pinned-process';
import { BENCH_CORE, SERVER_CORE } from '../capacity/pinned-server';

export interface RoomsOfBenchOptions {
  readonly workers: number;
  readonly frameMs: number;
}

const ROOM_SLOTS = '64';

/**
 * All programs of rooms: the workers on a core of their own, all on the same one; everything else, with the vendors in a process of their own,
 * shares the other with the bench. The vendors neither recognise nor synthesise, which would cost more than everything that is measured. The
 * caller must stop it.
 */
export class RoomsOfBench {
  private constructor(
    readonly rooms: RoomsUnderTest,
    private readonly vendors: PinnedProcess,
  ) {}

  static async start({ workers, frameMs }: RoomsOfBenchOptions): Promise<RoomsOfBench> {
    const vendors = await PinnedProcess.start({
      script: resolve('tools/run-ts.mjs'),
      args: [resolve('tools/bench/capacity/vendors.ts')],
      core: BENCH_CORE,
      ready: [/^sarvam (\S+)/, /^openai (\S+)/, /^elevenlabs (\S+)/],
    });
    const [sarvam = '', openai = '', elevenLabs = ''] = vendors.found;
    const env = {
      ...{ SARVAM_BASE_URL: sarvam, OPENAI_BASE_URL: openai, ELEVENLABS_BASE_URL: elevenLabs },
      ...{ ROOM_WORKER_SLOTS: ROOM_SLOTS, ROOM_WORKER_FRAME_MS: String(frameMs) },
    };
    try {
      const rooms = await RoomsUnderTest.start({ workers, env });
      for (const { pid } of rooms.workers) pin(pid);
      return new RoomsOfBench(rooms, vendors);
    } catch (error) {
      await vendors.stop();
      throw error;
    }
  }

  async stop(): Promise<void> {
    await this.rooms.stop();
    await this.vendors.stop();
  }
}

/** With all threads that it has. Those that it starts later follow. */
function pin(pid: number): void {
  if (PINNABLE) spawnSync('taskset', ['-a', '-c', '-p', String(SERVER_CORE), String(pid)]);
}
