import { Module } from '@nestjs/common';
import { VENDORS, type Vendors } from '../../providers/vendors';
import { VendorsModule } from '../../providers/vendors.module';
import { LANGUAGE_MODEL } from './language-model.token';
import { LlmStream } from './llm.stream';

/** The language model: the vendor's adapter, and the stream of each connection. */
@Module({
  imports: [VendorsModule],
  providers: [{ provide: LANGUAGE_MODEL, inject: [VENDORS], useFactory: (vendors: Vendors) => vendors.llm.port }, LlmStream],
  exports: [LANGUAGE_MODEL, LlmStream],
})
export class LlmModule {}
