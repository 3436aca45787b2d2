import { Module } from '@nestjs/common';
import { SharedAudioCache } from './shared-audio-cache';

/** Provides the one audio cache of this server. */
@Module({ providers: [SharedAudioCache], exports: [SharedAudioCache] })
export class AudioCacheModule {}
