import { Module } from '@nestjs/common';
import { VENDORS, type Vendors } from '../../providers/vendors';
import { VendorsModule } from '../../providers/vendors.module';
import { SPEECH_TO_TEXT } from './speech-to-text.token';
import { SttStream } from './stt.stream';

/** Speech recognition: the vendor's adapter, and the stream of each connection. */
@Module({
  imports: [VendorsModule],
  providers: [{ provide: SPEECH_TO_TEXT, inject: [VENDORS], useFactory: (vendors: Vendors) => vendors.stt.port }, SttStream],
  exports: [SPEECH_TO_TEXT, SttStream],
})
export class SttModule {}
