/** The bodies of requests about rooms as classes that class-validator checks. A field is accepted when it is decorated here. */
import { IsBoolean, IsIn, IsOptional, Matches, MaxLength } from 'class-validator';
import { ENGINES } from '../../wire/client-messages';
import type { JoinRoom } from '../../wire/rooms/room-api';
import { IsLanguageTag } from '../language-tag';
import { LANGUAGE_RULE, oneOf, VOICE_ID, VOICE_ID_RULE } from '../shared-rules';
import { IsParticipantIdentity, IsRoomName, IsShownName } from './room-names';

const MAX_TOKEN_LENGTH = 4_096;
const TOKEN = /^[\w-]+\.[\w-]+\.[\w-]+$/;
const TOKEN_RULE = { message: '$property must be a token for a room' };

export class JoinRoomDto implements JoinRoom {
  @IsOptional()
  @IsRoomName()
  room?: string;

  @IsParticipantIdentity()
  identity!: string;

  @IsOptional()
  @IsShownName()
  name?: string;

  @IsOptional()
  @IsIn(ENGINES, oneOf(ENGINES))
  engine?: (typeof ENGINES)[number];

  @IsOptional()
  @IsLanguageTag(LANGUAGE_RULE)
  language?: string;

  @IsOptional()
  @Matches(VOICE_ID, VOICE_ID_RULE)
  voice_id?: string;

  @IsOptional()
  @IsBoolean({ message: '$property must be true or false' })
  only_when_addressed?: boolean;

  @IsOptional()
  @Matches(TOKEN, TOKEN_RULE)
  @MaxLength(MAX_TOKEN_LENGTH, TOKEN_RULE)
  previous_token?: string;
}
