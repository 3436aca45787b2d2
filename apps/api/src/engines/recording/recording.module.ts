import { Module } from '@nestjs/common';
import { Recordings } from './recordings';

/** Journals of sessions, on request only. */
@Module({ providers: [Recordings], exports: [Recordings] })
export class RecordingModule {}
