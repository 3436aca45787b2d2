import '@parley/audio-worklets/playback';
