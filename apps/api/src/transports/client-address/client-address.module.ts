import { Module } from '@nestjs/common';
import { ClientAddress } from './client-address';

/** Tells from where requests come. */
@Module({ providers: [ClientAddress], exports: [ClientAddress] })
export class ClientAddressModule {}
