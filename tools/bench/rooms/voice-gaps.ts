import type { TestPerson } from '@parley/rooms/testing';

/** Samples of voices as people's clients have counted them. */
export interface Concealment {
  /** Those that did not arrive in time and were made up. */
  readonly concealed: number;
  readonly total: number;
}

/**
 * The times between one frame of an assistant's voice and the next, as the client of the listener gives them (10 ms each). It makes up what
 * does not arrive in time, so these gaps alone say nothing about the way: `concealmentOf` does.
 */
export function voiceGapsMs(people: readonly TestPerson[], fromMs: number, toMs: number): number[] {
  return people.flatMap((person) => {
    const times = (person.voice()?.frames ?? []).map(({ atMs }) => atMs).filter((atMs) => atMs >= fromMs && atMs < toMs);
    return times.slice(1).map((atMs, index) => atMs - (times[index] ?? atMs));
  });
}

/** Of all voices that these people receive. Silence that was made up does not count. */
export async function concealmentOf(people: readonly TestPerson[]): Promise<Concealment> {
  const reports = await Promise.all(people.map(({ room }) => room.getRtcStats()));
  const counted = reports.flatMap(({ publisherStats, subscriberStats }) =>
    [...publisherStats, ...subscriberStats].flatMap(({ stats }) => (stats.case === 'inboundRtp' ? (stats.value.inbound ?? []) : [])),
  );
  return counted.reduce(
    (sum, { concealedSamples = 0n, silentConcealedSamples = 0n, totalSamplesReceived = 0n }) => ({
      concealed: sum.concealed + Number(concealedSamples - silentConcealedSamples),
      total: sum.total + Number(totalSamplesReceived),
    }),
    { concealed: 0, total: 0 },
  );
}
