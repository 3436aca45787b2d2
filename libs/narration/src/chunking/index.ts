export * from './audio-rate';
export * from './auto-schedule';
export * from './buffer-level';
export * from './passage-kind';
export * from './schedules';
export * from './text-chunker';
