import fc from 'fast-check';
import type { EpisodeStore, EpisodeStoreErrorCode } from '../episode-store';
import type { Claim, Episode, EpisodeOutput, SegmentResult } from '../records';
import { sampleEpisode, sampleScript, sampleSegment, sampleShow } from './sample-records';

export interface EpisodeStoreHarness {
  /** Another server on the same database. */
  open(now: () => number): Promise<EpisodeStore>;
  close(): Promise<void>;
}

const LEASE_MS = 30_000;
const RESULT: SegmentResult = {
  cacheKey: 'a'.repeat(64),
  durationMs: 1234.5,
  billedCharacters: 7,
  cached: false,
  fallbacks: 1,
  alignment: { chars: ['H', 'i'], startMs: [0, 50.5], durationMs: [50.5, 60] },
};
const OUTPUT: EpisodeOutput = { durationMs: 3703.5, loudnessLufs: -16.1, truePeakDbtp: -1.7, bytesWav: 177_768, bytesMp3: 60_000 };
const ABSENT = '00000000-0000-4000-8000-000000000000';

/** Tests that every `EpisodeStore` must pass, whatever its database. */
export function describeEpisodeStoreContract(name: string, makeHarness: () => Promise<EpisodeStoreHarness>): void {
  describe(`EpisodeStore contract: ${name}`, () => {
    let harness: EpisodeStoreHarness;
    let store: EpisodeStore;
    let other: EpisodeStore;
    let nowMs = 0;
    const opened: EpisodeStore[] = [];

    beforeEach(async () => {
      nowMs = 1_800_000_000_000;
      harness = await makeHarness();
      store = await open();
      other = await open();
    });

    afterEach(async () => {
      await Promise.all(opened.splice(0).map((one) => one.close()));
      await harness.close();
    });

    async function open(): Promise<EpisodeStore> {
      const one = await harness.open(() => nowMs);
      opened.push(one);
      return one;
    }

    const failure = (code: EpisodeStoreErrorCode) => expect.objectContaining({ name: 'EpisodeStoreError', code });
    const claimAll = (owner: string, from = store) => from.claimSegments({ owner, leaseMs: LEASE_MS, limit: 100 });
    const claimAssembly = (owner: string, from = store) => from.claimAssembly({ owner, leaseMs: LEASE_MS });

    async function finishAll(one: EpisodeStore = store): Promise<void> {
      for (const { claim } of await claimAll('finisher', one)) await one.finishSegment(claim, RESULT);
    }

    async function completed(segments = 2): Promise<Episode> {
      const { id } = await store.createEpisode(sampleEpisode(segments));
      await finishAll();
      const assembly = await claimAssembly('finisher');
      if (!assembly) throw new Error('nothing to put together');
      await store.finishAssembly(assembly.claim, OUTPUT);
      const episode = await store.episode(id);
      if (!episode) throw new Error('no episode');
      return episode;
    }

    describe('shows', () => {
      it('are kept with all details, and seen by all servers', async () => {
        const show = await store.createShow(sampleShow);
        expect(show).toEqual({ ...sampleShow, id: expect.any(String), createdAtMs: nowMs, updatedAtMs: nowMs, episodes: 0 });
        expect(await other.show(show.id)).toEqual(show);
        expect(await store.show(ABSENT)).toBeUndefined();
      });

      it('are changed as a whole', async () => {
        const { id } = await store.createShow(sampleShow);
        nowMs += 5;
        const details = { title: 'T', description: 'D', author: 'A', language: 'de', imageUrl: 'https://example.com/a.png' };
        const changed = { ...details, id, createdAtMs: nowMs - 5, updatedAtMs: nowMs, episodes: 0 };
        expect(await store.updateShow(id, details)).toEqual(changed);
        expect(await other.show(id)).toEqual(changed);
        expect(await store.updateShow(ABSENT, details)).toBeUndefined();
      });

      it('leave their episodes when they are deleted', async () => {
        const { id: showId } = await store.createShow(sampleShow);
        const { id, version } = await store.createEpisode(sampleEpisode(1, { showId }));
        expect(await store.show(showId)).toMatchObject({ episodes: 1 });
        expect(await store.deleteShow(showId)).toBe(true);
        expect(await store.deleteShow(showId)).toBe(false);
        const episode = await store.episode(id);
        expect(episode?.showId).toBeUndefined();
        expect(episode?.version).toBeGreaterThan(version);
      });

      it('are listed page by page, the newest first', async () => {
        for (let i = 0; i < 5; i++) {
          await store.createShow({ ...sampleShow, title: String(i) });
          // Two of them at the same time.
          if (i !== 2) nowMs++;
        }
        const titles: string[] = [];
        let after: string | undefined;
        do {
          const page = await store.shows({ limit: 2, after });
          expect(page.items.length).toBeLessThanOrEqual(2);
          titles.push(...page.items.map(({ title }) => title));
          after = page.next;
        } while (after !== undefined);
        expect([...titles].sort()).toEqual(['0', '1', '2', '3', '4']);
        expect(titles[0]).toBe('4');
        expect(titles.slice(3)).toEqual(['1', '0']);
      });
    });

    describe('episodes', () => {
      it('are kept with all they consist of, and seen by all servers', async () => {
        const { id: showId } = await store.createShow(sampleShow);
        const { segments, ...content } = sampleEpisode(3, { showId });
        const episode = await store.createEpisode({ ...content, segments });
        expect(episode).toEqual({
          ...content,
          id: expect.any(String),
          status: 'queued',
          version: 1,
          createdAtMs: nowMs,
          updatedAtMs: nowMs,
          progress: expect.objectContaining({ total: 3, waiting: 3, claimed: 0, done: 0, failed: 0, durationMs: 0, billedCharacters: 0 }),
        });
        expect(await other.episode(episode.id)).toEqual(episode);
        const kept = await other.segments(episode.id);
        expect(kept).toEqual(
          segments.map((segment, index) => ({
            ...segment,
            id: expect.any(String),
            episodeId: episode.id,
            index,
            status: 'waiting',
            attempts: 0,
            version: 1,
          })),
        );
        expect(await other.segment(kept[1].id)).toEqual(kept[1]);
        expect(await other.segments(episode.id, { from: 1, limit: 1 })).toEqual([kept[1]]);
        expect(await store.episode(ABSENT)).toBeUndefined();
        expect(await store.segment(ABSENT)).toBeUndefined();
      });

      it('keep hundreds of segments in their order', async () => {
        const { id } = await store.createEpisode(sampleEpisode(250));
        const kept = await other.segments(id);
        expect(kept.map(({ index, text }) => [index, text])).toEqual(Array.from({ length: 250 }, (_, i) => [i, `Text ${i}.`]));
      });

      it('are refused without a segment or with an unknown show, and leave nothing', async () => {
        await expect(store.createEpisode(sampleEpisode(0))).rejects.toEqual(failure('no_segments'));
        await expect(store.createEpisode(sampleEpisode(1, { showId: ABSENT }))).rejects.toEqual(failure('unknown_show'));
        expect(await store.episodes()).toEqual({ items: [] });
      });

      it('are listed page by page, of a show or of a state, without their scripts', async () => {
        const { id: showId } = await store.createShow(sampleShow);
        for (let i = 0; i < 5; i++, nowMs++)
          await store.createEpisode(sampleEpisode(1, { title: String(i), ...(i % 2 ? { showId } : {}) }));
        const [newest] = (await store.episodes({ limit: 1 })).items;
        await store.cancelEpisode(newest.id);
        const titles = async (filter: Parameters<EpisodeStore['episodes']>[0]) =>
          (await other.episodes(filter)).items.map(({ title }) => title);
        expect(await titles({ showId })).toEqual(['3', '1']);
        expect(await titles({ status: 'queued' })).toEqual(['3', '2', '1', '0']);
        expect(await titles({ status: 'cancelled' })).toEqual(['4']);
        const first = await store.episodes({ limit: 3 });
        expect(await titles({ limit: 3, after: first.next })).toEqual(['1', '0']);
        expect(first.items[0]).toMatchObject({ progress: { total: 1, waiting: 1 } });
        expect(first.items[0]).not.toHaveProperty('script');
        await expect(store.episodes({ after: "x' OR 1=1" })).rejects.toEqual(failure('bad_page'));
      });

      it('are changed only by those who know their latest version, if they say which one they know', async () => {
        const { id, version } = await store.createEpisode(sampleEpisode());
        const changed = await store.updateEpisode(id, { title: 'New', description: null, pauses: { beforeChapterMs: 9 } }, version);
        expect(changed).toMatchObject({
          title: 'New',
          version: version + 1,
          pauses: { beforeChapterMs: 9 },
          script: sampleEpisode().script,
        });
        expect(changed).not.toHaveProperty('description');
        await expect(other.updateEpisode(id, { title: 'Other' }, version)).rejects.toEqual(failure('version_conflict'));
        expect(await store.episode(id)).toEqual(changed);
        expect(await other.updateEpisode(id, { title: 'Other' })).toMatchObject({ title: 'Other' });
        expect(await other.updateEpisode(ABSENT, { title: 'Other' })).toBeUndefined();
        await expect(other.updateEpisode(id, { showId: ABSENT })).rejects.toEqual(failure('unknown_show'));
      });

      it('take a new script with new segments, and name what is to be deleted', async () => {
        const { id } = await completed(2);
        const old = await store.segments(id);
        const replaced = await store.replaceScript(id, { ...sampleScript(), script: 'new', segments: [sampleSegment('new')] });
        expect(replaced?.removed).toEqual({ episodeId: id, segmentIds: old.map((segment) => segment.id), cacheKeys: [RESULT.cacheKey] });
        expect(replaced?.episode).toMatchObject({ status: 'queued', script: 'new', progress: { total: 1, waiting: 1 } });
        expect(await claimAll('a')).toMatchObject([{ text: 'new' }]);
        await expect(store.replaceScript(id, sampleScript(0))).rejects.toEqual(failure('no_segments'));
      });

      it('are deleted with their segments, and name what else is to be deleted', async () => {
        const { id } = await completed(2);
        const ids = (await store.segments(id)).map((segment) => segment.id);
        expect(await store.deleteEpisode(id)).toEqual({ episodeId: id, segmentIds: ids, cacheKeys: [RESULT.cacheKey] });
        expect(await other.episode(id)).toBeUndefined();
        expect(await other.segment(ids[0])).toBeUndefined();
        expect(await other.changes(id, 0)).toBeUndefined();
        expect(await other.deleteEpisode(id)).toBeUndefined();
      });
    });

    describe('claims of segments', () => {
      it('go to one server each, in order, and start the episode', async () => {
        const { id } = await store.createEpisode(sampleEpisode(3));
        const [first] = await store.claimSegments({ owner: 'a', leaseMs: LEASE_MS, limit: 1 });
        expect(first).toMatchObject({ index: 0, status: 'claimed', attempts: 1, claim: { owner: 'a', expiresAtMs: nowMs + LEASE_MS } });
        expect((await claimAll('b', other)).map(({ index }) => index)).toEqual([1, 2]);
        expect(await claimAll('c')).toEqual([]);
        expect(await store.episode(id)).toMatchObject({ status: 'rendering', startedAtMs: nowMs, progress: { claimed: 3 } });
      });

      it('go to one server each when many ask in the same moment', async () => {
        for (let i = 0; i < 3; i++) await store.createEpisode(sampleEpisode(8));
        const claimed: string[] = [];
        const work = async (one: EpisodeStore, owner: string): Promise<void> => {
          for (;;) {
            const segments = await one.claimSegments({ owner, leaseMs: LEASE_MS, limit: 2 });
            if (segments.length === 0) return;
            claimed.push(...segments.map(({ id }) => id));
            for (const { claim } of segments) expect(await one.finishSegment(claim, RESULT)).toBeDefined();
          }
        };
        await Promise.all([store, other, store, other, store, other].map((one, i) => work(one, `server ${i}`)));
        expect(claimed).toHaveLength(24);
        expect(new Set(claimed).size).toBe(24);
        expect((await store.episodes()).items.map(({ progress }) => progress.done)).toEqual([8, 8, 8]);
      });

      it('go by the age of the episodes, or to the one that is asked for', async () => {
        await store.createEpisode(sampleEpisode(1));
        nowMs++;
        const { id } = await store.createEpisode(sampleEpisode(2));
        const [asked] = await store.claimSegments({ owner: 'a', leaseMs: LEASE_MS, limit: 1, episodeId: id });
        expect(asked.episodeId).toBe(id);
        const [oldest] = await claimAll('a');
        expect(oldest.episodeId).not.toBe(id);
      });

      it('can be had for a certain segment, if it is free', async () => {
        const { id } = await store.createEpisode(sampleEpisode(2));
        const [, second] = await store.segments(id);
        const request = { owner: 'a', leaseMs: LEASE_MS };
        expect(await store.claimSegment(second.id, request)).toMatchObject({ id: second.id, claim: { owner: 'a' } });
        expect(await other.claimSegment(second.id, { ...request, owner: 'b' })).toBeUndefined();
        expect(await other.claimSegment(ABSENT, request)).toBeUndefined();
        expect(await store.episode(id)).toMatchObject({ status: 'rendering' });
      });

      it('of a killed server are taken over when their lease has ended, and not before', async () => {
        await store.createEpisode(sampleEpisode(2));
        const lost = await claimAll('killed');
        nowMs += LEASE_MS - 1;
        expect(await claimAll('b', other)).toEqual([]);
        nowMs += 1;
        const taken = await claimAll('b', other);
        expect(taken.map(({ id }) => id)).toEqual(lost.map(({ id }) => id));
        expect(taken[0]).toMatchObject({ attempts: 2, claim: { owner: 'b' } });
        expect(await store.finishSegment(lost[0].claim, RESULT)).toBeUndefined();
        expect(await store.failSegment(lost[0].claim, 'late', { retry: false })).toBeUndefined();
        expect(await store.releaseSegment(lost[0].claim)).toBeUndefined();
        expect(await other.segment(lost[0].id)).toEqual(taken[0]);
      });

      it('of the same server are told apart, so that a stalled worker does not end the claim of its successor', async () => {
        await store.createEpisode(sampleEpisode(1));
        const [stalled] = await claimAll('a');
        nowMs += LEASE_MS;
        const [successor] = await claimAll('a');
        expect(await store.finishSegment(stalled.claim, RESULT)).toBeUndefined();
        expect(await store.renewSegments([stalled.claim], LEASE_MS)).toEqual([]);
        expect(await store.finishSegment(successor.claim, RESULT)).toMatchObject({ status: 'done' });
      });

      it('hold on when they are renewed, and the lost ones are left out', async () => {
        const { id } = await store.createEpisode(sampleEpisode(2));
        const [first, second] = await claimAll('a');
        nowMs += LEASE_MS / 2;
        const { version } = (await store.episode(id)) as Episode;
        await store.releaseSegment(second.claim);
        const renewed = await store.renewSegments([first.claim, second.claim], LEASE_MS);
        expect(renewed).toEqual([{ ...first.claim, expiresAtMs: nowMs + LEASE_MS }]);
        expect((await store.episode(id))?.version).toBe(version + 1);
        nowMs += LEASE_MS - 1;
        expect((await claimAll('b', other)).map((segment) => segment.id)).toEqual([second.id]);
      });

      it('end with a result, which all servers see', async () => {
        const { id } = await store.createEpisode(sampleEpisode(2));
        const [first] = await claimAll('a');
        const { alignment, ...result } = RESULT;
        const finished = await store.finishSegment(first.claim, RESULT);
        expect(finished).toMatchObject({ ...result, status: 'done' });
        expect(finished).not.toHaveProperty('claim');
        expect(finished).not.toHaveProperty('alignment');
        expect(await other.alignment(first.id)).toEqual(alignment);
        expect(await other.segment(first.id)).toEqual(finished);
        expect((await other.episode(id))?.progress).toEqual({
          total: 2,
          waiting: 0,
          claimed: 1,
          done: 1,
          failed: 0,
          durationMs: RESULT.durationMs,
          billedCharacters: 7,
          cacheHits: 0,
          fallbacks: 1,
          retries: 0,
        });
        expect(await store.alignment((await store.segments(id))[1].id)).toBeUndefined();
      });

      it('end with a failure that is tried again, which counts', async () => {
        const { id } = await store.createEpisode(sampleEpisode(1));
        const [first] = await claimAll('a');
        expect(await store.failSegment(first.claim, 'vendor busy', { retry: true })).toMatchObject({
          status: 'waiting',
          error: 'vendor busy',
        });
        const [again] = await claimAll('b', other);
        expect(again).toMatchObject({ attempts: 2 });
        const finished = await other.finishSegment(again.claim, { ...RESULT, cached: true });
        expect(finished).not.toHaveProperty('error');
        expect((await store.episode(id))?.progress).toMatchObject({ retries: 1, cacheHits: 1 });
      });

      it('end with a failure for good, with which the episode fails, but the other segments keep their results', async () => {
        const { id } = await store.createEpisode(sampleEpisode(3));
        const [first, second] = await store.claimSegments({ owner: 'a', leaseMs: LEASE_MS, limit: 2 });
        await store.failSegment(first.claim, 'unknown voice', { retry: false });
        expect(await store.episode(id)).toMatchObject({ status: 'failed', error: 'unknown voice', progress: { failed: 1 } });
        expect(await claimAll('b', other)).toEqual([]);
        expect(await store.finishSegment(second.claim, RESULT)).toMatchObject({ status: 'done' });
        expect(await store.requeueEpisode(id)).toMatchObject({ status: 'queued', progress: { waiting: 2, done: 1, failed: 0 } });
        expect((await claimAll('b', other)).map(({ index, attempts }) => [index, attempts])).toEqual([
          [0, 1],
          [2, 1],
        ]);
      });

      it('are given back as if they had not been had', async () => {
        await store.createEpisode(sampleEpisode(1));
        const [first] = await claimAll('a');
        expect(await store.releaseSegment(first.claim)).toMatchObject({ status: 'waiting', attempts: 0 });
        expect(await claimAll('b', other)).toMatchObject([{ id: first.id, attempts: 1 }]);
      });
    });

    describe('cancelling', () => {
      it('takes all claims back and keeps what is finished', async () => {
        const { id } = await store.createEpisode(sampleEpisode(3));
        const [first, second] = await store.claimSegments({ owner: 'a', leaseMs: LEASE_MS, limit: 2 });
        await store.finishSegment(first.claim, RESULT);
        expect(await other.cancelEpisode(id)).toMatchObject({ status: 'cancelled', progress: { done: 1, waiting: 2 } });
        expect(await store.renewSegments([second.claim], LEASE_MS)).toEqual([]);
        expect(await store.finishSegment(second.claim, RESULT)).toBeUndefined();
        expect(await claimAll('b')).toEqual([]);
        expect(await claimAssembly('b')).toBeUndefined();
        expect(await store.requeueEpisode(id)).toMatchObject({ status: 'queued' });
        expect((await claimAll('b')).map(({ index }) => index)).toEqual([1, 2]);
      });

      it('takes the claim to put the episode together back', async () => {
        const { id } = await store.createEpisode(sampleEpisode(1));
        await finishAll();
        const assembly = await claimAssembly('a');
        await other.cancelEpisode(id);
        expect(assembly && (await store.finishAssembly(assembly.claim, OUTPUT))).toBeUndefined();
        expect(await store.episode(id)).toMatchObject({ status: 'cancelled' });
      });

      it('changes nothing about an episode that has ended', async () => {
        const episode = await completed();
        expect(await store.cancelEpisode(episode.id)).toMatchObject({ status: 'completed', version: episode.version });
        expect(await store.cancelEpisode(ABSENT)).toBeUndefined();
      });
    });

    describe('putting together', () => {
      it('begins when all segments are done, on one server', async () => {
        const { id } = await store.createEpisode(sampleEpisode(2));
        const [first, second] = await claimAll('a');
        await store.finishSegment(first.claim, RESULT);
        expect(await claimAssembly('a')).toBeUndefined();
        await store.finishSegment(second.claim, RESULT);
        const claims = await Promise.all([claimAssembly('a'), claimAssembly('b', other), claimAssembly('c'), claimAssembly('d', other)]);
        const [won, ...more] = claims.flatMap((claim) => claim ?? []);
        expect(more).toEqual([]);
        expect(won).toMatchObject({ episode: { id, status: 'assembling' }, claim: { id, expiresAtMs: nowMs + LEASE_MS } });
      });

      it('ends with the output', async () => {
        const { id } = await store.createEpisode(sampleEpisode(1));
        await finishAll();
        const { claim } = (await claimAssembly('a')) as { claim: Claim };
        const chapters = [{ title: 'Beginning', segment: 0, startMs: 0 }];
        const done = await store.finishAssembly(claim, OUTPUT, chapters);
        expect(done).toMatchObject({ status: 'completed', output: OUTPUT, chapters, script: sampleEpisode().script });
        expect(await other.episode(id)).toEqual(done);
        expect(await claimAssembly('b')).toBeUndefined();
        expect(await store.finishAssembly(claim, OUTPUT)).toBeUndefined();
      });

      it('of a killed server is taken over when its lease has ended', async () => {
        await store.createEpisode(sampleEpisode(1));
        await finishAll();
        const killed = (await claimAssembly('killed')) as { claim: Claim };
        nowMs += LEASE_MS - 1;
        expect(await claimAssembly('b', other)).toBeUndefined();
        const renewed = await store.renewAssembly(killed.claim, LEASE_MS);
        expect(renewed).toEqual({ ...killed.claim, expiresAtMs: nowMs + LEASE_MS });
        nowMs += LEASE_MS;
        expect(await claimAssembly('b', other)).toMatchObject({ claim: { owner: 'b' } });
        expect(await store.renewAssembly(killed.claim, LEASE_MS)).toBeUndefined();
        expect(await store.failAssembly(killed.claim, 'late')).toBeUndefined();
      });

      it('can fail or be given back', async () => {
        const { id } = await store.createEpisode(sampleEpisode(1));
        await finishAll();
        const first = (await claimAssembly('a')) as { claim: Claim };
        expect(await store.releaseAssembly(first.claim)).toMatchObject({ status: 'assembling' });
        const second = (await claimAssembly('b', other)) as { claim: Claim };
        expect(await other.failAssembly(second.claim, 'disk full')).toMatchObject({ status: 'failed', error: 'disk full' });
        expect(await store.requeueEpisode(id)).toMatchObject({ status: 'queued' });
        expect(await claimAssembly('a')).toMatchObject({ episode: { id } });
      });
    });

    describe('editing a segment', () => {
      it('renders that segment alone again, and the episode keeps its output until then', async () => {
        const { id } = await completed(3);
        const [, second] = await store.segments(id);
        const changed = await store.updateSegment(second.id, { text: 'Other words.', voiceId: 'parley-ray', model: undefined });
        expect(changed).toMatchObject({ text: 'Other words.', voiceId: 'parley-ray', model: 'eleven_v3', status: 'waiting', attempts: 0 });
        expect(changed).not.toHaveProperty('cacheKey');
        expect(await store.alignment(second.id)).toBeUndefined();
        expect(await other.episode(id)).toMatchObject({ status: 'queued', output: OUTPUT, progress: { done: 2, waiting: 1 } });
        expect((await claimAll('b', other)).map((segment) => segment.id)).toEqual([second.id]);
      });

      it('only puts the episode together again if nothing but the pause is different', async () => {
        const { id } = await completed(1);
        const [first] = await store.segments(id);
        expect(await store.updateSegment(first.id, { pauseBeforeMs: 5 })).toMatchObject({ pauseBeforeMs: 5, status: 'done' });
        expect(await claimAll('a')).toEqual([]);
        expect(await claimAssembly('a')).toMatchObject({ episode: { id } });
        expect(await store.updateSegment(ABSENT, { text: 'x' })).toBeUndefined();
      });

      it('tries a segment again that has failed, also when another one was edited', async () => {
        const { id } = await store.createEpisode(sampleEpisode(2));
        const [first, second] = await claimAll('a');
        await store.failSegment(first.claim, 'unknown voice', { retry: false });
        await store.updateSegment(second.id, { text: 'Other words.' });
        expect(await store.episode(id)).toMatchObject({ status: 'queued', progress: { waiting: 2 } });
        expect((await claimAll('b', other)).map(({ index }) => index)).toEqual([0, 1]);
      });

      it('takes a claim back, on the segment and on the episode', async () => {
        await store.createEpisode(sampleEpisode(1));
        const [claimed] = await claimAll('a');
        await other.updateSegment(claimed.id, { text: 'Other words.' });
        expect(await store.finishSegment(claimed.claim, RESULT)).toBeUndefined();
        await finishAll();
        const assembly = (await claimAssembly('a')) as { claim: Claim };
        await other.updateSegment(claimed.id, { text: 'Again.' });
        expect(await store.finishAssembly(assembly.claim, OUTPUT)).toBeUndefined();
      });
    });

    describe('changes', () => {
      it('are found by the version that is known', async () => {
        const { id, version } = await store.createEpisode(sampleEpisode(3));
        expect(await other.changes(id, version)).toMatchObject({ segments: [], isNewScript: false, episode: { version } });
        const [first, second] = await store.claimSegments({ owner: 'a', leaseMs: LEASE_MS, limit: 2 });
        const claimed = await other.changes(id, version);
        expect(claimed?.segments.map(({ index }) => index)).toEqual([0, 1]);
        await store.finishSegment(second.claim, RESULT);
        const finished = await other.changes(id, claimed?.episode.version ?? 0);
        expect(finished?.segments).toMatchObject([{ index: 1, status: 'done' }]);
        await store.finishSegment(first.claim, RESULT);
        expect((await other.changes(id, 0))?.segments).toHaveLength(3);
        await store.replaceScript(id, sampleScript(1));
        expect(await other.changes(id, finished?.episode.version ?? 0)).toMatchObject({ isNewScript: true, segments: [{ index: 0 }] });
      });

      it('are told to listeners once they are made, with rising versions, until they unsubscribe', async () => {
        const heard: [string, number][] = [];
        const end = store.onChange((episodeId, version) => heard.push([episodeId, version]));
        const { id } = await store.createEpisode(sampleEpisode(1));
        const [{ claim }] = await claimAll('a');
        await store.finishSegment(claim, RESULT);
        await expect(store.updateEpisode(id, { showId: ABSENT })).rejects.toEqual(failure('unknown_show'));
        expect(heard).toEqual([
          [id, 1],
          [id, 2],
          [id, 3],
        ]);
        end();
        await store.cancelEpisode(id);
        expect(heard).toHaveLength(3);
      });
    });

    it('gives a segment to one server at a time, and completes every episode, whatever the servers do at the same time', async () => {
      const action = fc.constantFrom(
        'claim',
        'finish',
        'retry',
        'fail',
        'release',
        'renew',
        'assemble',
        'edit',
        'cancel',
        'requeue',
        'lease ends',
      );
      const actions = fc.array(fc.record({ action, choice: fc.nat(1000) }), { minLength: 20, maxLength: 60 });
      await fc.assert(
        fc.asyncProperty(actions, actions, async (ofStore, ofOther) => {
          const ids = await Promise.all([2, 3].map(async (segments) => (await store.createEpisode(sampleEpisode(segments))).id));
          const segmentIds = (await Promise.all(ids.map((id) => store.segments(id)))).flat().map(({ id }) => id);
          await Promise.all([
            doActions(store, 'a', ofStore, ids, segmentIds),
            doActions(store, 'b', ofOther, ids, segmentIds),
            doActions(other, 'c', ofOther, ids, segmentIds),
          ]);
          nowMs += 2 * LEASE_MS;
          for (const id of ids) await store.requeueEpisode(id);
          for (const id of ids) {
            const segments = await other.claimSegments({ owner: 'd', leaseMs: LEASE_MS, limit: 10, episodeId: id });
            for (const { claim } of segments) expect(await other.finishSegment(claim, RESULT)).toBeDefined();
            const assembly = await other.claimAssembly({ owner: 'd', leaseMs: LEASE_MS, episodeId: id });
            if (assembly) expect(await other.finishAssembly(assembly.claim, OUTPUT)).toBeDefined();
            const episode = await store.episode(id);
            expect(episode).toMatchObject({ status: 'completed', progress: { waiting: 0, claimed: 0, failed: 0 } });
          }
        }),
        { seed: 20_261_130, numRuns: 8 },
      );
    });

    /** A server that does what it is told, with what it has claimed; claims that it has lost are part of that. */
    async function doActions(
      one: EpisodeStore,
      owner: string,
      actions: readonly { action: string; choice: number }[],
      episodeIds: readonly string[],
      segmentIds: readonly string[],
    ): Promise<void> {
      const claims: Claim[] = [];
      const request = { owner, leaseMs: LEASE_MS, limit: 2 };
      const ended = new Set<Claim>();
      for (const { action, choice } of actions) {
        const claim = claims[choice % Math.max(1, claims.length)];
        const episodeId = episodeIds[choice % episodeIds.length];
        if (action === 'claim') claims.push(...(await one.claimSegments(request)).map((segment) => segment.claim));
        if (action === 'edit') await one.updateSegment(segmentIds[choice % segmentIds.length], { text: `Edited ${choice}.` });
        if (action === 'cancel') await one.cancelEpisode(episodeId);
        if (action === 'requeue') await one.requeueEpisode(episodeId);
        if (action === 'lease ends') nowMs += LEASE_MS;
        if (action === 'assemble') {
          const assembly = await one.claimAssembly(request);
          if (assembly && choice % 2) await one.finishAssembly(assembly.claim, OUTPUT);
        }
        if (!claim) continue;
        if (action === 'renew') {
          const renewed = await one.renewSegments([claim], LEASE_MS);
          if (ended.has(claim)) expect(renewed).toEqual([]);
        }
        const end = {
          finish: () => one.finishSegment(claim, RESULT),
          retry: () => one.failSegment(claim, 'busy', { retry: true }),
          fail: () => one.failSegment(claim, 'broken', { retry: false }),
          release: () => one.releaseSegment(claim),
        }[action];
        if (!end) continue;
        const segment = await end();
        // A claim ends once.
        if (ended.has(claim)) expect(segment).toBeUndefined();
        ended.add(claim);
      }
    }

    it('has one id for all servers, which the first of them gives', async () => {
      const [mine, theirs] = await Promise.all([store.libraryId('mine'), other.libraryId('theirs')]);
      expect(['mine', 'theirs']).toContain(mine);
      expect(theirs).toBe(mine);
      expect(await (await open()).libraryId('late')).toBe(mine);
    });

    it('keeps everything after a restart', async () => {
      const episode = await completed(2);
      const segments = await store.segments(episode.id);
      await Promise.all(opened.splice(0).map((one) => one.close()));
      const again = await open();
      expect(await again.episode(episode.id)).toEqual(episode);
      expect(await again.segments(episode.id)).toEqual(segments);
    });
  });
}
