import { WsAdapter } from '@nestjs/platform-ws';

/**
 * Leaves a socket's messages to the gateway, which binds its own listeners. The stock adapter parses every frame as JSON, binary ones too,
 * and throws for each: twice the CPU per frame.
 */
export class RawWsAdapter extends WsAdapter {
  // eslint-disable-next-line @typescript-eslint/no-empty-function -- nothing to bind is the point
  override bindMessageHandlers(): void {}
}
