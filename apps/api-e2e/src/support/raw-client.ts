/** The client at the TCP level, which the abuse suite has in common with these tests. */
export { frame, type FrameOptions, Opcode, RawClient, type RawResponse, type UpgradeOptions, upgradeRequest } from '@parley/testing/client';
