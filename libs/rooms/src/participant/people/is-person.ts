import { type Participant, ParticipantKind } from '@livekit/rtc-node';

/** Whether this participant is somebody who speaks and listens, and no assistant and no recording. */
export const isPerson = ({ kind }: Pick<Participant, 'kind'>): boolean => kind !== ParticipantKind.AGENT && kind !== ParticipantKind.EGRESS;
