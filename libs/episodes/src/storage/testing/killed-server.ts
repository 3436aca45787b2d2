/** Program of the spec about killed servers: changes the records without end. Says on stdout when it has begun. */
import { openPostgresEpisodeStore, openSqliteEpisodeStore } from '../open-episode-store';
import { sampleEpisode, sampleScript } from './sample-records';

async function main([, , type, address, segments]: string[]): Promise<void> {
  const store = type === 'sqlite' ? openSqliteEpisodeStore({ path: address }) : await openPostgresEpisodeStore({ url: address });
  for (let made = 0; ; made++) {
    const { id } = await store.createEpisode(sampleEpisode(Number(segments)));
    const claimed = await store.claimSegments({ owner: 'killed', leaseMs: 60_000, limit: 2, episodeId: id });
    await store.finishSegment(claimed[0].claim, { durationMs: 1, billedCharacters: 1, cached: false });
    await store.replaceScript(id, sampleScript(Number(segments)));
    if (made === 2) process.stdout.write('changing\n');
  }
}

void main(process.argv);
