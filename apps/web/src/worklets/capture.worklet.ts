import '@parley/audio-worklets/capture';
