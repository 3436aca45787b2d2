import { type ClientTool, ToolRefusal } from './client-tools';

export interface CurrentTimeOptions {
  /** IANA name; used where the call names none. */
  timeZone: string;
  now: () => Date;
}

/** Tells date and time: models do not know them. Parameter `time_zone` (IANA, e.g. `Asia/Kolkata`), optional. */
export class CurrentTime implements ClientTool {
  readonly name = 'get_current_time';

  constructor(private readonly options: CurrentTimeOptions) {}

  run(parameters: Readonly<Record<string, unknown>>): string {
    const timeZone = parameters['time_zone'] ?? this.options.timeZone;
    if (typeof timeZone !== 'string') throw new ToolRefusal('time_zone must be the name of a time zone, such as Asia/Kolkata.');
    return `${formatter(timeZone).format(this.options.now())}, time zone ${timeZone}`;
  }
}

function formatter(timeZone: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeStyle: 'short', timeZone });
  } catch {
    throw new ToolRefusal('time_zone is not the name of a time zone; it must be one such as Asia/Kolkata.');
  }
}
