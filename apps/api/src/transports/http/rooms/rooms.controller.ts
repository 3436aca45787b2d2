import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Req, Res, UseGuards } from '@nestjs/common';
import type { RoomAccess, RoomIngress, RoomList, RoomParticipants, RoomRecording } from '@parley/protocol';
import { isParticipantIdentity, isRoomName, parseJoinRoom } from '@parley/protocol/validation';
import { RoomControlError } from '@parley/rooms';
import { type Settings, SETTINGS } from '@parley/server';
import { RoomMetrics } from '../../../rooms/room-metrics';
import { Rooms } from '../../../rooms/rooms';
import { StartGuard } from '../../limits/start.guard';
import { ClientChoices } from '../../websocket/client-choices';
import { ApiException, notFound } from '../api-error';
import type { HttpRequest, HttpResponse } from '../http-exchange';
import { OriginGuard } from '../origin.guard';
import { summaries, toParticipantSummary } from './room-wire';
import { isOfOperator, Joining, RoomsAccessGuard } from './rooms-access.guard';

/** Lets people into rooms, and lets whoever runs them see and end what goes on there. */
@Controller('api/rooms')
@UseGuards(OriginGuard, RoomsAccessGuard)
export class RoomsController {
  constructor(
    @Inject(Rooms) private readonly rooms: Rooms,
    @Inject(RoomMetrics) private readonly metrics: RoomMetrics,
    @Inject(SETTINGS) private readonly settings: Pick<Settings, 'rooms'>,
    @Inject(ClientChoices) private readonly choices: ClientChoices,
  ) {}

  @Post()
  @Joining()
  @UseGuards(StartGuard)
  async join(@Body() body: unknown, @Req() request: HttpRequest, @Res({ passthrough: true }) response: HttpResponse): Promise<RoomAccess> {
    const { admission } = await this.rooms.open();
    const parsed = parseJoinRoom(body);
    if (!parsed.ok) throw new ApiException(400, parsed.message);
    const refusal = isOfOperator(request, this.settings.rooms) ? undefined : this.choices.refusalOf(parsed.body);
    if (refusal) throw new ApiException(403, refusal.message);
    const result = await admission.join(parsed.body);
    this.metrics.countJoin(result);
    if (result.kind === 'banned') throw new ApiException(403, 'This identity was removed from the room and may not join it again today.');
    if (result.kind === 'taken') throw new ApiException(409, 'Somebody with this identity is in the room. Join with another one.');
    response.set({ 'Cache-Control': 'no-store' });
    return result.access;
  }

  @Get()
  async list(): Promise<RoomList> {
    const { control } = await this.rooms.open();
    return { rooms: await summaries(control) };
  }

  @Get(':room/participants')
  async participants(@Param('room') room: string): Promise<RoomParticipants> {
    const { control } = await this.rooms.open();
    return { participants: (await control.participants(nameOf(room))).map(toParticipantSummary) };
  }

  @Delete(':room/participants/:identity')
  @HttpCode(204)
  async remove(@Param('room') room: string, @Param('identity') identity: string): Promise<void> {
    const { admission, bans } = await this.rooms.open();
    const name = nameOf(room);
    if (/^agent-/i.test(identity)) throw new ApiException(403, 'The assistant cannot be removed. It leaves when the room ends.');
    if (!isParticipantIdentity(identity)) throw notFound('participant');
    await admission.remove(name, identity);
    bans.add(name, identity);
  }

  @Delete(':room')
  @HttpCode(204)
  async end(@Param('room') room: string): Promise<void> {
    const { control, supervisor } = await this.rooms.open();
    await control.endRoom(nameOf(room));
    // Before its assistant could be missed.
    supervisor.roomFinished(room);
  }

  @Post(':room/recording')
  async record(@Param('room') room: string): Promise<RoomRecording> {
    const { control } = await this.rooms.open();
    if (this.settings.rooms?.recording.allowed !== true)
      throw new ApiException(403, 'Rooms are not recorded on this server. Whoever runs it can allow that with ROOMS_RECORDING.');
    const { recording } = await control.room(nameOf(room));
    if (recording) throw new ApiException(409, 'The room is being recorded.');
    return { recording_id: await control.recordings.start(room) };
  }

  @Delete(':room/recording')
  @HttpCode(204)
  async stopRecording(@Param('room') room: string): Promise<void> {
    const { control } = await this.rooms.open();
    if (this.settings.rooms?.recording.allowed !== true)
      throw new ApiException(403, 'Rooms are not recorded on this server. Whoever runs it can allow that with ROOMS_RECORDING.');
    await control.room(nameOf(room));
    await control.recordings.stop(room).catch((error: unknown) => {
      throw error instanceof RoomControlError && error.kind === 'not_found'
        ? new ApiException(404, 'The room is not being recorded.')
        : error;
    });
  }

  @Post(':room/ingress')
  async ingress(@Param('room') room: string, @Res({ passthrough: true }) response: HttpResponse): Promise<RoomIngress> {
    const { control } = await this.rooms.open();
    if (this.settings.rooms?.ingressAllowed !== true)
      throw new ApiException(403, 'Nothing can be sent into rooms on this server. Whoever runs it can allow that with ROOMS_INGRESS.');
    await control.room(nameOf(room));
    const { ingressId, url, streamKey } = await control.ingresses.create(room);
    response.set({ 'Cache-Control': 'no-store' });
    return { ingress_id: ingressId, url, stream_key: streamKey };
  }
}

function nameOf(room: string): string {
  if (!isRoomName(room)) throw notFound('room');
  return room;
}
